//! What a track asks, from its file to the decision: every option through the server, attestations, renewals, and histories that
//! become known in any order.

mod attestations;
mod guards;
mod histories;
mod renewals;
mod ways;

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::contributions::{SourceDefinition, keep_source};
use waymark::credentials::{self, Credential};
use waymark::database::Kind;
use waymark::decisions::{self, TrackProgress};
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::tracks::{self, TrackDefinition};

use crate::contributions::{enrol, start};
use crate::support::{Store, TestApp};

const SOURCE: &str = "https://community.example";

/// An installation with one source and the tracks of a test.
struct Square {
    test: TestApp,
    key: String,
    member: MemberId,
}

impl Square {
    async fn start(store: Store, tracks: &[Value]) -> Self {
        let test = start(store).await;
        let profile = json!({
            "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"},
            "time_zone": "Asia/Tokyo",
        });
        let source = json!({
            "source": SOURCE, "title": {"ja": "広場", "en": "Square"},
            "types": ["change.merged", "thanks.given", "talk.given"], "subjects": ["member", "handle"],
        });
        issuer::generate_keys(&test.app, Actor::Operator).await.expect("keys are made");
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).expect("valid")).await.expect("kept");
        keep_source(&mut ch, &SourceDefinition::from_value(&source).expect("valid")).await.expect("kept");
        ch.commit().await.expect("committed");
        let key = test.api_key(Role::Admin).await;
        let member = enrol(&test, "hikari").await;
        let square = Self { test, key, member };
        for track in tracks {
            square.publish(track).await;
        }
        square.test.settle().await;
        square
    }

    async fn publish(&self, track: &Value) {
        let mut ch = self.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
        let track = TrackDefinition::from_value(track).expect("valid");
        tracks::publish(&mut ch, own.id, &track).await.expect("published");
        ch.commit().await.expect("committed");
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.test.http.post(self.test.url(path)).bearer_auth(&self.key).json(body);
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.test.http.get(self.test.url(path)).bearer_auth(&self.key).send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    /// Sends a batch, and lets everything that follows happen; answers what each was kept as.
    async fn send(&self, events: &[Value]) -> Vec<Option<String>> {
        let request = self.test.http.post(self.test.url("/api/v1/events")).bearer_auth(&self.key);
        let request = request.header("content-type", "application/cloudevents-batch+json");
        let answer = request.body(json!(events).to_string()).send().await.expect("answered");
        assert_eq!(answer.status(), 202);
        let body: Value = answer.json().await.expect("JSON");
        self.test.settle().await;
        let results = body["results"].as_array().expect("a list");
        for result in results {
            assert_ne!(result["outcome"], "rejected", "{result}");
        }
        results.iter().map(|result| result["contribution"].as_str().map(str::to_owned)).collect()
    }

    async fn progress_of(&self, member: MemberId) -> Vec<TrackProgress> {
        let db = &self.test.app.db;
        decisions::progress_of(db.read(), member, db.now()).await.expect("read")
    }

    /// The reasons why facts do not count for the leaf `give` of the first track.
    async fn reasons(&self, member: MemberId) -> Vec<String> {
        let body = self.get(&format!("/api/v1/members/{member}/progress")).await;
        let nodes = body["data"][0]["requirements"].as_array().expect("a list").clone();
        let give = nodes.into_iter().find(|node| node["id"] == "give").expect("the leaf");
        let told = give["uncounted"].as_array().expect("a list");
        told.iter().map(|one| one["why"].as_str().expect("a word").to_owned()).collect()
    }

    async fn credentials(&self) -> Vec<Credential> {
        credentials::of_member(self.test.app.db.read(), self.member).await.expect("read")
    }

    /// That the record says what a replay of the ledger says.
    async fn assert_replayed(&self) {
        let db = &self.test.app.db;
        let replayed = decisions::replay(db.read(), db.now()).await.expect("replayed");
        assert_eq!(replayed.differing, []);
    }
}

/// A track of one leaf `give`.
fn track(slug: &str, asked: &Value) -> Value {
    json!({
        "slug": slug, "kind": "milestone",
        "title": {"ja": "貢献", "en": "Giver"}, "criteria": {"ja": "貢献する", "en": "Give"},
        "requires": {"id": "give", "contributions": asked},
    })
}

fn merged(id: &str, who: &str, at: &str, data: &Value) -> Value {
    let mut all = json!({"object": format!("changes/{id}")});
    all.as_object_mut().expect("an object").extend(data.as_object().expect("an object").clone());
    json!({
        "specversion": "1.0", "id": id, "source": SOURCE, "type": "change.merged", "subject": format!("handle:{who}"),
        "time": at, "data": all,
    })
}
