//! An installation with a title, two people who decide on it, and a member; and somebody in a browser who calls the API.

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::contributions::{SourceDefinition, keep_source};
use waymark::credentials::{self, Credential};
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::tracks::{self, TrackDefinition};

use crate::contributions::{enrol, start};
use crate::support::{Store, TestApp};

/// A track that people decide on.
pub fn fellow() -> Value {
    json!({
        "slug": "fellow", "kind": "title",
        "title": {"ja": "フェロー", "en": "Fellow"}, "criteria": {"ja": "二人が決める", "en": "Two people decide"},
        "requires": {"id": "named", "panel": {"title": "fellow"}}, "validity": {"months": 12},
    })
}

/// An installation with one title, two who decide, and a member.
pub struct Office {
    pub test: TestApp,
    pub ana: MemberId,
    pub ben: MemberId,
    pub member: MemberId,
}

/// Somebody in a browser who calls the API.
pub struct Person<'t> {
    test: &'t TestApp,
    pub cookie: String,
    csrf: String,
}

impl<'t> Person<'t> {
    pub async fn signed_in(test: &'t TestApp, member: MemberId) -> Self {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let secret = access::start_session(&mut ch, member).await.expect("started");
        ch.commit().await.expect("committed");
        let cookie = format!("{}={secret}", access::session_cookie(&test.app.config));
        let request = test.http.get(test.url("/me")).header("cookie", &cookie).header("accept", "text/html");
        let html = request.send().await.expect("answered").text().await.expect("text");
        let (_, rest) = html.split_once(r#"name="csrf" value=""#).expect("a form");
        let csrf = rest.split_once('"').expect("closed").0.to_owned();
        Self { test, cookie, csrf }
    }

    /// As the caller of the tests of the API's description names them.
    pub fn who(&self) -> String {
        format!("{}\n{}", self.cookie, self.csrf)
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.test.http.post(self.test.url(path)).header("cookie", &self.cookie);
        let request = request.header("x-csrf-token", &self.csrf);
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    pub async fn form(&self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let fields: Vec<(&str, &str)> =
            [("csrf", self.csrf.as_str())].into_iter().chain(form.iter().copied()).collect();
        let request = self.test.http.post(self.test.url(path)).header("cookie", &self.cookie);
        let answer = request.header("accept", "text/html").form(&fields).send().await.expect("answered");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }

    pub async fn page(&self, path: &str, language: &str) -> String {
        let request = self.test.http.get(self.test.url(path)).header("cookie", &self.cookie);
        let request = request.header("accept", "text/html").header("accept-language", language);
        let answer = request.send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{path}");
        let html = answer.text().await.expect("text");
        assert!(html.matches("<h1").count() == 1 && !html.contains('⟦'), "{html}");
        html.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Office {
    pub async fn start(store: Store) -> Self {
        let test = start(store).await;
        let profile = json!({
            "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"},
            "time_zone": "Asia/Tokyo",
        });
        let source = json!({
            "source": "https://community.example", "title": {"ja": "広場", "en": "Square"},
            "types": ["change.merged"], "subjects": ["member", "handle"],
        });
        issuer::generate_keys(&test.app, Actor::Operator).await.expect("keys are made");
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).expect("valid")).await.expect("kept");
        keep_source(&mut ch, &SourceDefinition::from_value(&source).expect("valid")).await.expect("kept");
        ch.commit().await.expect("committed");
        let ana = staff(&test, "ana", Role::Admin).await;
        let ben = staff(&test, "ben", Role::Issuer).await;
        let member = enrol(&test, "hikari").await;
        let office = Self { test, ana, ben, member };
        office.publish(&fellow()).await;
        office
    }

    pub async fn publish(&self, track: &Value) {
        let mut ch = self.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
        let track = TrackDefinition::from_value(track).expect("valid");
        tracks::publish(&mut ch, own.id, &track).await.expect("published");
        ch.commit().await.expect("committed");
        self.test.settle().await;
    }

    pub async fn ana(&self) -> Person<'_> {
        Person::signed_in(&self.test, self.ana).await
    }

    pub async fn ben(&self) -> Person<'_> {
        Person::signed_in(&self.test, self.ben).await
    }

    pub fn proposal(&self) -> Value {
        json!({"track": "fellow", "member": self.member, "reason": "carried three releases"})
    }

    /// Proposes, as Ana; answers the id.
    pub async fn proposed(&self, more: Value) -> String {
        let mut body = self.proposal();
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let (status, made) = self.ana().await.post("/api/v1/titles", &body).await;
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Proposes as Ana and confirms as Ben, and lets what follows happen.
    pub async fn given(&self, more: Value) -> String {
        let id = self.proposed(more).await;
        let (status, body) = self.ben().await.post(&format!("/api/v1/titles/{id}/confirm"), &Value::Null).await;
        assert_eq!(status, 200, "{body}");
        self.settle().await;
        id
    }

    /// Everything that follows, what time brings about included.
    pub async fn settle(&self) {
        self.test.settle().await;
        waymark::decisions::wake_due(&self.test.app).await.expect("woken");
        self.test.settle().await;
    }

    pub async fn credentials(&self) -> Vec<Credential> {
        credentials::of_member(self.test.app.db.read(), self.member).await.expect("read")
    }

    pub async fn term(&self, id: &str) -> Value {
        let key = self.test.api_key(Role::Auditor).await;
        let request = self.test.http.get(self.test.url("/api/v1/titles")).bearer_auth(key);
        let listed: Value = request.send().await.expect("answered").json().await.expect("JSON");
        let all = listed["data"].as_array().expect("a list");
        all.iter().find(|term| term["id"] == id).expect("listed").clone()
    }

    pub async fn facts(&self) -> i64 {
        self.test.count("SELECT COUNT(*) FROM fact WHERE kind = 'panel'").await
    }
}

pub async fn staff(test: &TestApp, handle: &str, role: Role) -> MemberId {
    let member = enrol(test, handle).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, member, role).await.expect("given");
    ch.commit().await.expect("committed");
    member
}
