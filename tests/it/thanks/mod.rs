//! Thanks: who is meant, what limits them, what they count for, who reads them, and who was forgotten.

mod badge;
mod giving;
mod limits;
mod staff;
mod unthanked;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::tracks::{self, TrackDefinition};

use crate::giving::Hall;
use crate::openapi::Caller;
use crate::support::Store;

/// A program whose one track of thanks asks for five people.
pub struct Circle {
    pub hall: Hall,
}

impl Circle {
    pub async fn start(store: Store) -> Self {
        let hall = Hall::start(store).await;
        let track = json!({
            "slug": "thanked", "kind": "thanks", "title": {"ja": "ありがとうの輪", "en": "Five Thank-yous"},
            "criteria": {"ja": "5 人から感謝される", "en": "Be thanked by five people"}, "achievement_type": "Badge",
            "requires": {"all": [{"id": "five", "contributions": {"types": ["thanks.given"], "at_least": 5, "per_giver": 1}}]},
        });
        let mut ch = hall.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
        tracks::publish(&mut ch, own.id, &TrackDefinition::from_value(&track).expect("valid"))
            .await
            .expect("published");
        ch.commit().await.expect("committed");
        Self { hall }
    }

    /// The program's own numbers.
    pub async fn rules(&self, thanks: Value) {
        let profile = json!({"issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"}, "time_zone": "Asia/Tokyo", "thanks": thanks});
        let mut ch = self.hall.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).expect("valid")).await.expect("kept");
        ch.commit().await.expect("committed");
    }

    /// Tries to thank somebody as the member of the token.
    pub async fn say(&self, token: &str, to: impl ToString) -> (u16, Value) {
        let said = json!({"to": to.to_string(), "reason": "You stayed until it worked."});
        self.hall.post(token, "/api/v1/thanks", said).await
    }

    /// Thanks somebody; answers the id.
    pub async fn said(&self, token: &str, to: impl ToString) -> String {
        let (status, body) = self.say(token, to).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().expect("an id").to_owned()
    }

    /// How many people's thanks count for the member.
    pub async fn have(&self, member: MemberId) -> Value {
        self.hall.test.settle().await;
        let progress = self.hall.get(&self.hall.admin, &format!("/api/v1/members/{member}/progress")).await;
        let tracks = progress["data"].as_array().expect("a list").clone();
        let track = tracks.into_iter().find(|track| track["track"] == "thanked").expect("the track");
        let nodes = track["requirements"].as_array().expect("a list").clone();
        nodes.into_iter().find(|node| node["id"] == "five").expect("the requirement")["have"].clone()
    }

    pub async fn received(&self, token: &str, member: MemberId) -> Vec<Value> {
        let body = self.hall.get(token, &format!("/api/v1/members/{member}/thanks")).await;
        body["data"].as_array().expect("a list").clone()
    }

    pub async fn step(&self, token: &str, id: &str, step: &str) -> (u16, Value) {
        self.hall.post(token, &format!("/api/v1/thanks/{id}/{step}"), Value::Null).await
    }
}

/// The refusal and why.
pub fn refused(answer: &(u16, Value)) -> (u16, &str, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default(), answer.1["reason"].as_str().unwrap_or_default())
}

/// Every call of the room, for the test of the API's description.
pub async fn every_call(api: &mut Caller<'_>, admin: &str, token: &str, member: &str) {
    let (get, post, none) = (Method::GET, Method::POST, Value::Null);
    let other = json!({"email": "grace@members.example", "name": "Grace Only", "locale": "en"});
    let other = api.call(admin, post.clone(), "/api/v1/members", &[], other, 201).await["id"].clone();
    let other = other.as_str().expect("an id");
    let given = json!({"to": "Grace Only", "reason": "For the map.", "link": "https://a.example/map", "named": true});
    let given = api.call(token, post.clone(), "/api/v1/thanks", &[], given, 201).await;
    let given = given["id"].as_str().expect("an id");
    let lonely = json!({"to": member, "reason": "Myself."});
    api.call(token, post.clone(), "/api/v1/thanks", &[], lonely, 422).await;
    api.call(token, post.clone(), "/api/v1/thanks/{id}/withdraw", &[given], none.clone(), 200).await;
    api.call(token, post.clone(), "/api/v1/thanks/{id}/withdraw", &[given], none.clone(), 409).await;
    let ours = json!({"to": member, "reason": "For a year of patience.", "for_program": true});
    let ours = api.call(admin, post.clone(), "/api/v1/thanks", &[], ours, 201).await;
    let ours = ours["id"].as_str().expect("an id");
    api.call(token, post.clone(), "/api/v1/thanks/{id}/show", &[ours], none.clone(), 200).await;
    api.call(token, post.clone(), "/api/v1/thanks/{id}/hide", &[ours], none.clone(), 200).await;
    let path = "/api/v1/members/{id}/thanks";
    api.call(admin, get.clone(), path, &[other], none.clone(), 200).await;
    for side in ["received", "given"] {
        api.fetch(token, path, &format!("/api/v1/members/{member}/thanks"), &[("side", side)]).await;
    }
    api.call(token, get, path, &[other], none, 404).await;
}
