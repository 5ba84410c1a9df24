//! A demo's data folder and the commands beside its server: they know its address and how it signs, and no variable has to say so.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The program on a data folder, with nothing set.
fn waymark(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command.current_dir(data).arg("--data").arg(data);
    for (name, _) in waymark::config::Config::environment() {
        if name.starts_with("WAYMARK_") {
            command.env_remove(name);
        }
    }
    command
}

/// Ends with the test, whatever happens.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A demo on a free port, and what it printed once it was ready.
fn demo(data: &Path) -> (Server, Value) {
    let mut child = waymark(data)
        .args(["--json", "serve", "--demo", "--listen", "127.0.0.1:0"])
        .env("WAYMARK_LOG", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    (Server(child), serde_json::from_str(&line).expect("one JSON document"))
}

/// What a command answers in JSON, once it worked.
fn told(data: &Path, arguments: &[&str]) -> Value {
    let run = waymark(data).arg("--json").args(arguments).output().expect("the program starts");
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("one JSON document")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_on_a_demos_folder_need_no_variable() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path();
    let (server, doors) = demo(data);
    let base = doors["url"].as_str().expect("a URL").to_owned();
    assert_ne!(base, "http://127.0.0.1:8080");

    let link = told(data, &["login-link", "hikari@nanase.example"]);
    let link = link["link"].as_str().expect("a link");
    assert!(link.starts_with(&format!("{base}/login/")), "{link}");
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    assert_eq!(http.get(link).send().await.expect("answers").status(), 200, "the printed link opens");
    let made = told(data, &["admin", "create", "new@guild.example"]);
    assert!(made["link"].as_str().is_some_and(|link| link.starts_with(&base)), "{made}");

    let tracks: Value =
        http.get(format!("{base}/api/v1/tracks")).send().await.expect("answers").json().await.expect("JSON");
    let track = tracks["data"][0]["slug"].as_str().expect("a track");
    let issued =
        told(data, &["credential", "issue", "--track", track, "--email", "ann@guild.example", "--name", "Ann"]);
    assert_eq!(issued["state"], "released");
    assert!(issued["url"].as_str().is_some_and(|url| url.starts_with(&base)), "{issued}");
    let id = issued["id"].as_str().expect("an id");
    let revoked = told(data, &["credential", "revoke", id, "--reason", "issued_in_error"]);
    assert_eq!(revoked["state"], "revoked");

    drop(server);
    let (_server, doors) = demo(data);
    let next = doors["url"].as_str().expect("a URL");
    assert_ne!(next, base, "each start finds its own port");
    let link = told(data, &["login-link", "hikari@nanase.example"]);
    assert!(link["link"].as_str().is_some_and(|link| link.starts_with(next)), "{link}");
    let link = waymark(data)
        .args(["login-link", "hikari@nanase.example"])
        .env("WAYMARK_BASE_URL", "https://waymark.example")
        .output()
        .expect("the program starts");
    assert!(String::from_utf8_lossy(&link.stdout).starts_with("https://waymark.example/login/"), "what is set wins");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_survive_an_orderly_stop() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path();
    let (mut server, doors) = demo(data);
    let address = doors["credential"].as_str().expect("an address").to_owned();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let html = http.get(&address).header("accept", "text/html").send().await.expect("answers");
    assert_eq!(html.status(), 200);
    let stop = Command::new("kill").args(["-TERM", &server.0.id().to_string()]).status().expect("asked to stop");
    assert!(stop.success() && server.0.wait().expect("gone").success(), "it stops in order");

    let (_server, doors) = demo(data);
    let key = told(data, &["api-key", "create", "--role", "auditor", "--name", "figures"]);
    let key = key["key"].as_str().expect("a key").to_owned();
    let base = doors["url"].as_str().expect("a URL");
    let mut looks = 0;
    for track in ["foundations", "contributor", "steward"] {
        let call = http.get(format!("{base}/api/v1/tracks/{track}/counts")).bearer_auth(&key);
        let counts: Value = call.send().await.expect("answers").json().await.expect("JSON");
        looks += counts["totals"]["view"].as_u64().expect("a number");
    }
    assert_eq!(looks, 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let migrate = || {
        let run = Command::new(env!("CARGO_BIN_EXE_waymark")).args(["migrate", "--data"]).arg(&data).output();
        assert!(run.expect("the program starts").status.success());
    };
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    migrate();
    assert_eq!((mode(&data), mode(&data.join("waymark.db"))), (0o700, 0o600));
    std::fs::set_permissions(data.join("waymark.db"), std::fs::Permissions::from_mode(0o644)).expect("opened up");
    migrate();
    assert_eq!(mode(&data.join("waymark.db")), 0o600, "and closed again");
}
