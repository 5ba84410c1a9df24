//! The private keys of this process, and the only thing that can be done with them: sign a warrant.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde_json::Value;
use waymark_credential::key::{Signature, encode_multikey};
use zeroize::Zeroizing;

use super::Purpose;
use super::folder::{self, FolderError};
use super::seal::Warrant;
use crate::entropy::{self, Entropy};
use crate::ids::{IntentId, SigningKeyId};

/// The public half of the key in `keys.example/`: everybody has its private half.
pub const SAMPLE_KEY: &str = "z6MkhT3veGRgtkcWoTjx94wJJFbH3oZor7bukEJn4iBnK1qG";

/// A key that the history lists as active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    pub id: SigningKeyId,
    /// The 32 public bytes.
    pub public: [u8; 32],
    /// What it may sign.
    pub purposes: Vec<Purpose>,
}

/// Who signs, as a verifier would look it up: the DID and its document.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    pub did: String,
    pub document: Value,
}

/// Why nothing can be signed. Verification does not need any of this.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(
        "{path} holds the sample key of keys.example, which everybody knows: move it away and run `waymark key generate`"
    )]
    Sample { path: PathBuf },
    #[error(
        "no file in {folder} holds the private half of the active key {key} ({multikey}): restore it from a backup"
    )]
    KeyMissing { folder: PathBuf, key: SigningKeyId, multikey: String },
}

/// The open keyring.
pub struct Keyring {
    held: Vec<Held>,
    identity: Identity,
    stopped: OnceLock<String>,
    /// What this process found not to verify, and why.
    aside: RwLock<HashMap<IntentId, String>>,
}

struct Held {
    listed: ListedKey,
    private: SigningKey,
}

impl Keyring {
    /// Opens the folder. Every listed key must have its private half there; files that no listed key belongs to are never used. `demo` lets the
    /// sample key pass.
    pub fn open(folder: &Path, listed: Vec<ListedKey>, identity: Identity, demo: bool) -> Result<Self, KeyringError> {
        let mut files = folder::read(folder)?;
        if let Some(sample) =
            files.iter().find(|file| encode_multikey(file.key.verifying_key().as_bytes()) == SAMPLE_KEY)
            && !demo
        {
            return Err(KeyringError::Sample { path: sample.path.clone() });
        }
        let mut held = vec![];
        for key in listed {
            let Some(at) = files.iter().position(|file| *file.key.verifying_key().as_bytes() == key.public) else {
                return Err(KeyringError::KeyMissing {
                    folder: folder.to_owned(),
                    key: key.id,
                    multikey: encode_multikey(&key.public),
                });
            };
            held.push(Held { listed: key, private: files.swap_remove(at).key });
        }
        Ok(Self { held, identity, stopped: OnceLock::new(), aside: RwLock::default() })
    }

    /// A keyring of one key, listed under the public half of another seed where one is given.
    #[cfg(test)]
    pub(super) fn of_one(id: SigningKeyId, seed: [u8; 32], listed_as: Option<[u8; 32]>) -> Self {
        let public = SigningKey::from_bytes(&listed_as.unwrap_or(seed)).verifying_key().to_bytes();
        let listed = ListedKey { id, public, purposes: vec![Purpose::Credential] };
        let held = vec![Held { listed, private: SigningKey::from_bytes(&seed) }];
        let identity = Identity { did: String::new(), document: Value::Null };
        Self { held, identity, stopped: OnceLock::new(), aside: RwLock::default() }
    }

    /// Why the signer stopped itself, if it did: until the process is started anew, nothing is signed.
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    pub(super) fn stop(&self, why: &str) {
        let _ = self.stopped.set(why.to_owned());
    }

    /// The intents that were set aside since the keyring was opened.
    pub fn all_aside(&self) -> Vec<IntentId> {
        self.aside.read().expect("no thread panics while it holds this lock").keys().copied().collect()
    }

    pub(super) fn set_aside(&self, id: IntentId) -> Option<String> {
        self.aside.read().expect("no thread panics while it holds this lock").get(&id).cloned()
    }

    pub(super) fn put_aside(&self, id: IntentId, why: &str) {
        self.aside.write().expect("no thread panics while it holds this lock").insert(id, why.to_owned());
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether the key is here and may sign for the purpose.
    pub(super) fn may(&self, key: SigningKeyId, purpose: Purpose) -> bool {
        self.held.iter().any(|held| held.listed.id == key && held.listed.purposes.contains(&purpose))
    }

    /// The signature that the warrant asks for; None when the key is not here or not for this purpose.
    pub(super) fn sign(&self, warrant: &Warrant<'_>) -> Option<Signature> {
        if !self.may(warrant.key, warrant.purpose) {
            return None;
        }
        let held = self.held.iter().find(|held| held.listed.id == warrant.key)?;
        Some(Signature(held.private.sign(warrant.message).to_bytes()))
    }

    /// Whether the signature fits the bytes under the public half that the history lists.
    pub(super) fn fits(&self, warrant: &Warrant<'_>, signature: &Signature) -> bool {
        let listed = self.held.iter().find(|held| held.listed.id == warrant.key).map(|held| held.listed.public);
        listed.and_then(|public| VerifyingKey::from_bytes(&public).ok()).is_some_and(|public| {
            let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
            public.verify_strict(warrant.message, &signature).is_ok()
        })
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring")
            .field("keys", &self.held.len())
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

/// Makes a new key in the folder, in a file named `name.pem`; answers its public half and the path.
pub fn generate(folder: &Path, name: &str, from: &dyn Entropy) -> Result<([u8; 32], PathBuf), FolderError> {
    let seed = Zeroizing::new(entropy::bytes::<32>(from));
    let path = folder::write(folder, name, &seed)?;
    Ok((SigningKey::from_bytes(&seed).verifying_key().to_bytes(), path))
}

/// Takes a key file back whose key did not make it into the history.
pub fn discard(path: &Path) {
    if let Err(why) = std::fs::remove_file(path) {
        tracing::warn!(path = %path.display(), %why, "a key file that is not in use could not be removed");
    }
}

/// Where the open keyring stands in this process; empty until somebody needs it.
#[derive(Debug, Default)]
pub struct KeyringSlot(RwLock<Option<Arc<Keyring>>>);

impl KeyringSlot {
    pub fn get(&self) -> Option<Arc<Keyring>> {
        self.0.read().expect("no thread panics while it holds this lock").clone()
    }

    pub fn set(&self, keyring: Arc<Keyring>) {
        *self.0.write().expect("no thread panics while it holds this lock") = Some(keyring);
    }

    /// Forgets the keyring, so that the folder is read again at the next need.
    pub fn clear(&self) {
        *self.0.write().expect("no thread panics while it holds this lock") = None;
    }
}
