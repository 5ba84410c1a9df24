//! What members show of themselves, and what stays theirs: switches, profiles, selections, lists of holders, résumé lines.

mod corrected;
mod holders;
mod profile;
mod resume;
mod selection;
mod switches;

use serde_json::Value;
use waymark::access::{self, Principal};
use waymark::actor::Actor;
use waymark::clock::Timestamp;
use waymark::credentials::{
    self, Awarded, Credential, GivenEvidence, GivenResult, Reason, ReasonCode, StatusChange, Visibility,
};
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::web::i18n::Locale;

use crate::credentials::Guild;

/// A member of the guild in their browser.
pub struct Holder<'g> {
    pub guild: &'g Guild,
    pub member: MemberId,
    cookie: String,
}

impl<'g> Holder<'g> {
    pub async fn of(guild: &'g Guild, email: &str) -> Self {
        let member = guild.member(email, Locale::Ja).await;
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let secret = access::start_session(&mut ch, member).await.expect("started");
        ch.commit().await.expect("committed");
        Self { guild, member, cookie: format!("{}={secret}", access::session_cookie(&guild.test.app.config)) }
    }

    /// Awarded and released, the `term`-th of this member.
    pub async fn earns(&self, term: u32) -> Credential {
        self.earns_with(term, self.guild.test.app.db.now(), vec![], vec![]).await
    }

    pub async fn earns_with(
        &self,
        term: u32,
        awarded_at: Timestamp,
        evidence: Vec<GivenEvidence>,
        results: Vec<GivenResult>,
    ) -> Credential {
        let app = &self.guild.test.app;
        let mut ch = app.db.change(Actor::System("test"), Kind::Privileged).await.expect("the door opens");
        let award = credentials::Award { term, evidence, results, ..self.guild.approved(self.member, awarded_at) };
        let Awarded::New { credential, .. } = credentials::award(app, &mut ch, award).await.expect("awarded") else {
            panic!("held already")
        };
        ch.commit().await.expect("committed");
        assert!(credentials::release(app, credential).await.expect("released"));
        self.guild.credential(credential).await
    }

    pub async fn shows(&self, credential: &Credential, visibility: Visibility) {
        let app = &self.guild.test.app;
        let mut ch = app.db.change(Actor::Member(self.member), Kind::Ordinary).await.expect("the door opens");
        credentials::show_to(&mut ch, credential.id, &self.in_person(), false, visibility).await.expect("shown");
        ch.commit().await.expect("committed");
    }

    pub fn in_person(&self) -> Principal {
        Principal::Session { member: self.member, roles: vec![], csrf: String::new() }
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let test = &self.guild.test;
        let request = test.http.get(test.url(path)).header("cookie", &self.cookie).header("accept", "text/html");
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }

    /// Where an address leads.
    pub async fn led(&self, path: &str) -> (u16, String) {
        let test = &self.guild.test;
        let request = test.http.get(test.url(path)).header("cookie", &self.cookie).header("accept", "text/html");
        let answer = request.send().await.expect("answered");
        let location = answer.headers().get("location").map(|l| l.to_str().expect("text").to_owned());
        (answer.status().as_u16(), location.unwrap_or_default())
    }

    /// Is given a role among the staff.
    pub async fn becomes(&self, role: access::Role) {
        let mut ch = self.guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        access::give_role(&mut ch, self.member, role).await.expect("given");
        ch.commit().await.expect("committed");
    }

    /// A page of one's own, complete.
    pub async fn page(&self, path: &str) -> String {
        let (status, html) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {html}");
        assert_eq!(html.matches("<h1").count(), 1, "one h1 on {path}");
        assert!(!html.contains('⟦'), "a text is missing on {path}: {html}");
        html
    }

    /// Posts a form with the token of one's own session; answers the status and where it leads.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let (status, location, _) = self.posted(path, fields).await;
        (status, location)
    }

    pub async fn posted(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
        let page = self.page("/me/profile").await;
        let csrf =
            page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
        let test = &self.guild.test;
        let fields: Vec<(&str, &str)> = [("csrf", csrf)].into_iter().chain(fields.iter().copied()).collect();
        let request = test.http.post(test.url(path)).header("cookie", &self.cookie).header("accept", "text/html");
        let answer = request.form(&fields).send().await.expect("answered");
        let location = answer.headers().get("location").map(|l| l.to_str().expect("text").to_owned());
        (answer.status().as_u16(), location.unwrap_or_default(), answer.text().await.expect("text"))
    }
}

/// What a stranger gets: status, headers that differ from call to call left out, and body without the id of the request.
pub async fn stranger(guild: &Guild, path: &str, accept: &str) -> (u16, Vec<(String, String)>, String) {
    let answer = guild.test.http.get(guild.test.url(path)).header("accept", accept).send().await.expect("answered");
    let mut headers: Vec<(String, String)> = answer
        .headers()
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date" | "content-length"))
        .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
        .collect();
    headers.sort();
    let status = answer.status().as_u16();
    let body = answer.text().await.expect("text");
    (status, headers, body)
}

/// Asserts that an address answers exactly as one that never was.
pub async fn is_nowhere(guild: &Guild, path: &str, never: &str) {
    for accept in ["text/html", "application/vp", "*/*"] {
        let (status, headers, body) = stranger(guild, path, accept).await;
        let (never_status, never_headers, never_body) = stranger(guild, never, accept).await;
        let plain = |text: &str, own: &str| {
            let text = text.replace(own, "…").replace(&url_encoded(own), "…");
            text.split("req_").map(|part| part.trim_start_matches(|c: char| c.is_ascii_hexdigit())).collect::<String>()
        };
        assert_eq!((status, never_status), (404, 404), "{path} {accept}");
        assert_eq!(headers, never_headers, "{path} {accept}");
        assert_eq!(plain(&body, path), plain(&never_body, never), "{path} {accept}");
    }
}

fn url_encoded(text: &str) -> String {
    text.replace('/', "%2F")
}

/// Copies of a credential, each with an id, a share id and a number of its own; answers their ids.
pub async fn copies(guild: &Guild, of: &Credential, how_many: u32) -> Vec<String> {
    let mut ids = vec![];
    for n in 0..how_many {
        let id = format!("crd_{n:026}");
        let sql = format!(
            "INSERT INTO credential (id, member, issuer, track, track_version, term, live, basis, uuid, share_id, number, \
             check_code, name, locale, stage, status, visibility, generation, awarded_at, valid_until, intended_at, released_at) \
             SELECT '{id}', member, issuer, track, track_version, {term}, NULL, basis, 'urn:u:{n}', 'share-{n:03}', 'N-{n:03}', \
             check_code, name, locale, stage, status, visibility, generation, awarded_at, valid_until, intended_at, released_at \
             FROM credential WHERE id = '{from}'",
            term = n + 2,
            from = of.id
        );
        guild.test.run_sql(&sql).await;
        ids.push(id);
    }
    ids
}

pub async fn change(guild: &Guild, credential: &Credential, step: StatusChange) {
    let app = &guild.test.app;
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason { code: ReasonCode::IssuedInError, public: Some("mixed up".to_owned()), internal: None };
    assert!(credentials::change_status(app, &mut ch, credential.id, step, &reason).await.expect("changed"));
    ch.commit().await.expect("committed");
    guild.test.settle().await;
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}
