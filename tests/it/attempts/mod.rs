//! Sitting an exam: through the API, by form posts, late, twice, side by side, and what a candidate must never see.

mod admission;
mod browser;
mod calls;
mod closing;
mod crash;
mod described;
mod desk;
mod erasure;
mod foreign;
mod fsck;
mod hooks;
mod lease;
mod outside;
mod outside_tried;
mod own;
mod pages;
mod publishing;
mod real;
mod results;
mod secrets;
mod sections;
mod time;
mod together;
mod types;
mod voids;
mod voucher_form;
mod window_changes;
mod words;

pub use described::every_call;

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use waymark::access;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::{banks, exams, members};
use waymark_assess::ExamSpec;
use waymark_assess::interchange::{Import, ItemOutcome};
use waymark_assess::item::{
    Choice, Figure, Interaction, ItemContent, ItemKey, ItemOption, ItemVersion, OptionId, Rationale,
};
use waymark_assess::text::Text;

use crate::support::TestApp;

/// What must never reach a candidate: it stands in rationales, references, tags and lasting option ids.
const CANARY: &str = "canary";
/// A PNG header that says 4 by 4 pixels: enough for the bank, which believes bytes.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x04\x08\x02\0\0\0";

fn plain(text: &str) -> Text {
    Text::plain(text).expect("a text")
}

/// An item whose right options begin with "right"; `multiple` has two of them.
fn item(slug: &str, domain: &str, multiple: bool, figure: Option<Figure>) -> ItemVersion {
    let words = if multiple {
        ["right one", "right two", "wrong", "all of these"]
    } else {
        ["right", "wrong", "worse", "worst"]
    };
    let id = |n: usize| OptionId::new(&format!("{CANARY}-option-{n}")).expect("an id");
    let options = words.iter().enumerate().map(|(n, word)| ItemOption {
        id: id(n),
        text: plain(&format!("{word} of {slug}")),
        fixed: false,
    });
    let right = if multiple { vec![id(0), id(1)] } else { vec![id(0)] };
    let content = ItemContent {
        slug: slug.to_owned(),
        stem: plain(&format!("What about **{slug}**?")),
        interaction: Interaction::Choice(Choice {
            multiple,
            true_false: false,
            options: options.collect(),
            choose: multiple.then_some(2),
        }),
        refs: vec![format!("{CANARY} reference")],
        domain: Some(domain.to_owned()),
        tags: [format!("{CANARY}-tag")].into(),
        figure,
        enemies: [format!("{CANARY}-enemy-of-{slug}")].into(),
        stimulus: None,
    };
    let rationale = Rationale::new(plain(&format!("{CANARY} rationale of {slug}")));
    ItemVersion::new(content, ItemKey::of_options(right), Some(rationale)).expect("an item")
}

/// Seven items in two domains; `beta` is multiple choice, and `a1` has a figure.
fn bank() -> Import {
    let figure = Figure::from_bytes(PNG, None).expect("a figure");
    let mut import = Import { figures: BTreeMap::from([(figure.sha256(), PNG.to_vec())]), ..Import::default() };
    let items = [
        item("a1", "alpha", false, Some(figure.clone())),
        item("a2", "alpha", false, Some(figure)),
        item("b1", "beta", true, None),
        item("b2", "beta", true, None),
        item("b3", "beta", true, None),
    ];
    import.accepted = items.into_iter().map(|version| (ItemOutcome::Imported, version)).collect();
    import
}

fn spec(adjust: impl FnOnce(&mut Value)) -> ExamSpec {
    let mut value = json!({
        "slug": "sample",
        "bank": "sample",
        "title": {"ja": "見本の試験", "en": "Sample exam"},
        "description": {"ja": "資料を見てもかまいません。", "en": "Looking things up is allowed."},
        "blueprint": {"domains": {"alpha": 2, "beta": 1}},
        "timing": {"minutes": 30},
        "rules": {"attempts": 2},
        "scoring": {"cut": 2},
    });
    adjust(&mut value);
    ExamSpec::from_value(&value).expect("an exam")
}

async fn publish(test: &TestApp, spec: &ExamSpec) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "sample", bank()).await.expect("imported");
    exams::publish(&mut ch, spec).await.expect("published");
    ch.commit().await.expect("committed");
}

/// A member with a session in a browser and a token for programs.
struct Candidate<'t> {
    test: &'t TestApp,
    member: MemberId,
    token: String,
    cookie: String,
}

impl<'t> Candidate<'t> {
    async fn enrol(test: &'t TestApp, email: &str) -> Self {
        let db = &test.app.db;
        let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let locale = waymark::web::i18n::Locale::En;
        let member = members::find_or_enrol(&mut ch, email, "Candidate", locale).await.expect("enrolled").id;
        let secret = access::start_session(&mut ch, member).await.expect("signed in");
        ch.commit().await.expect("committed");
        let cookie = format!("{}={secret}", access::session_cookie(&test.app.config));
        let mut candidate = Self { test, member, token: String::new(), cookie };
        candidate.renew().await;
        candidate
    }

    /// The same person once more: for those who stand in a list.
    async fn again(&self) -> Self {
        let (token, cookie) = (self.token.clone(), self.cookie.clone());
        Self { test: self.test, member: self.member, token, cookie }
    }

    /// A fresh token: one lives for an hour, and tests let days go by.
    async fn renew(&mut self) {
        let mut ch = self.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        self.token = access::mint_member_token(&mut ch, self.member).await.expect("minted").0;
        ch.commit().await.expect("committed");
    }

    fn api(&self, method: Method, path: &str) -> RequestBuilder {
        self.test.http.request(method, self.test.url(&format!("/api/v1{path}"))).bearer_auth(&self.token)
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.api(method, path);
        let request = if body.is_null() { request } else { request.json(&body) };
        answer(request).await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Starts the sample exam and answers its path, `/attempts/att_…`.
    async fn start(&self) -> String {
        self.start_exam("sample").await
    }

    async fn start_exam(&self, slug: &str) -> String {
        let (status, body) = self.call(Method::POST, &format!("/exams/{slug}/attempts"), Value::Null).await;
        assert_eq!(status, 201, "{body}");
        format!("/attempts/{}", body["id"].as_str().expect("an id"))
    }

    /// Starts the sample exam with what it asks for.
    async fn begin(&self, given: Value) -> (StatusCode, Value) {
        self.call(Method::POST, "/exams/sample/attempts", given).await
    }

    async fn save(
        &self,
        attempt: &str,
        position: u32,
        response: &Value,
        revision: u64,
        op: &str,
    ) -> (StatusCode, Value) {
        let body = json!({"response": response, "revision": revision, "client_op_id": op});
        self.call(Method::PUT, &format!("{attempt}/responses/{position}"), body).await
    }

    /// The handles at a position whose text begins with `word`.
    async fn handles(&self, attempt: &str, position: u32, word: &str) -> Value {
        let (status, item) = self.get(&format!("{attempt}/items/{position}")).await;
        assert_eq!(status, 200, "{item}");
        let options = item["options"].as_array().expect("options").clone();
        options
            .iter()
            .filter(|o| o["html"].as_str().expect("text").starts_with(word))
            .map(|o| o["handle"].clone())
            .collect()
    }

    fn page(&self, method: Method, path: &str) -> RequestBuilder {
        self.test.http.request(method, self.test.url(path)).header("cookie", &self.cookie).header("accept", "text/html")
    }

    /// A page: its status, where it leads, its text.
    async fn open(&self, path: &str) -> (StatusCode, String, String) {
        seen(self.page(Method::GET, path)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        seen(self.page(Method::POST, path).form(fields)).await
    }
}

/// A call with a key of staff.
async fn as_staff(test: &TestApp, key: &str, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let request = test.http.request(method, test.url(&format!("/api/v1{path}"))).bearer_auth(key);
    answer(if body.is_null() { request } else { request.json(&body) }).await
}

async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.expect("answered");
    let status = answer.status();
    (status, answer.json().await.expect("JSON"))
}

async fn seen(request: RequestBuilder) -> (StatusCode, String, String) {
    let answer = request.send().await.expect("answered");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let location = headers.get("location").map(|l| l.to_str().expect("text").to_owned()).unwrap_or_default();
    (status, location, answer.text().await.expect("text"))
}

/// The value of the first hidden field of this name.
fn field(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().expect("a value").to_owned()
}
