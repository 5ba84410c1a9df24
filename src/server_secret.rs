//! One secret of the server, in a file beside the signing keys, and what is derived from it: the secrets of webhooks, and names that nobody can try a list against. No
//! store has it; whoever has a copy of the store alone can derive nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::entropy::{self, Entropy};

/// In the folder of the keys. Webhooks came first.
const FILE: &str = "webhooks.secret";
/// Longer than the file is.
const LONGEST: u64 = 200;

/// What every secret is derived from.
pub struct Root(Zeroizing<Vec<u8>>);

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

    /// What is derived for one purpose, which `about` begins with.
    pub fn derive(&self, about: &str) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(mac(&self.0, about.as_bytes()))
    }
}

/// HMAC-SHA256.
pub fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// The root for whoever writes: read from its file, or made, at the first need, and kept from then on.
#[derive(Default)]
pub struct ServerSecret {
    folder: OnceLock<PathBuf>,
    root: OnceLock<Root>,
}

impl ServerSecret {
    /// Says once where the keys lie.
    pub fn lies_in(&self, folder: PathBuf) {
        let _ = self.folder.set(folder);
    }

    /// What is derived for one purpose.
    ///
    /// # Errors
    /// Nobody said where the keys lie, or the file can be neither read nor made.
    pub fn derive(&self, from: &dyn Entropy, about: &str) -> Result<Zeroizing<Vec<u8>>> {
        if let Some(root) = self.root.get() {
            return Ok(root.derive(about));
        }
        let folder = self.folder.get().ok_or_else(|| Error::new(ErrorKind::NotFound, "no key folder was named"))?;
        let root = Root::read_or_make(folder, from)?;
        Ok(self.root.get_or_init(|| root).derive(about))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn the_file_is_made_once_and_read_by_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = folder.path().join("keys");
        assert_eq!(Root::read(&keys).err().map(|e| e.kind()), Some(ErrorKind::NotFound));
        let entropy = SeededEntropy::new(b"webhooks");
        let made = Root::read_or_make(&keys, &entropy).expect("made").derive("a");
        let again = Root::read_or_make(&keys, &entropy).expect("read").derive("a");
        assert_eq!(*made, *again);
        let root = Root::read(&keys).expect("read");
        assert_ne!(*root.derive("b"), *made);
        assert_eq!(fs::read_dir(&keys).expect("a folder").count(), 1, "nothing unfinished is left");
        fs::set_permissions(keys.join(FILE), fs::Permissions::from_mode(0o640)).expect("set");
        assert_eq!(Root::read(&keys).err().map(|e| e.kind()), Some(ErrorKind::PermissionDenied));
        fs::set_permissions(keys.join(FILE), fs::Permissions::from_mode(0o600)).expect("set");
        fs::write(keys.join(FILE), "c2hvcnQ=").expect("written");
        assert_eq!(Root::read(&keys).err().map(|e| e.kind()), Some(ErrorKind::InvalidData));
    }

    #[test]
    fn it_is_made_at_the_first_need_and_is_the_same_for_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let entropy = SeededEntropy::new(b"one");
        assert!(ServerSecret::default().derive(&entropy, "a").is_err(), "nobody said where");
        let (one, two) = (ServerSecret::default(), ServerSecret::default());
        one.lies_in(folder.path().to_owned());
        two.lies_in(folder.path().to_owned());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        let first = one.derive(&entropy, "a").expect("made");
        assert_eq!(*two.derive(&entropy, "a").expect("read"), *first);
        assert_ne!(*two.derive(&entropy, "b").expect("read"), *first);
    }
}
