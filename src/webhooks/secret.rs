//! The secrets that deliveries are signed with (Standard Webhooks, `v1`). None is stored: each is derived from one file beside the signing keys, the
//! webhook's id and a number that grows when it is rotated. The store has a hash, which tells whether the file is still the one.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::entropy::{self, Entropy};
use crate::ids::WebhookId;

/// In the folder of the keys.
const FILE: &str = "webhooks.secret";
/// Longer than the file is.
const LONGEST: u64 = 200;

/// What every secret is derived from.
pub(super) struct Root(Zeroizing<Vec<u8>>);

impl Root {
    /// Reads the file.
    ///
    /// # Errors
    /// It is not there, others may read it, or it is not what was written.
    pub fn read(keys: &Path) -> Result<Self> {
        let path = keys.join(FILE);
        let about = fs::metadata(&path)?;
        if about.permissions().mode() & 0o077 != 0 {
            return Err(Error::new(ErrorKind::PermissionDenied, "others can read webhooks.secret: chmod 600"));
        }
        let unfit = || Error::new(ErrorKind::InvalidData, "webhooks.secret is not what was written");
        if !about.is_file() || about.len() > LONGEST {
            return Err(unfit());
        }
        let text = Zeroizing::new(fs::read_to_string(&path)?);
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| unfit())?);
        if bytes.len() == 32 { Ok(Self(bytes)) } else { Err(unfit()) }
    }

    /// Reads the file, or makes one where there is none. Of two who make it at once, one does and both read it.
    pub fn read_or_make(keys: &Path, from: &dyn Entropy) -> Result<Self> {
        match Self::read(keys) {
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            other => return other,
        }
        if !keys.exists() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(keys)?;
        }
        let fresh: [u8; 32] = entropy::bytes(from);
        let text = Zeroizing::new(STANDARD.encode(fresh));
        // Under its name only once it is whole.
        let name: String = entropy::bytes::<6>(from).iter().map(|b| format!("{b:02x}")).collect();
        let unfinished = keys.join(format!("{FILE}.{name}"));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        let placed = fs::hard_link(&unfinished, keys.join(FILE));
        fs::remove_file(&unfinished)?;
        match placed {
            Err(e) if e.kind() != ErrorKind::AlreadyExists => return Err(e),
            _ => File::open(keys)?.sync_all()?,
        }
        Self::read(keys)
    }

    pub fn secret(&self, webhook: WebhookId, number: i32) -> Secret {
        let about = format!("waymark webhook\x1f{webhook}\x1f{number}");
        Secret(Zeroizing::new(mac(&self.0, about.as_bytes())))
    }
}

/// The secret that one webhook shares with its receiver.
pub(super) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// As the receiver keeps it: `whsec_` and base64. To be shown once.
    pub fn to_text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&*self.0))
    }

    /// What the store keeps of it: 256 random bits cannot be guessed from their hash.
    pub fn hash(&self) -> String {
        let hash = Sha256::new().chain_update(b"waymark webhook secret\x1f").chain_update(&*self.0).finalize();
        hash.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// One entry of `webhook-signature`: HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, "Signature scheme").
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        format!("v1,{}", STANDARD.encode(mac(&self.0, format!("{id}.{timestamp}.{body}").as_bytes())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    /// The example of the specification's reference libraries.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let secret = Secret(Zeroizing::new(key));
        let body = r#"{"test": 2432232314}"#;
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret.to_text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn the_file_is_made_once_and_read_by_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = folder.path().join("keys");
        assert_eq!(Root::read(&keys).err().map(|e| e.kind()), Some(ErrorKind::NotFound));
        let entropy = SeededEntropy::new(b"webhooks");
        let id = crate::ids::fresh(crate::clock::Timestamp::UNIX_EPOCH, &entropy);
        let made = Root::read_or_make(&keys, &entropy).expect("made").secret(id, 1);
        let again = Root::read_or_make(&keys, &entropy).expect("read").secret(id, 1);
        assert_eq!(made.to_text(), again.to_text());
        let root = Root::read(&keys).expect("read");
        assert_ne!(root.secret(id, 2).to_text(), made.to_text());
        assert_eq!(fs::read_dir(&keys).expect("a folder").count(), 1, "nothing unfinished is left");
        fs::set_permissions(keys.join(FILE), fs::Permissions::from_mode(0o640)).expect("set");
        assert_eq!(Root::read(&keys).err().map(|e| e.kind()), Some(ErrorKind::PermissionDenied));
        fs::set_permissions(keys.join(FILE), fs::Permissions::from_mode(0o600)).expect("set");
        fs::write(keys.join(FILE), "c2hvcnQ=").expect("written");
        assert_eq!(Root::read(&keys).err().map(|e| e.kind()), Some(ErrorKind::InvalidData));
    }
}
