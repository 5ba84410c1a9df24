//! Whether there were two people: what an auditor reads beside a confirmation.

use serde_json::{Value, json};
use waymark::access;
use waymark::actor::Actor;
use waymark::database::{Kind, audit};
use waymark::ids::MemberId;

use super::office::{Office, staff};
use crate::support::{Store, on_both};

on_both!(a_confirmation_says_whether_one_let_the_other_in);

impl Office {
    /// Hands somebody a link to sign in.
    async fn hands_link(&self, by: MemberId, to: MemberId) {
        let mut ch = self.test.app.db.change(Actor::Member(by), Kind::Privileged).await.expect("the door opens");
        access::hand_link(&mut ch, to).await.expect("handed");
        ch.commit().await.expect("committed");
    }

    /// Ana proposes, Ben confirms; what the audit log says of how Ben signed in.
    async fn linked(&self, member: MemberId) -> Value {
        let id = self.proposed(json!({"member": member})).await;
        let (status, body) = self.ben().await.post(&format!("/api/v1/titles/{id}/confirm"), &Value::Null).await;
        assert_eq!(status, 200, "{body}");
        let rows = audit::recent(self.test.app.db.read(), None, 10).await.expect("read");
        let row = rows.iter().find(|row| row.action == "title.confirm" && row.object == id).expect("audited");
        serde_json::from_str::<Value>(&row.detail).expect("JSON")["linked"].clone()
    }
}

async fn a_confirmation_says_whether_one_let_the_other_in(store: Store) {
    let office = Office::start(store).await;
    let cho = staff(&office.test, "cho", access::Role::Owner).await;
    let mut people = vec![office.member];
    for name in ["sora", "mio", "rin", "kai"] {
        people.push(crate::contributions::enrol(&office.test, name).await);
    }
    assert_eq!(office.linked(people[0]).await, false, "nobody handed Ben a link");
    office.hands_link(cho, office.ben).await;
    assert_eq!(office.linked(people[4]).await, false, "somebody else did");
    office.hands_link(office.ben, office.ana).await;
    assert_eq!(office.linked(people[1]).await, true, "Ben could have proposed it as Ana");
    office.test.run_sql("DELETE FROM handed_link").await;
    office.hands_link(office.ana, office.ben).await;
    assert_eq!(office.linked(people[2]).await, true, "Ana could have confirmed it as Ben");
    office.test.clock.advance(time::Duration::days(31));
    assert_eq!(office.linked(people[3]).await, false, "long ago");
}
