//! Keys, administrators and sign-in links from the command line: data alone on stdout, each failure with its exit code.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;
use waymark::access::{self, Role};
use waymark::clock::SystemClock;
use waymark::database::Database;
use waymark::entropy::SystemEntropy;
use waymark::members;

/// `waymark` on a data folder of its own: exit code, stdout, stderr.
fn waymark(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    in_a_terminal(data, arguments, "C")
}

/// The same in a terminal of this language.
fn in_a_terminal(data: &Path, arguments: &[&str], language: &str) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_waymark"))
        .current_dir(data)
        .args(["--data", "."])
        .args(arguments)
        .env_remove("WAYMARK_DATABASE__URL")
        .env("LC_ALL", language)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (run.status.code().expect("an exit code"), text(run.stdout), text(run.stderr))
}

fn installed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(waymark(folder.path(), &["migrate"]).0, 0);
    folder
}

#[test]
fn a_key_stands_alone_on_stdout() {
    let folder = installed();
    let create = |more: &[&str]| waymark(folder.path(), &[&["api-key", "create"], more].concat());
    let (exit, out, said) = create(&["--role", "admin", "--name", "office"]);
    assert_eq!(exit, 0, "{said}");
    assert!(out.starts_with("wmk_") && out.lines().count() == 1 && out.trim_end().len() > 40, "{out}");
    let (exit, out, said) = create(&["--role", "source", "--name", "forum", "--source", "https://a.example"]);
    assert!(exit == 0 && out.starts_with("wmk_") && said.contains("no source `https://a.example`"), "{said}");
    let proctor = ["--role", "proctor", "--name", "service"];
    assert_eq!(create(&proctor).0, 2, "a proctor's key names its exams");
    let (exit, _, said) = create(&[&proctor[..], &["--exam", "no-such-exam"]].concat());
    assert!(exit == 3 && said.contains("no-such-exam"), "{said}");
    assert_eq!(create(&["--role", "admin", "--name", "x", "--exam", "any"]).0, 4, "and nobody else's does");
    let (exit, out, _) = create(&["--json", "--role", "auditor", "--name", "x"]);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((exit, json["role"].as_str()), (0, Some("auditor")));
    assert!(json["key"].as_str().is_some_and(|key| key.starts_with("wmk_")));

    assert_eq!(create(&["--role", "king", "--name", "x"]).0, 2);
    assert_eq!(create(&["--role", "source", "--name", "x"]).0, 2, "a source key needs its source");
    assert_eq!(create(&["--role", "admin", "--name", "x", "--source", "https://a.example"]).0, 4);
    assert_eq!(create(&["--role", "admin", "--name", " "]).0, 4);
}

#[test]
fn a_link_stands_alone_on_stdout() {
    let folder = installed();
    let (exit, out, said) = waymark(folder.path(), &["admin", "create", "Aoi@Members.Example", "--name", "Aoi"]);
    assert_eq!(exit, 0, "{said}");
    let token = out.trim_end().strip_prefix("http://127.0.0.1:8080/login/").expect("a link");
    assert!(token.len() >= 40 && out.lines().count() == 1, "{out}");
    for command in [&["login-link", "aoi@members.example"][..], &["admin", "login-link", "aoi@members.example"]] {
        let (exit, out, _) = waymark(folder.path(), command);
        assert!(exit == 0 && out.contains("/login/") && !out.contains(token), "each link is a new one: {out}");
    }
    assert_eq!(waymark(folder.path(), &["admin", "create", "aoi@members.example"]).0, 0, "again changes nothing");
    assert_eq!(waymark(folder.path(), &["admin", "create", "no address"]).0, 4);
    let (exit, out, said) = waymark(folder.path(), &["login-link", "nobody@members.example"]);
    assert!(exit == 3 && out.is_empty() && said.contains("nobody@members.example"), "{said}");
    let (exit, _, said) = waymark(folder.path(), &["audit", "verify"]);
    assert_eq!(exit, 0, "every step stands in the log: {said}");
}

#[tokio::test]
async fn the_first_account_owns_the_installation() {
    let folder = installed();
    let create = |more: &[&str]| assert_eq!(waymark(folder.path(), &[&["admin", "create"], more].concat()).0, 0);
    create(&["olga@members.example"]);
    create(&["ada@members.example"]);
    create(&["oda@members.example", "--owner"]);
    create(&["olga@members.example"]);
    assert_eq!(waymark(folder.path(), &["login-link", "ada@members.example"]).0, 0);
    let url = format!("sqlite://{}", folder.path().join("waymark.db").display());
    let db = Database::open(&url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.expect("the store opens");
    for (email, role, links) in [("olga", Role::Owner, 0), ("ada", Role::Admin, 1), ("oda", Role::Owner, 0)] {
        let known =
            members::by_email(db.read(), &format!("{email}@members.example")).await.expect("read").expect("there");
        assert_eq!(access::roles_of(db.read(), known.id).await.expect("read"), [role], "{email}");
        let told = access::links_of(db.read(), known.id, known.joined_at).await.expect("read");
        assert_eq!(told.len(), links, "a link from the server is told too: {email}");
    }
    db.close().await;
}

#[tokio::test]
async fn the_first_account_reads_in_the_language_of_its_terminal() {
    let folder = installed();
    let create = |name: &str, more: &[&str], language: &str| {
        let email = format!("{name}@members.example");
        let (exit, out, said) = in_a_terminal(folder.path(), &[&["admin", "create", &email], more].concat(), language);
        assert!(exit == 0 && out.lines().count() == 1 && out.contains("/login/"), "the link alone: {out} {said}");
    };
    create("aoi", &[], "ja_JP.UTF-8");
    create("ben", &[], "C");
    create("eve", &[], "en_US.UTF-8");
    create("mio", &["--language", "ja"], "C");
    create("kim", &["--language", "en"], "ja_JP.UTF-8");
    create("old", &["--locale", "ja"], "C");
    assert_eq!(waymark(folder.path(), &["admin", "create", "x@members.example", "--language", "fr"]).0, 2);
    let url = format!("sqlite://{}", folder.path().join("waymark.db").display());
    let db = Database::open(&url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.expect("the store opens");
    for (name, language) in [("aoi", "ja"), ("ben", "en"), ("eve", "en"), ("mio", "ja"), ("kim", "en"), ("old", "ja")] {
        let known = members::by_email(db.read(), &format!("{name}@members.example")).await.expect("read");
        assert_eq!(known.expect("there").locale.as_str(), language, "{name}");
    }
    db.close().await;
}

/// What was looked for, where, and how to name one.
#[test]
fn a_credential_that_is_not_there_is_told_with_what_to_do() {
    let folder = installed();
    for named in
        ["EG-2026-000001", "crd_01kb00000000000000000000000", "https://certs.example/c/0123456789abcdefghjkmnpqrs"]
    {
        for command in [&["revoke", named, "--reason", "other"][..], &["show", named]] {
            let (exit, out, said) = waymark(folder.path(), &[&["credential"], command].concat());
            assert!(exit == 3 && out.is_empty(), "{exit} {out}");
            assert!(said.contains(&format!("no credential `{named}` in ")) && said.contains("--data"), "{said}");
            assert!(said.contains("number") && !said.contains("not_found"), "{said}");
        }
    }
    let selection = "https://certs.example/s/0123456789abcdefghjkmnpqrs";
    let (exit, _, said) = waymark(folder.path(), &["credential", "revoke", selection, "--reason", "other"]);
    assert!(exit == 3 && said.contains("a selection") && said.contains("/c/"), "{said}");
}

#[test]
fn several_credentials_are_not_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |text: &str| std::fs::write(folder.path().join("s.json"), text).expect("written");
    let verify = || waymark(folder.path(), &["credential", "verify", "s.json", "--offline"]);
    for (inside, count) in [("[{}, {}]", "2 credentials"), ("[]", "0 credentials"), ("{}", "1 credential,")] {
        write(&format!(r#"{{"type": ["VerifiablePresentation"], "verifiableCredential": {inside}}}"#));
        let (exit, out, said) = verify();
        assert!(exit == 4 && out.is_empty(), "{exit} {out}");
        assert!(said.contains(&format!("s.json: a presentation of {count}")), "{said}");
        assert!(said.contains("jq '.verifiableCredential[0]' s.json | waymark credential verify -"), "{said}");
    }
    write(r#"{"@context": ["https://unknown.example"], "type": ["VerifiableCredential"]}"#);
    let (exit, out, _) = verify();
    assert!(exit == 20 && out.starts_with("unknown"), "{exit} {out}");
}

#[test]
fn who_is_named_after_an_address_is_told() {
    let folder = installed();
    let (_, _, said) = waymark(folder.path(), &["admin", "create", "you@members.example"]);
    assert!(said.contains("“you”") && said.contains("--name"), "{said}");
    let (_, _, said) = waymark(folder.path(), &["admin", "create", "aoi@members.example", "--name", "Aoi"]);
    assert!(!said.contains("--name"), "{said}");
}

/// Each cause has its own advice: a key that is to be made, a folder that others may enter, a file that went away.
#[test]
fn the_doctor_advises_by_cause() {
    let folder = installed();
    std::fs::write(folder.path().join("waymark.toml"), "[issuer]\ndid_method = \"key\"\n").expect("written");
    let keys = |advice: &str, not: &str| {
        let (_, out, _) = waymark(folder.path(), &["doctor", "--json"]);
        let json: Value = serde_json::from_str(&out).expect("JSON");
        let found = json["findings"].as_array().and_then(|all| all.iter().find(|f| f["check"] == "keys").cloned());
        let fix = found.expect("a finding")["fix"].as_str().expect("a text").to_owned();
        assert!(fix.contains(advice) && !fix.contains(not), "{fix}");
    };
    let open = |mode| {
        let to = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path().join("keys"), to).expect("changed");
    };
    keys("key generate", "chmod");
    std::fs::create_dir(folder.path().join("keys")).expect("made");
    open(0o755);
    keys("chmod", "key generate");
    open(0o700);
    assert_eq!(waymark(folder.path(), &["key", "generate"]).0, 0);
    open(0o755);
    keys("chmod", "key generate");
    open(0o700);
    for file in std::fs::read_dir(folder.path().join("keys")).expect("there") {
        std::fs::remove_file(file.expect("a file").path()).expect("gone");
    }
    keys("backup", "key generate");
}

#[test]
fn a_new_bank_is_called_new() {
    let folder = installed();
    std::fs::write(folder.path().join("q.csv"), "id,question,correct,a,b,hue\nQ1,Which?,0,this,that,red\n")
        .expect("written");
    let import = || waymark(folder.path(), &["bank", "import", "q.csv", "--bank", "quiz"]);
    let (exit, out, said) = import();
    assert!(exit == 0 && out.contains("bank quiz (new): 1 imported") && said.contains("`bank: quiz`"), "{out}{said}");
    assert!(
        said.contains("`hue` is unknown") && said.contains("correct_letter") && said.contains("question_ja"),
        "{said}"
    );
    let (_, out, said) = import();
    assert!(out.contains("bank quiz: 0 imported") && !said.contains("`bank: quiz`"), "{out}{said}");
}

#[test]
fn the_week_is_for_the_demo_alone() {
    let folder = installed();
    let (exit, out, said) = waymark(folder.path(), &["demo", "play", "--speed", "0"]);
    assert!(exit == 3 && out.is_empty() && said.contains("serve --demo"), "{said}");
    assert_eq!(waymark(folder.path(), &["demo", "play", "--speed", "-1"]).0, 2);
}

/// One machine holds as many connections as are its share, and those go on.
#[cfg(unix)]
#[test]
fn a_proxy_on_this_machine_may_stand_for_many() {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::process::{Child, Stdio};

    struct Server(Child);
    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    let folder = installed();
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("bound").to_string();
    drop(free);
    let mut server = Command::new(env!("CARGO_BIN_EXE_waymark"))
        .current_dir(folder.path())
        .args(["--data", ".", "serve", "--listen", &address])
        .env("WAYMARK_LOG", "off")
        .env_remove("WAYMARK_DATABASE__URL")
        .stderr(Stdio::piped())
        .spawn()
        .map(Server)
        .expect("the program starts");
    let mut said = String::new();
    BufReader::new(server.0.stderr.take().expect("piped")).read_line(&mut said).expect("a line");
    assert!(said.contains("does not issue"), "it listens, and has no key: {said}");

    let connect = || TcpStream::connect(&address).expect("connected");
    let all: Vec<TcpStream> = (0..300).map(|_| connect()).collect();
    for mut one in all.into_iter().step_by(299) {
        one.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        one.read_to_string(&mut answer).expect("answered");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    // Whoever asks how it is asks where it listens, although the base URL says another port.
    let (exit, _, told) = waymark(folder.path(), &["healthcheck"]);
    assert!(exit == 0 || told.contains(&format!("http://{address}/readyz: the server answered")), "{exit} {told}");
}

#[test]
fn a_sender_that_is_no_address_is_a_mistake_of_the_configuration() {
    let folder = installed();
    std::fs::write(folder.path().join("waymark.toml"), "[mail]\nhost = \"smtp.example\"\nfrom = \"x\"\n")
        .expect("written");
    let (exit, _, said) = waymark(folder.path(), &["audit", "verify"]);
    assert!(exit == 4 && said.contains("configuration: mail.from: \"x\" is no address"), "{exit} {said}");
    assert!(!said.contains("/rustc/") && !said.contains("internal"), "{said}");
    let (exit, out, _) = waymark(folder.path(), &["doctor", "--json"]);
    let json: Value = serde_json::from_str(&out).expect("JSON");
    let mail = json["findings"].as_array().and_then(|all| all.iter().find(|f| f["check"] == "mail").cloned());
    let mail = mail.expect("a finding");
    assert_eq!((exit, mail["level"].as_str()), (1, Some("problem")));
    assert!(mail["text"].as_str().is_some_and(|text| text.contains("mail.from")), "{mail}");
}

#[test]
fn the_doctor_makes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let not_there = folder.path().join("not-there");
    let run = Command::new(env!("CARGO_BIN_EXE_waymark"))
        .current_dir(folder.path())
        .arg("--data")
        .arg(&not_there)
        .arg("doctor")
        .env_remove("WAYMARK_DATABASE__URL")
        .env("LC_ALL", "C")
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.code() == Some(1) && said.contains("There is no data in"), "{said}");
    assert!(!not_there.exists(), "a folder that was asked about is not made");
}

#[test]
fn a_configuration_that_was_named_has_to_be_there() {
    let folder = installed();
    let (exit, _, said) = waymark(folder.path(), &["--config", "nowhere.toml", "doctor"]);
    assert!(exit == 4 && said.contains("there is no file nowhere.toml"), "{exit} {said}");
    assert_ne!(waymark(folder.path(), &["doctor"]).0, 4, "without one the defaults count");
}
