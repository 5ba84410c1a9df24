//! The `OpenAPI` document is true: its calls are the router's, and real questions and answers of each call fit its schemas.

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::config::DidMethod;
use waymark::contributions::{self, SourceDefinition};
use waymark::database::Kind;
use waymark::{api_docs, banks, exams, issuer, router};
use waymark_assess::ExamSpec;
use waymark_assess::interchange::Format;

use crate::credentials::Guild;
use crate::support::{Store, TestApp, on_both};

on_both!(every_call_answers_as_it_is_described);

fn document() -> Value {
    api_docs::document("http://127.0.0.1").expect("the files fit together")
}

#[test]
fn the_document_lists_the_calls_of_the_router() {
    let document = document();
    let mut described = BTreeSet::new();
    for (path, calls) in document["paths"].as_object().expect("paths") {
        for (method, call) in calls.as_object().expect("calls") {
            let public = call["security"] == json!([]);
            described.insert((method.to_uppercase(), path.clone(), public));
            for text in ["summary", "x-summary-ja"] {
                assert!(call[text].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no {text}");
            }
            let named = call["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "path");
            let named: BTreeSet<String> =
                named.map(|p| format!("{{{}}}", p["name"].as_str().expect("a name"))).collect();
            let slots = path.split('/').filter(|part| part.starts_with('{')).map(str::to_owned).collect();
            assert_eq!(named, slots, "{method} {path}");
        }
    }
    // The handler of visibility asks whoever comes itself, since staff get another answer than strangers.
    let public = |row: &waymark::access::RouteRow| row.asks_for == "public" && !row.path.ends_with("/visibility");
    let routes: BTreeSet<_> = router::matrix()
        .iter()
        .filter(|row| row.path.starts_with("/api/v1/"))
        .map(|row| (row.method.to_string(), row.path.to_owned(), public(row)))
        .collect();
    assert_eq!(described, routes);
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn the_command_prints_the_document() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_waymark"))
        .current_dir(folder.path())
        .arg("openapi")
        .env("WAYMARK_BASE_URL", "http://127.0.0.1")
        .output()
        .expect("the program starts");
    assert_eq!(serde_json::from_slice::<Value>(&run.stdout).expect("JSON"), document());
}

/// Every reference leads somewhere, and every schema is used.
#[test]
fn no_schema_is_missing_or_left_over() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|inner| references(inner, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(found.contains(&format!("#/components/schemas/{name}")), "nothing uses {name}");
    }
}

/// The part of JSON Schema 2020-12 that the document uses; any other keyword is a failure, so that none is passed over.
fn misfit(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let inner = |schema: &Value, value: &Value, at: String| misfit(document, schema, value, &at);
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not known here"),
    };
    let length =
        value.as_str().map(|text| text.chars().count() as u64).or_else(|| value.as_array().map(|l| l.len() as u64));
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        let wrong = match keyword.as_str() {
            "description" | "format" | "examples" | "default" => None,
            "$ref" => {
                let target = document.pointer(rule.as_str().expect("text").trim_start_matches('#'));
                inner(target.expect("leads somewhere"), value, at.to_owned())
            }
            "type" => {
                let any = match rule {
                    Value::Array(names) => names.iter().any(|name| is(name.as_str().expect("text"))),
                    name => is(name.as_str().expect("text")),
                };
                (!any).then(|| format!("{at} is not {rule}: {value}"))
            }
            "enum" => {
                (!rule.as_array().expect("a list").contains(value)).then(|| format!("{at}: {value} is none of {rule}"))
            }
            "const" => (rule != value).then(|| format!("{at} is not {rule}: {value}")),
            "minimum" => (value.as_i64() < rule.as_i64()).then(|| format!("{at}: {value} is too small")),
            "maximum" => (value.as_i64() > rule.as_i64()).then(|| format!("{at}: {value} is too large")),
            "minLength" => (length < rule.as_u64()).then(|| format!("{at}: {value} is too short")),
            "maxLength" | "maxItems" => (length > rule.as_u64()).then(|| format!("{at}: {value} is too long")),
            "anyOf" => {
                let tried: Vec<_> =
                    rule.as_array().expect("a list").iter().map(|one| inner(one, value, at.to_owned())).collect();
                tried.iter().all(Option::is_some).then(|| format!("{at} fits none: {tried:?}"))
            }
            "items" => value
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
                .find_map(|(n, v)| inner(rule, v, format!("{at}/{n}"))),
            "required" => {
                let mut names = rule.as_array().expect("a list").iter().map(|name| name.as_str().expect("text"));
                names
                    .find(|name| value.is_object() && value.get(name).is_none())
                    .map(|name| format!("{at}/{name} is missing"))
            }
            "properties" => {
                let mut known = rule.as_object().expect("an object").iter();
                known.find_map(|(name, rule)| inner(rule, value.get(name)?, format!("{at}/{name}")))
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object();
                let mut others = value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter(|(name, _)| !known.is_some_and(|k| k.contains_key(*name)));
                others.find_map(|(name, value)| match rule {
                    Value::Bool(false) => Some(format!("{at}/{name} is not described")),
                    rule => inner(rule, value, format!("{at}/{name}")),
                })
            }
            other => panic!("the keyword {other} is not known here"),
        };
        if wrong.is_some() {
            return wrong;
        }
    }
    None
}

#[test]
fn the_check_itself_sees_a_misfit() {
    let document = document();
    let schema = json!({"$ref": "#/components/schemas/DryRunChange"});
    let fits = |value: Value| misfit(&document, &schema, &value, "").is_none();
    assert!(fits(json!({"dry_run": true, "changes": false, "status": "valid"})));
    for wrong in [
        json!({"dry_run": false, "changes": false, "status": "valid"}),
        json!({"dry_run": true, "changes": "no", "status": "valid"}),
        json!({"dry_run": true, "changes": false, "status": "gone"}),
        json!({"dry_run": true, "changes": false}),
        json!({"dry_run": true, "changes": false, "status": "valid", "more": 1}),
        json!([]),
    ] {
        assert!(!fits(wrong.clone()), "{wrong}");
    }
}

/// Sends what the document describes, and holds question and answer against it.
pub struct Caller<'t> {
    pub test: &'t TestApp,
    document: Value,
    called: BTreeSet<(String, String)>,
    count: usize,
}

impl Caller<'_> {
    /// `path` as the document writes it, `slots` in its order. `who` is a bearer token, or the cookie and the token of a browser on two lines.
    pub async fn call(
        &mut self,
        who: &str,
        method: Method,
        path: &str,
        slots: &[&str],
        body: Value,
        expected: u16,
    ) -> Value {
        let mut filled = path.to_owned();
        for slot in slots {
            let (before, rest) = filled.split_once('{').expect("a slot");
            filled = format!("{before}{slot}{}", rest.split_once('}').expect("closed").1);
        }
        let name = method.as_str().to_lowercase();
        let call = self.document["paths"][path][&name].clone();
        let kind = call["requestBody"]["content"]
            .as_object()
            .and_then(|kinds| kinds.keys().find(|kind| kind.contains("json")).cloned());
        let mut request = self.request(who, method, &filled);
        if name == "patch" || path.starts_with("/api/v1/items/") || path.contains("/draft/") {
            request = request.header("if-match", "*");
        }
        if !body.is_null() {
            let kind = kind.expect("a body is described");
            if expected < 400 {
                let schema = &call["requestBody"]["content"][&kind]["schema"];
                assert_eq!(misfit(&self.document, schema, &body, "body"), None, "{path}");
            }
            request = request.header("content-type", kind).body(body.to_string());
        }
        self.held(&name, path, request, expected).await
    }

    /// A file as body, of a kind that the document names; `query` stands behind the address.
    pub async fn send_file(
        &mut self,
        who: &str,
        path: &str,
        (filled, query): (&str, &[(&str, &str)]),
        (kind, bytes): (&str, &[u8]),
        expected: u16,
    ) -> Value {
        let call = &self.document["paths"][path]["post"];
        assert!(call["requestBody"]["content"][kind].is_object(), "{path} does not say that it takes {kind}");
        self.parameters(path, "post", query);
        let request = self.request(who, Method::POST, filled).query(query);
        self.held("post", path, request.header("content-type", kind).body(bytes.to_vec()), expected).await
    }

    /// A GET with parameters; the answer may be a file, of a kind that the document names.
    pub async fn fetch(&mut self, who: &str, path: &str, filled: &str, query: &[(&str, &str)]) -> Value {
        self.parameters(path, "get", query);
        let request = self.request(who, Method::GET, filled).query(query);
        self.held("get", path, request, 200).await
    }

    fn request(&mut self, who: &str, method: Method, filled: &str) -> RequestBuilder {
        let request = self.test.http.request(method, self.test.url(filled));
        self.count += 1;
        let request = match who.split_once('\n') {
            Some((cookie, csrf)) => request.header("cookie", cookie).header("x-csrf-token", csrf),
            None if who.is_empty() => request,
            None => request.bearer_auth(who),
        };
        request.header("idempotency-key", format!("call-{}", self.count))
    }

    /// Each parameter of the query is described, and its value fits.
    fn parameters(&self, path: &str, method: &str, query: &[(&str, &str)]) {
        let described = self.document["paths"][path][method]["parameters"].as_array().expect("parameters");
        let resolved = |parameter: &Value| match parameter["$ref"].as_str() {
            Some(to) => self.document.pointer(to.trim_start_matches('#')).expect("leads somewhere").clone(),
            None => parameter.clone(),
        };
        for (name, value) in query {
            let known = described.iter().map(resolved).find(|known| known["in"] == "query" && known["name"] == *name);
            let known = known.unwrap_or_else(|| panic!("{path} does not describe `{name}`"));
            let value = value.parse::<bool>().map_or_else(|_| json!(value), |flag| json!(flag));
            assert_eq!(misfit(&self.document, &known["schema"], &value, name), None, "{path}");
        }
    }

    /// Holds the answer against the description. A file is answered as the text that it can be read as.
    async fn held(&mut self, method: &str, path: &str, request: RequestBuilder, expected: u16) -> Value {
        let call = self.document["paths"][path][method].clone();
        let answer = request.send().await.expect("answered");
        let (status, kind) =
            (answer.status().as_u16(), answer.headers()["content-type"].to_str().expect("text").to_owned());
        let kind = kind.split(';').next().expect("a kind").to_owned();
        let bytes = answer.bytes().await.expect("a body");
        let value = if kind.ends_with("json") {
            serde_json::from_slice(&bytes).expect("JSON")
        } else {
            json!(String::from_utf8_lossy(&bytes))
        };
        assert_eq!(status, expected, "{path}: {value}");
        let described = match &call["responses"][status.to_string()] {
            Value::Null => &self.document["components"]["responses"]["Problem"],
            own => own,
        };
        let schema = &described["content"][&kind]["schema"];
        assert!(schema.is_object(), "{path}: {status} with {kind} is not described");
        assert_eq!(misfit(&self.document, schema, &value, "answer"), None, "{path}: {value}");
        if status < 300 {
            self.called.insert((method.to_owned(), path.to_owned()));
        }
        value
    }
}

const BANK: &str = "id,question,a,b,correct,domain\nq1,One?,yes,no,0,alpha\nq2,Two?,yes,no,1,alpha\n";

/// Nothing is sent here: the tests of their room do that.
async fn webhooks(api: &mut Caller<'_>, admin: &str) {
    let (get, post, put, none) = (Method::GET, Method::POST, Method::PUT, Value::Null);
    let new = json!({"url": "https://hooks.example/waymark", "kinds": ["attempt.started"], "exams": ["small-exam"], "note": "proctor"});
    let made = api.call(admin, post.clone(), "/api/v1/webhooks", &[], new.clone(), 201).await;
    let id = made["id"].as_str().expect("an id");
    api.call(admin, post.clone(), "/api/v1/webhooks", &[], json!({"url": "http://x", "kinds": []}), 422).await;
    api.call(admin, get.clone(), "/api/v1/webhooks", &[], none.clone(), 200).await;
    api.call(admin, get.clone(), "/api/v1/webhooks/{id}", &[id], none.clone(), 200).await;
    api.call(admin, put, "/api/v1/webhooks/{id}", &[id], new, 200).await;
    let path = "/api/v1/webhooks/{id}/test";
    let delivery = api.call(admin, post.clone(), path, &[id], none.clone(), 202).await;
    let delivery = delivery["id"].as_str().expect("an id");
    api.call(admin, get.clone(), "/api/v1/webhooks/{id}/deliveries", &[id], none.clone(), 200).await;
    let path = "/api/v1/webhooks/{id}/deliveries/{delivery}";
    api.call(admin, get, path, &[id, delivery], none.clone(), 200).await;
    let path = "/api/v1/webhooks/{id}/deliveries/{delivery}/redeliver";
    api.call(admin, post.clone(), path, &[id, delivery], none.clone(), 202).await;
    for step in ["disable", "enable", "rotate", "remove"] {
        let path = format!("/api/v1/webhooks/{{id}}/{step}");
        api.call(admin, post.clone(), &path, &[id], none.clone(), 200).await;
    }
}

/// A source, a bank, and an exam whose results are held.
pub async fn furnish(test: &TestApp) {
    let read =
        banks::read_file(test.app.db.read(), "small", BANK.as_bytes(), Format::Csv, &|_| None).await.expect("read");
    let spec = ExamSpec::from_value(&json!({
        "slug": "small-exam", "bank": "small", "title": {"ja": "小さな試験", "en": "Small exam"}, "blueprint": {"domains": {"alpha": 2}},
        "timing": {"minutes": 30}, "scoring": {"cut": 1}, "release": "held",
    }))
    .expect("an exam");
    let source = SourceDefinition::from_value(&json!({
        "source": "https://forum.example", "title": "Forum", "types": ["answer.accepted", "change.merged"], "subjects": ["member"],
    }))
    .expect("a source");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "small", read).await.expect("imported");
    exams::publish(&mut ch, &spec).await.expect("published");
    contributions::keep_source(&mut ch, &source).await.expect("kept");
    ch.commit().await.expect("committed");
}

/// What a player and its watchers call while an attempt is under way.
async fn during_an_attempt(api: &mut Caller<'_>, admin: &str, token: &str, attempt: &str) {
    let (get, post, put, none) = (Method::GET, Method::POST, Method::PUT, Value::Null);
    let holder = json!({"holder": "window-0123456789"});
    api.call(token, post.clone(), "/api/v1/attempts/{id}/lease", &[attempt], holder, 200).await;
    let lost = json!({"response": [], "revision": 1, "client_op_id": "op-3", "lease": 7});
    api.call(token, put.clone(), "/api/v1/attempts/{id}/responses/{position}", &[attempt, "1"], lost, 409).await;
    let message = json!({"text": "Ten more minutes.", "reason": "a power cut"});
    api.call(admin, post.clone(), "/api/v1/attempts/{id}/messages", &[attempt], message, 201).await;
    let contact = json!({"lease": 1, "unsent": 0, "lag_ms": 12});
    api.call(token, post.clone(), "/api/v1/attempts/{id}/contact", &[attempt], contact, 200).await;
    let path = "/api/v1/attempts/{id}/messages/{number}/read";
    api.call(token, put.clone(), path, &[attempt, "1"], json!({}), 200).await;
    let events = json!({"events": [{"kind": "focus_lost", "at": "2026-11-21T09:00:00Z"}]});
    api.call(token, post.clone(), "/api/v1/attempts/{id}/events", &[attempt], events, 202).await;
    api.call(admin, get.clone(), "/api/v1/attempts/{id}/events", &[attempt], none.clone(), 200).await;
    api.call(admin, get.clone(), "/api/v1/exams/{slug}/live", &["small-exam"], none.clone(), 200).await;
    let settings = json!({"late": "keep"});
    api.call(admin, put.clone(), "/api/v1/exams/{slug}/delivery", &["small-exam"], settings, 200).await;
    api.call(admin, get, "/api/v1/exams/{slug}/delivery", &["small-exam"], none, 200).await;
}

/// What is asked about an attempt that is over and released, and results from elsewhere.
async fn after_an_attempt(api: &mut Caller<'_>, admin: &str, token: &str, attempt: &str, member: &str) {
    let (get, post, none) = (Method::GET, Method::POST, Value::Null);
    let late = json!({"answers": [{"position": 1, "response": [], "client_op_id": "op-9"}]});
    api.call(token, post.clone(), "/api/v1/attempts/{id}/late-answers", &[attempt], late, 202).await;
    api.call(token, get.clone(), "/api/v1/attempts/{id}/receipt", &[attempt], none.clone(), 200).await;
    api.call(admin, get.clone(), "/api/v1/attempts/{id}/xapi", &[attempt], none.clone(), 200).await;
    let result =
        json!({"candidate": member, "form": "A", "score": 2, "delivered_by": "Centre", "at": "2026-11-20T09:00:00Z"});
    let path = "/api/v1/exams/{slug}/results";
    api.call(admin, post.clone(), path, &["small-exam"], json!([result]), 202).await;
    api.call(admin, post, path, &["small-exam"], result, 202).await;
    api.call(admin, get, "/api/v1/exams/{slug}/outside-results", &["small-exam"], none, 200).await;
}

/// A track that asks for the word of an organizer, and that word given and taken back.
async fn attestations(api: &mut Caller<'_>, admin: &str, member: &str) {
    let (get, post, put, none) = (Method::GET, Method::POST, Method::PUT, Value::Null);
    let mut vouched = crate::planning::helper(1);
    vouched["requires"] = json!({"all": [{"id": "word", "attested": {"role": "organizer"}}]});
    api.call(admin, put, "/api/v1/tracks/{slug}/draft", &["vouched"], vouched, 200).await;
    api.call(admin, post.clone(), "/api/v1/tracks/{slug}/publish", &["vouched"], json!({}), 200).await;
    let path = "/api/v1/members/{id}/attestations";
    let said = api.call(admin, post.clone(), path, &[member], json!({"role": "organizer"}), 201).await;
    api.call(admin, get, path, &[member], none, 200).await;
    let id = said["id"].as_str().expect("an id");
    let reason = json!({"reason": "a test"});
    api.call(admin, post, "/api/v1/attestations/{id}/void", &[id], reason, 200).await;
}

async fn every_call_answers_as_it_is_described(store: Store) {
    let test = TestApp::start_with(store, |config| {
        config.issuer.did_method = DidMethod::Key;
        config.demo = true;
    })
    .await;
    let guild = Guild::in_app(test).await;
    let test = &guild.test;
    issuer::generate_keys(&test.app, Actor::Operator).await.expect("a key is made");
    furnish(test).await;
    let mut api = Caller { test, document: document(), called: BTreeSet::new(), count: 0 };
    let admin = test.api_key(Role::Owner).await;
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let none = Value::Null;

    let tracks = api.call("", get.clone(), "/api/v1/tracks", &[], none.clone(), 200).await;
    assert_eq!(tracks["data"].as_array().map(Vec::len), Some(1));
    api.call("", get.clone(), "/api/v1/exams", &[], none.clone(), 200).await;
    api.call(&admin, get.clone(), "/api/v1/sources", &[], none.clone(), 200).await;
    api.call("", get.clone(), "/api/v1/sources", &[], none.clone(), 401).await;
    let figures = "/api/v1/activities/figures";
    for query in [vec![], vec![("from", "2026-11-01"), ("to", "2026-11-21"), ("type", "idea.shipped")]] {
        api.fetch(&admin, figures, figures, &query).await;
    }
    api.call("", get.clone(), figures, &[], none.clone(), 401).await;
    let ada = json!({"email": "ada@members.example", "name": "Ada", "locale": "en", "affiliation": {"organization": "Guild", "from": "2026-04-01"}});
    let member = api.call(&admin, post.clone(), "/api/v1/members", &[], ada.clone(), 201).await["id"].clone();
    let member = member.as_str().expect("an id");
    api.call(&admin, post.clone(), "/api/v1/members", &[], ada, 409).await;
    api.call(&admin, post.clone(), "/api/v1/members", &[], json!({"email": "x", "nam": ""}), 422).await;
    let token =
        api.call(&admin, post.clone(), "/api/v1/members/{id}/tokens", &[member], none.clone(), 201).await["token"]
            .clone();
    let token = token.as_str().expect("a token");

    let event = json!({"specversion": "1.0", "id": "e1", "source": "https://forum.example", "type": "answer.accepted", "subject": member, "data": {"object": "a/1"}});
    let sent = api.call(&admin, post.clone(), "/api/v1/events", &[], event, 202).await;
    let contribution = sent["results"][0]["contribution"].as_str().expect("kept").to_owned();
    let path = "/api/v1/contributions/{id}/void";
    api.call(&admin, post.clone(), path, &[&contribution], json!({"reason": "a mistake"}), 200).await;
    api.call(token, get.clone(), "/api/v1/members/{id}/progress", &[member], none.clone(), 200).await;

    let path = "/api/v1/exams/{slug}/eligibility";
    api.call(token, get.clone(), path, &["small-exam"], none.clone(), 200).await;
    let path = "/api/v1/exams/{slug}/windows";
    let window = json!({"name": "Spring", "opens_at": "2026-11-21T08:00:00Z", "closes_at": "2026-11-22T08:00:00Z", "seats": 5, "cuts": true});
    let window = api.call(&admin, post.clone(), path, &["small-exam"], window, 201).await["id"].clone();
    api.call(token, get.clone(), path, &["small-exam"], none.clone(), 200).await;
    let other = json!({"name": "Autumn", "opens_at": "2027-11-21T08:00:00Z", "closes_at": "2027-11-22T08:00:00Z"});
    let late = api.call(&admin, post.clone(), path, &["small-exam"], other.clone(), 201).await["id"].clone();
    let late = late.as_str().expect("an id");
    api.call(&admin, put.clone(), "/api/v1/windows/{id}", &[late], other, 200).await;
    let path = "/api/v1/windows/{id}/cancel";
    api.call(&admin, post.clone(), path, &[late], json!({"reason": ""}), 422).await;
    api.call(&admin, post.clone(), path, &[late], json!({"reason": "the hall is closed"}), 200).await;
    let path = "/api/v1/exams/{slug}/seats";
    api.call(token, post.clone(), path, &["small-exam"], json!({"window": window}), 201).await;
    let codes = json!({"exam": "small-exam", "count": 2, "expires_at": "2027-04-01T00:00:00Z"});
    api.call(&admin, post.clone(), "/api/v1/vouchers", &[], codes, 201).await;
    let attempt = api.call(token, post.clone(), "/api/v1/exams/{slug}/attempts", &["small-exam"], json!({}), 201).await;
    let attempt = attempt["id"].as_str().expect("an id");
    api.call(token, post.clone(), "/api/v1/exams/{slug}/attempts", &["small-exam"], none.clone(), 200).await;
    let item = api
        .call(token, get.clone(), "/api/v1/attempts/{id}/items/{position}", &[attempt, "1"], none.clone(), 200)
        .await;
    let answer = json!({"response": [item["options"][0]["handle"]], "revision": 0, "client_op_id": "op-1"});
    let path = "/api/v1/attempts/{id}/responses/{position}";
    api.call(token, put.clone(), path, &[attempt, "1"], answer, 200).await;
    api.call(
        token,
        put.clone(),
        path,
        &[attempt, "1"],
        json!({"response": [], "revision": 0, "client_op_id": "op-2"}),
        409,
    )
    .await;
    let path = "/api/v1/members/{id}/accommodations";
    let allowed = json!({"exam": "small-exam", "percent": 150, "break_minutes": 5, "reason": "approved"});
    api.call(&admin, post.clone(), path, &[member], allowed, 201).await;
    api.call(&admin, get.clone(), path, &[member], none.clone(), 200).await;
    let step = json!({"minutes": 5, "reason": "a test"});
    for name in ["add-time", "pause", "continue"] {
        let path = "/api/v1/attempts/{id}/steps/{step}";
        api.call(&admin, post.clone(), path, &[attempt, name], step.clone(), 200).await;
    }
    let path = "/api/v1/attempts/{id}/moves/{step}";
    for name in ["contact", "take-break", "end-break"] {
        api.call(token, post.clone(), path, &[attempt, name], none.clone(), 200).await;
    }
    api.call(token, get.clone(), "/api/v1/attempts/{id}/clock", &[attempt], none.clone(), 200).await;
    let path = "/api/v1/attempts/{id}/positions/{position}/flag";
    api.call(token, put.clone(), path, &[attempt, "2"], json!({"flagged": true}), 200).await;
    api.call(token, get.clone(), "/api/v1/attempts/{id}", &[attempt], none.clone(), 200).await;
    during_an_attempt(&mut api, &admin, token, attempt).await;
    api.call(token, post.clone(), "/api/v1/attempts/{id}/submit", &[attempt], none.clone(), 200).await;
    let path = "/api/v1/attempts/{id}/result";
    assert_eq!(api.call(token, get.clone(), path, &[attempt], none.clone(), 200).await["released"], json!(false));
    api.call(&admin, get.clone(), "/api/v1/exams/{slug}/results", &["small-exam"], none.clone(), 200).await;
    let release = json!({"attempts": [attempt], "reason": "checked"});
    api.call(&admin, post.clone(), "/api/v1/exams/{slug}/results/release", &["small-exam"], release, 200).await;
    assert_eq!(api.call(token, get.clone(), path, &[attempt], none.clone(), 200).await["released"], json!(true));
    api.call(&admin, get.clone(), "/api/v1/exams/{slug}/results", &["small-exam"], none.clone(), 200).await;

    after_an_attempt(&mut api, &admin, token, attempt, member).await;

    let wanted = json!({"track": "foundations", "recipient": {"name": "Ada", "email": "ada@members.example"}, "evidence": [{"url": "https://forum.example/1"}]});
    let issued = api.call(&admin, post.clone(), "/api/v1/credentials", &[], wanted.clone(), 201).await;
    let id = issued["id"].as_str().expect("an id");
    api.call(&admin, post.clone(), "/api/v1/credentials", &[], wanted, 200).await;
    api.call(token, get.clone(), "/api/v1/credentials/{id}", &[id], none.clone(), 200).await;
    let looked = waymark::credentials::find(api.test.app.db.read(), id.parse().expect("an id")).await.expect("there");
    let subject = waymark::impact::subject(&looked);
    waymark::impact::count(&api.test.app, &subject, waymark::impact::What::View, None);
    waymark::impact::flush(&api.test.app).await.expect("written");
    let counts = "/api/v1/credentials/{id}/counts";
    assert_eq!(api.call(token, get.clone(), counts, &[id], none.clone(), 200).await["totals"]["view"], json!(1));
    api.call(&admin, get.clone(), "/api/v1/tracks/{slug}/counts", &["foundations"], none.clone(), 200).await;
    api.call(token, get.clone(), "/api/v1/members/{id}/credentials", &[member], none.clone(), 200).await;
    api.call(token, put.clone(), "/api/v1/credentials/{id}/visibility", &[id], json!({"visibility": "link"}), 200)
        .await;
    let report = api
        .call("", post.clone(), "/api/v1/verifications", &[], json!({"credential": issued["credential"]}), 200)
        .await;
    assert_eq!(report["state"], "valid");
    api.call("", post.clone(), "/api/v1/verifications", &[], json!({"credential": "none"}), 422).await;
    let path = "/api/v1/verifications/batch";
    let rows =
        json!([{"credential": issued["credential"]}, {"credential": "none"}, {"number": "EG-1", "check_code": "A"}]);
    let batch = api.call("", post.clone(), path, &[], json!({"rows": rows}), 200).await;
    assert_eq!(
        (&batch["rows"][0]["state"], &batch["rows"][1]["problem"]["code"]),
        (&json!("valid"), &json!("not_recognized"))
    );
    api.call("", post.clone(), path, &[], json!({"rows": []}), 422).await;
    for (step, state) in [("suspend", "suspended"), ("reinstate", "released"), ("revoke", "revoked")] {
        let path = format!("/api/v1/credentials/{{id}}/{step}");
        let body = json!({"reason_code": "other", "public_reason": "A test."});
        assert_eq!(api.call(&admin, post.clone(), &path, &[id], body, 200).await["state"], state);
    }

    let held = json!({"track": "foundations", "recipient": {"name": "Carol", "email": "carol@members.example"}, "valid_until": "2028-03-31"});
    let held = api.call(&admin, post.clone(), "/api/v1/credentials", &[], held, 201).await;
    let (id, carol) = (held["id"].as_str().expect("an id"), held["member"].as_str().expect("an id"));
    api.call(&admin, get.clone(), "/api/v1/members/{id}", &[carol], none.clone(), 200).await;
    api.call(&admin, Method::PATCH, "/api/v1/members/{id}", &[carol], json!({"name": "Carol T"}), 200).await;
    api.call(&admin, Method::PATCH, "/api/v1/members/{id}", &[carol], json!({"name": ""}), 422).await;
    for (step, body) in
        [("renew", json!({"valid_until": "2030-03-31"})), ("replace", json!({"public_reason": "A test."}))]
    {
        let path = format!("/api/v1/credentials/{{id}}/{step}");
        for expected in [201, 200] {
            api.call(&admin, post.clone(), &path, &[id], body.clone(), expected).await;
        }
    }
    let dan = json!({"track": "foundations", "recipient": {"name": "Dan", "email": "dan@members.example"}});
    let dan = api.call(&admin, post.clone(), "/api/v1/credentials", &[], dan, 201).await;
    let dan = dan["id"].as_str().expect("an id");
    api.call(&admin, post.clone(), "/api/v1/credentials/{id}/cancel", &[dan], json!({"internal_note": "Oops."}), 200)
        .await;
    api.call(&admin, post.clone(), "/api/v1/credentials/{id}/replace", &[dan], json!({}), 409).await;
    api.call(&admin, post.clone(), "/api/v1/credentials/{id}/renew", &[dan], json!({}), 409).await;

    let bob = json!({"email": "bob@members.example", "name": "Bob"});
    let bob = api.call(&admin, post.clone(), "/api/v1/members", &[], bob, 201).await["id"].clone();
    let mut last = String::new();
    for n in 1..=3 {
        let event = json!({"specversion": "1.0", "id": format!("b{n}"), "source": "https://forum.example", "type": "change.merged", "subject": bob, "data": {"object": format!("b/{n}")}});
        let sent = api.call(&admin, post.clone(), "/api/v1/events", &[], event, 202).await;
        sent["results"][0]["contribution"].as_str().expect("kept").clone_into(&mut last);
    }
    test.settle().await;
    let path = "/api/v1/contributions/{id}/void";
    api.call(&admin, post.clone(), path, &[&last], json!({"reason": "not theirs"}), 200).await;
    test.settle().await;
    let reviews = api.call(&admin, get.clone(), "/api/v1/reviews", &[], none.clone(), 200).await;
    let review = reviews["data"][0]["id"].as_str().expect("a review");
    let kept =
        api.call(&admin, post.clone(), "/api/v1/reviews/{id}/keep", &[review], json!({"note": "known"}), 200).await;
    assert_eq!(kept["state"], "closed");

    let row = json!({"track": "foundations", "recipient": {"name": "Cleo", "email": "cleo@members.example"}});
    let started = api.call(&admin, post.clone(), "/api/v1/credentials/bulk", &[], row, 202).await;
    let job = started["id"].as_str().expect("an id");
    test.settle().await;
    assert_eq!(api.call(&admin, get.clone(), "/api/v1/jobs/{id}", &[job], none.clone(), 200).await["state"], "done");
    let report = api.call(&admin, get.clone(), "/api/v1/jobs/{id}/report", &[job], none.clone(), 200).await;
    let path = "/api/v1/credentials/bulk/{id}/claim-links";
    api.call(&admin, post.clone(), path, &[job], none.clone(), 200).await;
    let cleo = report["data"][0]["credential"].as_str().expect("an id");
    api.call(&admin, post.clone(), "/api/v1/credentials/{id}/claim-link", &[cleo], none.clone(), 201).await;
    api.call(&admin, post.clone(), "/api/v1/jobs/{id}/cancel", &[job], none.clone(), 200).await;

    let body =
        json!({"issuer": "did:web:other.example", "name": "Other Guild", "keys": ["z6MkOther"], "note": "by phone"});
    let known = api.call(&admin, post.clone(), "/api/v1/known-issuers", &[], body, 201).await;
    api.call(&admin, get.clone(), "/api/v1/known-issuers", &[], none.clone(), 200).await;
    let known = known["id"].as_str().expect("an id");
    let body = json!({"name": "Another Guild", "since": "2026-05-01T00:00:00Z"});
    api.call(&admin, post.clone(), "/api/v1/known-issuers/{id}/names", &[known], body, 201).await;
    api.call(&admin, post.clone(), "/api/v1/known-issuers/{id}/end", &[known], json!({}), 200).await;

    // Each on the heap: together they are more than the stack of a test holds.
    Box::pin(crate::planning::every_call(&mut api, &admin)).await;
    Box::pin(attestations(&mut api, &admin, member)).await;
    Box::pin(crate::ranks::every_call(&mut api, &admin, member)).await;
    Box::pin(crate::item_bank::every_call(&mut api, &admin)).await;
    Box::pin(crate::attempts::every_call(&mut api, &admin, token)).await;
    Box::pin(webhooks(&mut api, &admin)).await;
    Box::pin(crate::giving::every_call(&mut api, &admin, token, member)).await;
    Box::pin(crate::thanks::every_call(&mut api, &admin, token, member)).await;
    Box::pin(crate::titles::every_call(&mut api, &admin)).await;
    Box::pin(crate::notices::every_call(&mut api, token, member)).await;
    Box::pin(crate::invitations::every_call(&mut api, &admin)).await;
    // The last of all: a role ends the token.
    Box::pin(crate::people::described::staff(&mut api, &admin, member)).await;

    let paths = api.document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, calls)| {
        calls.as_object().expect("calls").keys().map(|method| (method.clone(), path.clone()))
    });
    let left: Vec<_> = all.filter(|call| !api.called.contains(call)).collect();
    assert!(left.is_empty(), "never answered here: {left:?}");

    let served = test
        .http
        .get(test.url("/api/openapi.json"))
        .send()
        .await
        .expect("answered")
        .json::<Value>()
        .await
        .expect("JSON");
    assert_eq!((&served["paths"], &served["servers"][0]["url"]), (&api.document["paths"], &json!(test.base)));
    for (language, word) in [("en", "no key needed"), ("ja", "キーは不要")] {
        let page =
            test.http.get(test.url("/api/docs")).header("accept-language", language).send().await.expect("answered");
        assert_eq!(page.status(), 200);
        let page = page.text().await.expect("text");
        assert!(page.contains(word) && page.contains("/api/v1/verifications") && !page.contains('⟦'), "{page}");
    }
}
