//! The form of vouchers: what does not fit comes back with what was typed and what to write there.

use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;

use super::{Candidate, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(a_refused_form_of_vouchers_keeps_what_was_typed);

async fn a_refused_form_of_vouchers_keeps_what_was_typed(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let boss = Candidate::enrol(&test, "boss@members.example").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, boss.member, Role::Admin).await.expect("given");
    ch.commit().await.expect("committed");
    let path = "/admin/exams/sample/vouchers";
    let csrf = field(&boss.open(path).await.2, "csrf");
    let long = "x".repeat(81);
    for (count, batch, expires, wrong) in [
        ("0", "Spring fair", "2027-04-01", vec![("count", "Write a number from 1 to 5000.")]),
        ("many", "Spring fair", "", vec![("count", "Write a number from 1 to 5000.")]),
        ("5001", long.as_str(), "", vec![("count", "Write a number"), ("batch", "Shorten it to 80 characters.")]),
        ("2", "Spring fair", "2026-11-20", vec![("expires", "This day is over")]),
        ("2", "\"Spring\" <fair>", "soon", vec![("expires", "Write a day like 2027-04-01")]),
    ] {
        let typed = [("csrf", csrf.as_str()), ("count", count), ("batch", batch), ("expires", expires)];
        let (status, _, page) = boss.post(path, &typed).await;
        assert_eq!(status, 422, "{page}");
        assert!(page.contains("<title>Error: ") && page.contains("role=\"alert\""), "{page}");
        for (name, said) in &wrong {
            assert!(page.contains(&format!("<li><a href=\"#{name}\">{said}")), "{name}: {page}");
            assert!(page.contains(&format!("id=\"{name}-wrong\">{said}")), "beside its field: {name}: {page}");
        }
        assert_eq!(page.matches("aria-invalid").count(), wrong.len(), "no other field is at fault: {page}");
        assert!(
            page.contains(&format!("value=\"{count}\"")) && page.contains(&format!("value=\"{expires}\"")),
            "{page}"
        );
        assert!(!page.contains("<fair>"), "{page}");
        assert!(page.contains("Spring") || page.contains(&long), "{page}");
    }
    let (_, _, ja) = boss.post(&format!("{path}?lang=ja"), &[("csrf", csrf.as_str()), ("count", "0")]).await;
    assert!(ja.contains("件数は 1～5000 の数で書いてください。") && !ja.contains('⟦'), "{ja}");
    assert_eq!(test.count("SELECT COUNT(*) FROM voucher").await, 0);
    let right = [("csrf", csrf.as_str()), ("count", "2"), ("batch", "Spring fair"), ("expires", "2026-11-21")];
    let (status, _, file) = boss.post(path, &right).await;
    assert_eq!((status.as_u16(), file.lines().count()), (200, 3), "{file}");
}
