//! The item bank as people work with it: written, reviewed, put into use, taken out; keys that nobody reads unseen.

mod api;
mod conflict;
mod described;
mod editors;
mod html_form;
mod life;
mod pages;
mod typed_items;

pub use described::every_call;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::members;
use waymark::web::i18n::Locale;

use crate::support::{Store, TestApp};

/// An installation with two examiners, an auditor and a bank.
pub struct Desk {
    pub test: TestApp,
    pub author: Person,
    pub reviewer: Person,
    pub auditor: Person,
}

/// Somebody in a browser.
pub struct Person {
    pub id: MemberId,
    cookie: String,
}

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub etag: String,
    pub location: String,
    pub text: String,
}

impl Answer {
    /// The address that it leads to, without what is said there about the step.
    pub fn path(&self) -> String {
        self.location.split('?').next().unwrap_or_default().to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The token that the page's forms carry.
    pub fn csrf(&self) -> String {
        field(&self.text, "csrf")
    }
}

/// The value of a hidden field.
pub fn field(html: &str, name: &str) -> String {
    let from = html.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {html}"));
    html[from..].split('"').nth(3).expect("a value").to_owned()
}

/// An item in both languages.
pub fn item(id: &str, question: &str) -> Value {
    json!({
        "id": id, "type": "single_choice", "question": {"ja": format!("{question}とは？"), "en": format!("What is {question}?")},
        "answers": [{"ja": "甲", "en": "canary right"}, {"ja": "乙", "en": "other"}], "correct": 0, "domain": "alpha",
        "rationale": {"ja": "なぜなら", "en": "canary rationale"}, "tags": ["easy"],
    })
}

impl Desk {
    pub async fn start(store: Store) -> Self {
        let test = TestApp::start(store).await;
        let author = person(&test, "author@guild.example", "書き手 あき", &[Role::Examiner]).await;
        let reviewer = person(&test, "reviewer@guild.example", "査読 はる", &[Role::Examiner]).await;
        let auditor = person(&test, "auditor@guild.example", "監査 なつ", &[Role::Auditor]).await;
        let desk = Self { test, author, reviewer, auditor };
        let opened = desk.call(&desk.author, Method::POST, "/api/v1/banks", None, &json!({"slug": "sample"})).await;
        assert_eq!(opened.status, 201, "{}", opened.text);
        desk
    }

    /// A call of the API from a browser.
    pub async fn call(&self, who: &Person, method: Method, path: &str, etag: Option<&str>, body: &Value) -> Answer {
        let page = self.get(who, "/me").await;
        let mut request = self
            .test
            .http
            .request(method.clone(), self.test.url(path))
            .header("cookie", &who.cookie)
            .header("accept", "application/json");
        if method != Method::GET {
            request = request.header("x-csrf-token", page.csrf()).json(body);
        }
        if let Some(etag) = etag {
            request = request.header("if-match", etag);
        }
        answer(request).await
    }

    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        answer(self.test.http.get(self.test.url(path)).header("cookie", &who.cookie).header("accept", "text/html"))
            .await
    }

    /// A posted form; the token is that of the session.
    pub async fn post(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(who, "/me").await.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        let request =
            self.test.http.post(self.test.url(path)).header("cookie", &who.cookie).header("accept", "text/html");
        answer(request.form(&all)).await
    }

    /// An item as it stands, and its tag.
    pub async fn read(&self, id: &str) -> (Value, String) {
        let answer = self.call(&self.reviewer, Method::GET, &format!("/api/v1/items/{id}"), None, &Value::Null).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        (answer.json(), answer.etag)
    }

    /// Writes an item and answers its id.
    pub async fn write(&self, item: &Value) -> String {
        let answer = self.call(&self.author, Method::POST, "/api/v1/banks/sample/items", None, item).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// One step by its name, with a reason.
    pub async fn step(&self, who: &Person, id: &str, verb: &str) -> Answer {
        let (_, etag) = self.read(id).await;
        let path = format!("/api/v1/items/{id}/{verb}");
        self.call(who, Method::POST, &path, Some(&etag), &json!({"reason": "because of the test"})).await
    }

    /// Written, reviewed and in use.
    pub async fn in_use(&self, item: &Value) -> String {
        let id = self.write(item).await;
        for (who, verb) in [(&self.author, "submit"), (&self.reviewer, "approve"), (&self.reviewer, "operate")] {
            let answer = self.step(who, &id, verb).await;
            assert_eq!(answer.status, 200, "{verb}: {}", answer.text);
        }
        id
    }
}

pub async fn person(test: &TestApp, email: &str, name: &str, roles: &[Role]) -> Person {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let member = members::find_or_enrol(&mut ch, email, name, Locale::Ja).await.expect("enrolled");
    let token = access::start_session(&mut ch, member.id).await.expect("started");
    ch.commit().await.expect("committed");
    for role in roles {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        access::give_role(&mut ch, member.id, *role).await.expect("given");
        ch.commit().await.expect("committed");
    }
    Person { id: member.id, cookie: format!("waymark-session={token}") }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.expect("answered");
    let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (status, etag, location) = (answer.status().as_u16(), header("etag"), header("location"));
    Answer { status, etag, location, text: answer.text().await.expect("a text") }
}
