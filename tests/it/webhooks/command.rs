//! `waymark webhook`, as an operator types it, and what `waymark doctor` says of webhooks in trouble.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use waymark::web::i18n::{Locale, Words};

use super::{Receiver, Staff, guild};
use crate::support::{Store, on_both};

on_both!(the_doctor_names_webhooks_in_trouble);

fn waymark(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_waymark"))
        .current_dir(data)
        .args(["--data", "."])
        .args(arguments)
        .env_remove("WAYMARK_DATABASE__URL")
        .env("LC_ALL", "C")
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code().expect("an exit code"), text(run.stdout), text(run.stderr))
}

#[test]
fn webhooks_are_listed_added_tested_and_removed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| waymark(folder.path(), arguments);
    let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    assert_eq!(run(&["migrate"]).0, 0);
    let (exit, out, said) = run(&["webhook", "list"]);
    assert!(exit == 0 && out.is_empty() && said.contains("waymark webhook add"), "{out} {said}");

    let (exit, _, said) =
        run(&["webhook", "add", "http://hooks.example/x", "--kind", "attempt.begun", "--exam", "none"]);
    assert_eq!(exit, 4, "{said}");
    for fault in ["/url: ", "/kinds/0: ", "/exams/0: "] {
        assert!(said.contains(fault), "each mistake is named: {fault}: {said}");
    }
    // Nothing answers there: no name below `.invalid` leads anywhere (RFC 6761).
    let to = "https://hooks.invalid/x";
    let (exit, secret, said) = run(&["webhook", "add", to, "--kind", "attempt.submitted", "--kind", "attempt.ended"]);
    assert_eq!(exit, 0, "{said}");
    assert!(secret.starts_with("whsec_") && secret.lines().count() == 1, "the secret stands alone");

    let (_, out, _) = run(&["--json", "webhook", "list"]);
    let listed = read(&out);
    let id = listed["webhooks"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(listed["webhooks"][0]["kinds"], serde_json::json!(["attempt.submitted", "attempt.ended"]));
    assert!(!out.contains("whsec_"), "shown once: {out}");

    let (exit, out, _) = run(&["webhook", "test", &id]);
    assert_eq!(exit, 7, "nobody is there: {out}");
    assert!(out.contains("not received"), "{out}");
    let (exit, out, _) = run(&["webhook", "disable", &id]);
    assert!(exit == 0 && out.contains("by_staff"), "{out}");
    assert_eq!(run(&["webhook", "test", &id]).0, 5, "one that is off is not tested");
    let (_, out, _) = run(&["webhook", "enable", &id]);
    assert!(!out.contains("by_staff"), "{out}");
    let (exit, another, _) = run(&["webhook", "rotate", &id]);
    assert!(exit == 0 && another.starts_with("whsec_") && another != secret);

    assert_eq!(run(&["webhook", "remove", &id]).0, 0);
    for wrong in [id.as_str(), "whk_nonsense"] {
        assert_eq!(run(&["webhook", "remove", wrong]).0, 3, "{wrong}");
    }
    let (exit, out, _) = run(&["--json", "audit", "verify"]);
    assert!(exit == 0 && read(&out)["rows"].as_u64() >= Some(6), "every step stands in a log that holds: {out}");
}

async fn the_doctor_names_webhooks_in_trouble(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let said = async || {
        let all = waymark::operations::examine(&guild.test.app, Words::new(Locale::En)).await;
        all.into_iter()
            .filter(|one| one.check == "webhooks")
            .map(|one| (one.level, one.text, one.fix))
            .collect::<Vec<_>>()
    };
    let (well, _) = staff.add(&receiver.url, &["credential.released"], &[]).await;
    let found = said().await;
    assert_eq!((found.len(), found[0].2.as_str()), (1, ""), "{found:?}");
    receiver.answer_next(&[500]);
    staff.post(&format!("{well}/test"), &Value::Null).await;
    guild.test.settle().await;
    let found = said().await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains(&well[1..]) && found[0].2.contains("waymark webhook test"), "{found:?}");
    let (gone, _) = staff.add(&receiver.url, &["credential.released"], &[]).await;
    receiver.answer_next(&[410]);
    staff.post(&format!("{gone}/test"), &Value::Null).await;
    guild.test.settle().await;
    let found = said().await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].1.contains(&gone[1..]) && !found[0].1.contains(&well[1..]), "{found:?}");
    assert!(!found[0].1.contains("/hook"), "an address may hold a password: {found:?}");
    assert!(!found[0].1.contains('⟦') && !found[0].2.contains('⟦'), "{found:?}");
}
