//! `@digitalbazaar/vc` on the same credential, in its own process.

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// CPU nanoseconds of the Node.js process for each credential.
pub struct Peers {
    pub issue: f64,
    pub verify: f64,
}

pub fn measure(unsigned: &Value) -> Result<Peers, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/interop");
    if !folder.join("node_modules/@digitalbazaar/vc").is_dir() {
        return Err("run `npm ci` in tests/interop first".into());
    }
    let mut node = Command::new("node")
        .arg("figures.mjs")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    node.stdin.take().expect("piped").write_all(unsigned.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let output = node.wait_with_output().map_err(|error| error.to_string())?;
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("figures.mjs: {error}"))?;
    let nanos = |name: &str| answer[name].as_f64().ok_or(format!("figures.mjs: no {name}"));
    Ok(Peers { issue: nanos("issue")?, verify: nanos("verify")? })
}
