//! The secret that a source signs its deliveries with: where its file says that it stands, how it is read, how a signature is checked. The secret itself stands in no
//! file of a program, is stored nowhere, and is shown to nobody.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::adapter::Adapter;
use crate::config::Config;
use crate::document::{Faults, Fields};
use crate::error::Fault;

/// Where the secret stands. Never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretPlace {
    /// A file that its owner alone reads; a relative path counts from the data folder.
    File(String),
    /// A variable of the environment.
    Env(String),
}

const LONGEST_PATH: usize = 400;
const LONGEST_NAME: usize = 100;

/// `secret: {file: …}` or `secret: {env: …}`.
pub(super) fn place(fields: &mut Fields<'_>, adapter: Adapter, faults: &mut Faults) -> Option<SecretPlace> {
    let at = fields.at("secret");
    let Some(value) = fields.value("secret") else {
        if adapter.is_hook() {
            let detail = "`secret` is missing: name where it stands, {file: secrets/name} or {env: NAME}";
            faults.push(Fault::new("", "missing_field", detail));
        }
        return None;
    };
    let mut wrong = |code, detail: &str| {
        faults.push(Fault::new(&at, code, detail));
        None
    };
    if !adapter.is_hook() {
        return wrong("not_for_this_adapter", "deliveries of this adapter are not signed: leave `secret` out");
    }
    let entry = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next());
    match entry.map(|(name, place)| (name.as_str(), place.as_str().unwrap_or_default())) {
        Some(("file", path)) if !path.is_empty() && path.len() <= LONGEST_PATH && !path.contains(char::is_control) => {
            Some(SecretPlace::File(path.to_owned()))
        }
        Some(("env", name)) if is_variable(name) => Some(SecretPlace::Env(name.to_owned())),
        Some(("env", _)) => wrong(
            "invalid_variable",
            "a variable is A to Z, 0 to 9 and _, such as GITHUB_HOOK; names that begin with WAYMARK_ are settings",
        ),
        _ => wrong(
            "invalid_secret",
            "name where the secret stands, {file: secrets/name} or {env: NAME}; the secret itself belongs in no file of the program",
        ),
    }
}

fn is_variable(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    plain
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.len() <= LONGEST_NAME
        && !name.starts_with("WAYMARK_")
}

/// Why there is no secret to check with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSecret {
    /// No file, no variable, or nothing in it.
    Missing,
    /// Others than the owner can read the file.
    Open,
    /// Fewer than [`SHORTEST`] bytes: it could be guessed.
    Short,
}

impl NoSecret {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "secret_missing",
            Self::Open => "secret_open",
            Self::Short => "secret_short",
        }
    }
}

const SHORTEST: usize = 16;
/// Longer than any file of secrets is.
const LONGEST_FILE: u64 = 4096;
/// A new secret and the one before it, while both are in use.
const MOST_SECRETS: usize = 2;

/// One secret, or two while one takes the place of the other: a line each, read anew for each delivery, so that nothing is restarted.
pub(super) struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    pub fn open(place: &SecretPlace, config: &Config) -> Result<Self, NoSecret> {
        let text = match place {
            SecretPlace::Env(name) => Config::variable(name).map(Zeroizing::new).ok_or(NoSecret::Missing)?,
            SecretPlace::File(path) => read(&config.data_dir.join(path))?,
        };
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_SECRETS);
        let secrets: Vec<_> = lines.map(|line| Zeroizing::new(line.to_owned())).collect();
        match secrets.iter().map(|secret| secret.len()).min() {
            None => Err(NoSecret::Missing),
            Some(shortest) if shortest < SHORTEST => Err(NoSecret::Short),
            Some(_) => Ok(Self(secrets)),
        }
    }

    /// Whether one of them signed exactly these bytes. All are tried, and each comparison takes the same time whatever was sent.
    pub fn signed(&self, body: &[u8], signature: &[u8; 32]) -> bool {
        let mut right = subtle::Choice::from(0);
        for secret in &self.0 {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
            mac.update(body);
            right |= mac.finalize().into_bytes().as_slice().ct_eq(&signature[..]);
        }
        right.into()
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, NoSecret> {
    let about = fs::metadata(path).map_err(|_| NoSecret::Missing)?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(NoSecret::Open);
    }
    if !about.is_file() || about.len() > LONGEST_FILE {
        return Err(NoSecret::Missing);
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(|_| NoSecret::Missing)
}

/// The signature of a delivery: HMAC-SHA256 in hex, under the header and with the beginning that each system uses. None where it is not there exactly once.
pub(super) fn signature(adapter: Adapter, headers: &HeaderMap) -> Option<[u8; 32]> {
    let (names, before): (&[&str], &str) = match adapter {
        Adapter::GitHub => (&["x-hub-signature-256"], "sha256="),
        Adapter::Discourse => (&["x-discourse-event-signature"], "sha256="),
        Adapter::Forgejo => (&["x-forgejo-signature", "x-gitea-signature"], ""),
        Adapter::CloudEvents | Adapter::Feed => return None,
    };
    let name = names.iter().find(|name| headers.contains_key(**name))?;
    let mut said = headers.get_all(*name).iter();
    let (Some(only), None) = (said.next(), said.next()) else { return None };
    from_hex(only.to_str().ok()?.strip_prefix(before)?)
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let bytes = text.as_bytes();
    if bytes.len() != 64 {
        return None;
    }
    let mut out = [0; 32];
    for (byte, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        let digit = |c: u8| char::from(c).to_digit(16).and_then(|n| u8::try_from(n).ok());
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(lines: &str) -> Secrets {
        Secrets(lines.lines().map(|line| Zeroizing::new(line.to_owned())).collect())
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().expect("a header"));
        }
        headers
    }

    /// The example of GitHub's documentation ("Validating webhook deliveries").
    const SAID: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    #[test]
    fn a_signature_is_that_of_the_documentation() {
        let said = signature(Adapter::GitHub, &headers(&[("x-hub-signature-256", SAID)])).expect("read");
        let right = secrets("It's a Secret to Everybody");
        assert!(right.signed(b"Hello, World!", &said));
        assert!(secrets("another\nIt's a Secret to Everybody").signed(b"Hello, World!", &said), "while it is rotated");
        assert!(!right.signed(b"Hello, World", &said) && !secrets("another").signed(b"Hello, World!", &said));
        for at in 0..32 {
            let mut forged = said;
            forged[at] ^= 1;
            assert!(!right.signed(b"Hello, World!", &forged), "bit of byte {at}");
        }
    }

    #[test]
    fn only_one_whole_signature_is_read() {
        let bare = &SAID["sha256=".len()..];
        let read = |adapter, pairs: &[(&'static str, &str)]| signature(adapter, &headers(pairs)).is_some();
        assert!(read(Adapter::Discourse, &[("x-discourse-event-signature", SAID)]));
        assert!(read(Adapter::Forgejo, &[("x-gitea-signature", bare)]));
        assert!(read(Adapter::Forgejo, &[("x-forgejo-signature", bare)]));
        for (adapter, pairs) in [
            (Adapter::GitHub, vec![]),
            (Adapter::GitHub, vec![("x-hub-signature-256", bare)]),
            (Adapter::GitHub, vec![("x-hub-signature-256", SAID), ("x-hub-signature-256", SAID)]),
            (Adapter::GitHub, vec![("x-hub-signature-256", &SAID[..70])]),
            (Adapter::GitHub, vec![("x-hub-signature", SAID)]),
            (Adapter::Forgejo, vec![("x-forgejo-signature", SAID)]),
            (Adapter::CloudEvents, vec![("x-hub-signature-256", SAID)]),
        ] {
            assert!(!read(adapter, &pairs), "{adapter:?} {pairs:?}");
        }
    }

    #[test]
    fn a_file_is_read_only_where_its_owner_alone_can() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let place = SecretPlace::File("hook".to_owned());
        let open = || Secrets::open(&place, &config).err();
        assert_eq!(open(), Some(NoSecret::Missing));
        let path = folder.path().join("hook");
        for (text, mode, outcome) in [
            ("0123456789abcdef", 0o644, Some(NoSecret::Open)),
            ("0123456789abcde", 0o600, Some(NoSecret::Short)),
            (" \n\n", 0o600, Some(NoSecret::Missing)),
            ("0123456789abcdef\n", 0o600, None),
        ] {
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            assert_eq!(open(), outcome, "{text}");
        }
    }
}
