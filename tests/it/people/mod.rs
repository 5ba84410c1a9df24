//! Staff look after people and the installation by page: enrolling, sign-in links, roles, keys of programs, settings.

mod audit;
pub mod described;
mod doors;
mod enrolling;
mod keys;
mod links;
mod roles;
mod settings;

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::members;
use waymark::web::i18n::Locale;

use crate::support::TestApp;

/// Somebody in a browser, with what their forms carry.
pub struct Person<'t> {
    test: &'t TestApp,
    pub id: MemberId,
    cookie: String,
    csrf: String,
}

/// What came back on a form.
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub html: String,
}

pub async fn member(test: &TestApp, name: &str) -> MemberId {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let email = format!("{}@members.example", name.to_lowercase().replace(' ', "."));
    let found = members::find_or_enrol(&mut ch, &email, name, Locale::En).await.expect("enrolled");
    ch.commit().await.expect("committed");
    found.id
}

/// Gives a role past the rules of the pages, as the operator does.
pub async fn give(test: &TestApp, member: MemberId, role: Role) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, member, role).await.expect("given");
    ch.commit().await.expect("committed");
}

pub async fn roles(test: &TestApp, member: MemberId) -> Vec<Role> {
    let mut held = access::roles_of(test.app.db.read(), member).await.expect("read");
    held.sort_by_key(|role| Role::ALL.iter().position(|known| known == role));
    held
}

impl<'t> Person<'t> {
    pub async fn signed_in(test: &'t TestApp, id: MemberId) -> Self {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let secret = access::start_session(&mut ch, id).await.expect("started");
        ch.commit().await.expect("committed");
        Self::with(test, id, format!("{}={secret}", access::session_cookie(&test.app.config))).await
    }

    async fn with(test: &'t TestApp, id: MemberId, cookie: String) -> Self {
        let mut own = Self { test, id, cookie, csrf: String::new() };
        let (_, html) = own.get("/me", "en").await;
        let (_, rest) = html.split_once(r#"name="csrf" value=""#).expect("a form");
        own.csrf = rest.split_once('"').expect("closed").0.to_owned();
        own
    }

    pub async fn staff(test: &'t TestApp, name: &str, role: Role) -> Self {
        let id = member(test, name).await;
        give(test, id, role).await;
        Self::signed_in(test, id).await
    }

    pub async fn get(&self, path: &str, language: &str) -> (u16, String) {
        let request = self.test.http.get(self.test.url(path)).header("cookie", &self.cookie);
        let request = request.header("accept", "text/html").header("accept-language", language);
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), readable(&answer.text().await.expect("text")))
    }

    /// The page, which is there.
    pub async fn page(&self, path: &str, language: &str) -> String {
        let (status, html) = self.get(path, language).await;
        assert_eq!(status, 200, "{path}: {html}");
        html
    }

    pub async fn post(&self, path: &str, mut form: Value) -> Answer {
        form["csrf"] = json!(self.csrf);
        self.send(path, &form).await
    }

    /// A form with a field that stands several times.
    pub async fn post_pairs(&self, path: &str, mut form: Vec<(String, String)>) -> Answer {
        form.push(("csrf".to_owned(), self.csrf.clone()));
        self.send(path, &form).await
    }

    /// Without the token of the session.
    pub async fn send(&self, path: &str, form: &(impl serde::Serialize + ?Sized)) -> Answer {
        let request = self.test.http.post(self.test.url(path)).header("cookie", &self.cookie);
        let request = request.header("accept", "text/html").header("accept-language", "en").form(form);
        let answer = request.send().await.expect("answered");
        let location = answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
        Answer {
            status: answer.status().as_u16(),
            location: location.unwrap_or_default(),
            html: readable(&answer.text().await.expect("text")),
        }
    }
}

/// One h1, no text missing; white space made single.
fn readable(html: &str) -> String {
    assert!(!html.contains('⟦'), "a text is missing: {html}");
    assert_eq!(html.matches("<h1").count(), usize::from(html.contains("<!doctype")), "one h1: {html}");
    html.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A call by key: status and body.
pub async fn call(test: &TestApp, key: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = test.http.post(test.url(path)).bearer_auth(key).json(&body).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

/// How often this stands in the audit log.
pub async fn audited(test: &TestApp, action: &str) -> usize {
    test.audit_actions().await.iter().filter(|done| *done == action).count()
}
