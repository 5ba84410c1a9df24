//! `waymark credential replace|renew|cancel|reissue`: what each answers as its exit code, and that a refusal changes nothing.

use serde_json::Value;

use super::command::{installed, waymark};

/// Issues to a new recipient; answers the id.
fn issue(data: &std::path::Path, email: &str) -> String {
    let arguments = ["--json", "credential", "issue", "--track", "spring", "--email", email, "--name", "Ada"];
    let (exit, out, said) = waymark(data, &arguments);
    assert_eq!(exit, 0, "{said}");
    let issued: Value = serde_json::from_str(&out).expect("JSON");
    issued["id"].as_str().expect("an id").to_owned()
}

fn state(data: &std::path::Path, id: &str) -> String {
    let (exit, out, said) = waymark(data, &["--json", "credential", "show", id]);
    assert_eq!(exit, 0, "{said}");
    let shown: Value = serde_json::from_str(&out).expect("JSON");
    shown["state"].as_str().expect("a state").to_owned()
}

#[test]
fn what_is_not_there_and_what_cannot_be_meant() {
    let folder = installed();
    let data = folder.path();
    for verb in ["replace", "renew", "cancel"] {
        assert_eq!(waymark(data, &["credential", verb, "crd_00000000000000000000000000"]).0, 3, "{verb}");
        assert_eq!(waymark(data, &["credential", verb, "nothing"]).0, 3, "{verb}");
        assert_eq!(waymark(data, &["credential", verb]).0, 2, "{verb} of what?");
    }
    assert_eq!(waymark(data, &["credential", "reissue"]).0, 2, "by which key?");
    assert_eq!(waymark(data, &["credential", "reissue", "--key", "nothing"]).0, 3);
    let id = issue(data, "ada@members.example");
    assert_eq!(
        waymark(data, &["credential", "replace", &id, "--reason", "holder_request"]).0,
        4,
        "not a reason for this"
    );
    assert_eq!(waymark(data, &["credential", "replace", &id, "--valid-until", "2026-02-30"]).0, 4);
    assert_eq!(waymark(data, &["credential", "renew", &id]).0, 5, "what has no end is not renewed");
    assert_eq!(state(data, &id), "released", "nothing was changed");
}

#[test]
fn each_step_answers_by_what_it_did() {
    let folder = installed();
    let data = folder.path();
    let first = issue(data, "ada@members.example");
    let (exit, out, _) = waymark(data, &["--json", "credential", "replace", &first, "--dry-run"]);
    let told: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((exit, &told["dry_run"], state(data, &first).as_str()), (0, &Value::Bool(true), "released"));
    let (exit, out, said) = waymark(data, &["--json", "credential", "replace", &first]);
    assert_eq!(exit, 0, "{said}");
    let second: Value = serde_json::from_str(&out).expect("JSON");
    let second = second["id"].as_str().expect("an id").to_owned();
    assert_eq!((state(data, &first).as_str(), state(data, &second).as_str()), ("revoked", "released"));
    let (exit, out, said) = waymark(data, &["--json", "credential", "replace", &first]);
    let again: Value = serde_json::from_str(&out).expect("JSON");
    assert!(exit == 0 && again["id"] == second.as_str() && said.contains("replaced before"), "{said}");

    let (exit, _, said) = waymark(data, &["credential", "cancel", &second]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(state(data, &second), "revoked");
    assert_eq!(waymark(data, &["credential", "cancel", &second]).0, 0, "done before: the same answer");
    assert_eq!(waymark(data, &["credential", "replace", &second]).0, 5, "what was cancelled is not replaced");
    assert_eq!(waymark(data, &["credential", "renew", &second]).0, 5, "nor renewed");

    // Only what a key is said to have lost is issued anew.
    let (_, out, _) = waymark(data, &["--json", "key", "list"]);
    let keys: Value = serde_json::from_str(&out).expect("JSON");
    let kid = keys["keys"][0]["kid"].as_str().expect("a thumbprint");
    let (exit, _, said) = waymark(data, &["credential", "reissue", "--key", kid]);
    assert!(exit == 5 && said.contains("waymark key compromise"), "{said}");
}
