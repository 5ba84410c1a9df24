//! What an employer does with a report: whose is it, ask the holder, many at once, a report to keep; and what they cannot find out.

mod batch;
mod numbers;
mod picked;
mod questions;
mod saved;
mod whose;

use serde_json::Value;
use waymark::access::{self, Principal};
use waymark::actor::Actor;
use waymark::credentials::{self, Credential, Reason, ReasonCode, StatusChange, Visibility};
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::members;

use crate::credentials::Guild;

pub async fn show(guild: &Guild, credential: &Credential, visibility: Visibility) {
    let holder = Principal::Session { member: credential.member, roles: vec![], csrf: String::new() };
    let mut ch =
        guild.test.app.db.change(Actor::Member(credential.member), Kind::Ordinary).await.expect("the door opens");
    credentials::show_to(&mut ch, credential.id, &holder, false, visibility).await.expect("shown");
    ch.commit().await.expect("committed");
}

/// Released and shown.
pub async fn shown(guild: &Guild, email: &str, visibility: Visibility) -> Credential {
    let credential = guild.released(email).await;
    show(guild, &credential, visibility).await;
    guild.credential(credential.id).await
}

pub async fn change(guild: &Guild, credential: &Credential, to: StatusChange) {
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason { code: ReasonCode::Other, public: None, internal: None };
    credentials::change_status(&guild.test.app, &mut ch, credential.id, to, &reason).await.expect("changed");
    ch.commit().await.expect("committed");
    guild.test.settle().await;
}

pub async fn confirm_address(guild: &Guild, member: MemberId) {
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    members::verify_email(&mut ch, member).await.expect("verified");
    ch.commit().await.expect("committed");
}

pub fn address(guild: &Guild, credential: &Credential) -> String {
    guild.test.url(&format!("/c/{}", credential.share_id))
}

/// Posts a form as a browser without a session does; answers status, where it leads, and the page.
pub async fn post(guild: &Guild, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
    post_as(guild, None, path, fields).await
}

pub async fn post_as(
    guild: &Guild,
    session: Option<&Session>,
    path: &str,
    fields: &[(&str, &str)],
) -> (u16, String, String) {
    let mut fields = fields.to_vec();
    let mut request =
        guild.test.http.post(guild.test.url(path)).header("accept", "text/html").header("accept-language", "en");
    if let Some(session) = session {
        request = request.header("cookie", format!("waymark-session={}", session.secret));
        fields.push(("csrf", &session.csrf));
    }
    let answer = request.form(&fields).send().await.expect("answered");
    let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (status, location, cookie) = (answer.status().as_u16(), header("location"), header("set-cookie"));
    assert_eq!(cookie, "", "no cookie");
    (status, location, answer.text().await.expect("text"))
}

pub async fn get(guild: &Guild, path: &str) -> (u16, String) {
    let request =
        guild.test.http.get(guild.test.url(path)).header("accept", "text/html").header("accept-language", "en");
    let answer = request.send().await.expect("answered");
    assert!(answer.headers().get("set-cookie").is_none(), "no cookie");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

pub async fn api(guild: &Guild, path: &str, body: &Value) -> (u16, Value) {
    let answer = guild.test.http.post(guild.test.url(path)).json(body).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

/// A signed-in member.
pub struct Session {
    secret: String,
    csrf: String,
}

impl Session {
    pub async fn of(guild: &Guild, member: MemberId) -> Self {
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let secret = access::start_session(&mut ch, member).await.expect("started");
        ch.commit().await.expect("committed");
        let mut session = Self { secret, csrf: String::new() };
        let page = session.get(guild, "/me/questions").await.1;
        let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        session.csrf = token.expect("a token").to_owned();
        session
    }

    pub async fn get(&self, guild: &Guild, path: &str) -> (u16, String) {
        let request =
            guild.test.http.get(guild.test.url(path)).header("cookie", format!("waymark-session={}", self.secret));
        let answer =
            request.header("accept-language", "en").header("accept", "text/html").send().await.expect("answered");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }
}
