//! The part `sitting` of an exam file: read strictly, written back as read, and left out where nothing is said.

use serde_json::{Value, json};
use waymark_assess::ExamSpec;
use waymark_assess::attempt::Connection;
use waymark_assess::spec::Admission;

fn exam(sitting: Value) -> Value {
    json!({"slug": "e", "bank": "b", "blueprint": {"domains": {"a": 1, "b": 1}}, "timing": {"minutes": 60}, "scoring": {"cut": 1}, "sitting": sitting})
}

#[test]
fn everything_that_can_be_said_reads_back() {
    let said = json!({
        "practice": true, "untimed": true, "admission": "seat", "voucher": true, "requires": {"exams": ["x"], "credentials": ["y"]},
        "agreement": {"ja": "約束", "en": "Promise"}, "fee": "5 €", "cool_down": "calendar", "connection": {"pauses_minutes": 20}, "downtime": "lost",
    });
    let spec = ExamSpec::from_value(&exam(said.clone())).expect("an exam");
    assert_eq!(spec.to_value()["sitting"]["requires"], said["requires"]);
    assert_eq!(ExamSpec::from_value(&spec.to_value()).as_ref(), Ok(&spec));
    let sitting = &spec.sitting;
    assert!(sitting.practice && sitting.untimed && sitting.voucher && sitting.calendar_days && sitting.downtime_lost);
    assert_eq!((sitting.admission, sitting.connection), (Admission::Seat, Connection::Pauses { minutes: 20 }));
    let plain = ExamSpec::from_value(&exam(json!({}))).expect("an exam");
    assert!(plain.to_value().get("sitting").is_none(), "exams of today stay as they are");
    assert!(plain.sitting.agreement_hash().is_none());
}

#[test]
fn a_changed_agreement_has_another_hash() {
    let hash = |text: &str| {
        ExamSpec::from_value(&exam(json!({"agreement": {"en": text}}))).expect("an exam").sitting.agreement_hash()
    };
    assert_eq!(hash("one"), hash("one"));
    assert_ne!(hash("one"), hash("one."));
}

#[test]
fn every_mistake_is_named_where_it_stands() {
    for (sitting, pointer, code) in [
        (json!({"untimed": true}), "/sitting/untimed", "untimed_exam"),
        (json!({"voucher": 1}), "/sitting/voucher", "not_a_flag"),
        (json!({"admission": "seats"}), "/sitting/admission", "not_one_of"),
        (json!({"vouchers": true}), "/sitting/vouchers", "unknown_field"),
        (json!({"connection": {}}), "/sitting/connection/pauses_minutes", "missing"),
        (json!({"connection": {"pauses_minutes": 601}}), "/sitting/connection/pauses_minutes", "not_a_whole_number"),
        (json!({"requires": {"exams": [1]}}), "/sitting/requires/exams/0", "not_a_text"),
        (json!({"downtime": "given"}), "/sitting/downtime", "not_one_of"),
        (json!([]), "/sitting", "not_an_object"),
    ] {
        let mistakes = ExamSpec::from_value(&exam(sitting.clone())).expect_err("refused");
        assert_eq!((mistakes[0].pointer.as_str(), mistakes[0].code), (pointer, code), "{sitting}: {mistakes:?}");
        assert!(!mistakes[0].message_ja.is_ascii(), "{mistakes:?}");
    }
}
