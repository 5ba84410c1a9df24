//! `waymark key`: what each command says, changes, and answers as its exit code.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SECRET: &str = "correct horse battery staple";

fn waymark(data: &Path, method: &str, more: &[(&str, &Path)], arguments: &[&str]) -> (i32, Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command.current_dir(data).args(["--data", ".", "--json"]).args(arguments);
    command.env_remove("WAYMARK_DATABASE__URL").env("LC_ALL", "C").env("WAYMARK_ISSUER__DID_METHOD", method);
    command.env("WAYMARK_BASE_URL", "https://guild.example");
    for (name, value) in more {
        command.env(name, value);
    }
    let run = command.output().expect("the program starts");
    let said = String::from_utf8(run.stderr).expect("UTF-8");
    let out = String::from_utf8(run.stdout).expect("UTF-8");
    assert!(!said.contains("horse") && !out.contains("horse"), "{said} {out}");
    (run.status.code().expect("an exit code"), serde_json::from_str(&out).unwrap_or(Value::Null), said)
}

fn installed(method: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(waymark(folder.path(), method, &[], &["migrate"]).0, 0);
    folder
}

fn states(keys: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    keys["keys"].as_array().expect("keys").iter().map(|key| (text(&key["purpose"]), text(&key["state"]))).collect()
}

#[test]
fn under_did_key_rotation_is_refused_and_the_way_out_is_named() {
    let folder = installed("key");
    assert_eq!(waymark(folder.path(), "key", &[], &["key", "generate"]).0, 0);
    let (exit, _, said) = waymark(folder.path(), "key", &[], &["key", "rotate"]);
    assert_eq!(exit, 5);
    assert!(said.contains("WAYMARK_ISSUER__DID_METHOD=web") && said.contains("issue anew"), "{said}");
}

#[test]
fn keys_are_rotated_retired_and_given_up() {
    let folder = installed("web");
    let run = |arguments: &[&str]| waymark(folder.path(), "web", &[], arguments);
    let (exit, _, said) = run(&["key", "rotate"]);
    assert!(exit == 5 && said.contains("waymark key generate"), "{said}");
    let (exit, made, _) = run(&["key", "generate"]);
    assert_eq!(exit, 0);
    let first = made["keys"][0]["kid"].as_str().expect("a thumbprint").to_owned();
    let (exit, rotated, said) = run(&["key", "rotate"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(rotated["keys"][0]["kid"], *first);
    assert_eq!(states(&rotated), [("credential".into(), "retired".into()), ("credential".into(), "active".into())]);
    let (exit, rotated, _) = run(&["key", "rotate", "--purpose", "status_list"]);
    assert_eq!((exit, states(&rotated)[1].0.as_str()), (0, "status_list"));
    assert_eq!(run(&["key", "rotate", "--purpose", "conformance"]).0, 2);

    let active = run(&["key", "list"]).1["keys"].as_array().expect("keys").clone();
    let active = active.iter().find(|key| key["purpose"] == "credential" && key["state"] == "active").expect("one");
    let kid = active["kid"].as_str().expect("a thumbprint");
    let (exit, told, said) = run(&["key", "compromise", kid, "--reason", "a laptop was stolen"]);
    assert_eq!((exit, states(&told)[0].1.as_str()), (0, "active"));
    assert!(said.contains("0 credentials") && said.contains("--yes"), "{said}");
    assert_eq!(run(&["key", "compromise", kid]).0, 2, "a reason is asked for");
    assert_eq!(run(&["key", "compromise", kid, "--reason", "x", "--at", "yesterday", "--yes"]).0, 4);
    assert_eq!(run(&["key", "compromise", kid, "--reason", "x", "--at", "2099-01-01T00:00:00Z", "--yes"]).0, 4);
    assert_eq!(run(&["key", "compromise", "nothing", "--reason", "x", "--yes"]).0, 3);
    let (exit, done, said) = run(&["key", "compromise", kid, "--reason", "a laptop was stolen", "--yes"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(states(&done), [("credential".into(), "compromised".into()), ("credential".into(), "active".into())]);
    assert_eq!(done["keys"][0]["reason"], "a laptop was stolen");
    assert_eq!(run(&["key", "compromise", kid, "--reason", "again", "--yes"]).0, 5);

    let last = done["keys"][1]["multikey"].as_str().expect("a multikey");
    let (exit, told, said) = run(&["key", "retire", last]);
    assert_eq!((exit, states(&told)[0].1.as_str()), (0, "active"));
    assert!(said.contains("nothing is issued until"), "{said}");
    assert_eq!(states(&run(&["key", "retire", last, "--yes"]).1)[0].1, "retired");
    let (_, listed, said) = run(&["key", "list"]);
    assert!(said.contains("nothing can be issued") && said.contains("waymark key generate"), "{said}");
    assert_eq!(states(&listed).len(), 5, "the history keeps them all");
    assert_eq!(run(&["key", "generate"]).0, 0);
}

#[test]
fn key_files_are_sealed_with_a_passphrase_from_a_file_or_from_systemd() {
    let folder = installed("key");
    let file = folder.path().join("secret");
    let by_file: &[(&str, &Path)] = &[("WAYMARK_KEYS__PASSPHRASE_FILE", &file)];
    let plain = |arguments: &[&str]| waymark(folder.path(), "key", &[], arguments);
    let (exit, _, said) = plain(&["key", "generate", "--encrypt"]);
    assert!(exit == 4 && said.contains("12 characters"), "{said}");
    assert_eq!(plain(&["key", "generate"]).0, 0);
    let (exit, _, said) = plain(&["key", "encrypt"]);
    assert!(exit == 4 && said.contains("WAYMARK_KEYS__PASSPHRASE_FILE"), "{said}");
    let (exit, _, _) = waymark(folder.path(), "key", by_file, &["key", "encrypt"]);
    assert_eq!(exit, 4, "the file is not there");
    fs::write(&file, SECRET).expect("written");
    let (exit, done, said) = waymark(folder.path(), "key", by_file, &["key", "encrypt"]);
    assert_eq!((exit, done["sealed"].as_array().map(Vec::len)), (0, Some(1)), "{said}");

    let (_, _, said) = plain(&["key", "list"]);
    assert!(said.contains("nothing can be issued") && said.contains("no passphrase was given"), "{said}");
    let (_, _, said) = waymark(folder.path(), "key", by_file, &["key", "list"]);
    assert!(said.contains("can sign"), "{said}");
    let handed = tempfile::tempdir().expect("a folder");
    fs::write(handed.path().join("waymark-key-passphrase"), SECRET).expect("written");
    let by_systemd: &[(&str, &Path)] = &[("CREDENTIALS_DIRECTORY", handed.path())];
    let (_, _, said) = waymark(folder.path(), "key", by_systemd, &["key", "list"]);
    assert!(said.contains("can sign"), "{said}");
    let doctor = waymark(folder.path(), "key", &[], &["doctor"]).1;
    let keys = doctor["findings"].as_array().expect("findings").iter().find(|f| f["check"] == "keys").expect("one");
    assert!(keys["fix"].as_str().expect("text").contains("LoadCredentialEncrypted"), "{keys}");
}
