//! Two people, where one of them could have signed in as the other.

use serde_json::{Value, json};
use waymark::access;
use waymark::actor::Actor;
use waymark::database::Kind;

use super::office::Office;
use crate::contributions::enrol;
use crate::support::{Store, on_both};

on_both!(a_link_between_the_two_is_kept_with_the_confirmation);

impl Office {
    /// What the latest confirmation says of its two people.
    async fn linked(&self) -> Value {
        let sql = "SELECT detail FROM audit WHERE action = 'title.confirm' ORDER BY seq DESC";
        let detail = self.test.texts(sql).await.remove(0);
        serde_json::from_str::<Value>(&detail).expect("JSON")["linked"].clone()
    }
}

async fn a_link_between_the_two_is_kept_with_the_confirmation(store: Store) {
    let office = Office::start(store).await;
    office.given(json!({})).await;
    assert_eq!(office.linked().await, json!(false));
    for (maker, other, handle) in [(office.ana, office.ben, "sora"), (office.ben, office.ana, "riku")] {
        office.test.run_sql("DELETE FROM handed_link").await;
        let mut ch = office.test.app.db.change(Actor::Member(maker), Kind::Privileged).await.expect("the door opens");
        access::hand_link(&mut ch, other).await.expect("made");
        ch.commit().await.expect("committed");
        office.given(json!({"member": enrol(&office.test, handle).await})).await;
        assert_eq!(office.linked().await, json!(true), "whoever of the two made it");
    }
}
