//! The private keys of this process, and the only thing that can be done with them: sign a warrant.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use waymark_credential::key::{Signature, encode_multikey};
use zeroize::Zeroizing;

use super::Purpose;
use super::folder::{self, Fingerprint, KeyFile, Sealing, SealingCost, StillSealed};
use super::identity::Identity;
use super::passphrase::Passphrase;
use super::seal::warrant::Warrant;
use super::unusable::FolderError;
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

/// Why nothing can be signed. Verification does not need any of this.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Sealed(#[from] StillSealed),
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
    /// Opens the folder. Every listed key must have its private half there; files that no listed key belongs to are never used, and sealed ones not
    /// even opened where another fits. `passphrase` is the file that holds it. `demo` lets the sample key pass.
    pub fn open(
        folder: &Path,
        passphrase: &Path,
        listed: Vec<ListedKey>,
        identity: Identity,
        demo: bool,
    ) -> Result<Self, KeyringError> {
        let files = folder::read(folder)?;
        let passphrase = match files.iter().any(|file| file.plain().is_none()) {
            true => Passphrase::read(passphrase)?,
            false => None,
        };
        let is_sample = |key: &SigningKey| encode_multikey(key.verifying_key().as_bytes()) == SAMPLE_KEY;
        let plain_sample = files.iter().find(|file| file.plain().is_some_and(is_sample));
        if let Some(sample) = plain_sample.filter(|_| !demo) {
            return Err(KeyringError::Sample { path: sample.path.clone() });
        }
        let mut held = vec![];
        for key in listed {
            let private = find(&files, &key, passphrase.as_ref())?.ok_or_else(|| KeyringError::KeyMissing {
                folder: folder.to_owned(),
                key: key.id,
                multikey: encode_multikey(&key.public),
            })?;
            held.push(Held { listed: key, private });
        }
        Ok(Self { held, identity, stopped: OnceLock::new(), aside: RwLock::default() })
    }

    /// Whether it is what would be opened now: these keys for these purposes, under this identity.
    pub fn is_of(&self, listed: &[ListedKey], identity: &Identity) -> bool {
        self.identity == *identity && self.held.iter().map(|held| &held.listed).eq(listed)
    }

    /// A keyring of one key, listed under the public half of another seed where one is given.
    #[cfg(test)]
    pub(super) fn of_one(id: SigningKeyId, seed: [u8; 32], listed_as: Option<[u8; 32]>) -> Self {
        let public = SigningKey::from_bytes(&listed_as.unwrap_or(seed)).verifying_key().to_bytes();
        let listed = ListedKey { id, public, purposes: vec![Purpose::Credential] };
        let held = vec![Held { listed, private: SigningKey::from_bytes(&seed) }];
        let identity = Identity { did: String::new(), document: serde_json::Value::Null };
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

/// The private half of `key`. What is in the clear is looked at first, then the sealed file that has the key's name, then every other.
fn find(
    files: &[KeyFile],
    key: &ListedKey,
    passphrase: Option<&Passphrase>,
) -> Result<Option<SigningKey>, StillSealed> {
    let is_it = |private: &SigningKey| *private.verifying_key().as_bytes() == key.public;
    if let Some(found) = files.iter().filter_map(KeyFile::plain).find(|private| is_it(private)) {
        return Ok(Some(found.clone()));
    }
    let id = key.id.to_string();
    let named = |file: &&KeyFile| file.path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(&id));
    let sealed = || files.iter().filter(|file| file.plain().is_none());
    let mut first = None;
    for file in sealed().filter(named).chain(sealed().filter(|file| !named(file))) {
        match file.open(passphrase) {
            Ok(private) if is_it(&private) => return Ok(Some(private)),
            Ok(_) => {}
            Err(why) => {
                first.get_or_insert(why);
            }
        }
    }
    first.map_or(Ok(None), Err)
}

/// Makes a new key in the folder, in a file named `name.pem`, sealed where a passphrase is given; answers its public half and the path.
pub fn generate(
    folder: &Path,
    name: &str,
    from: &dyn Entropy,
    sealed: Option<(&Passphrase, SealingCost)>,
) -> Result<([u8; 32], PathBuf), FolderError> {
    let seed = Zeroizing::new(entropy::bytes::<32>(from));
    let sealing = sealed.map(|(passphrase, cost)| Sealing { passphrase, cost, from });
    let path = folder::write(folder, name, &seed, sealing.as_ref())?;
    Ok((SigningKey::from_bytes(&seed).verifying_key().to_bytes(), path))
}

/// Seals the files of the folder that are in the clear, but those of `except` (public halves); answers which.
pub fn encrypt_files(
    folder: &Path,
    passphrase: &Passphrase,
    cost: SealingCost,
    from: &dyn Entropy,
    except: &[[u8; 32]],
) -> Result<Vec<PathBuf>, FolderError> {
    folder::encrypt(folder, &Sealing { passphrase, cost, from }, except)
}

/// Takes a key file back whose key did not make it into the history.
pub fn discard(path: &Path) {
    if let Err(why) = std::fs::remove_file(path) {
        tracing::warn!(path = %path.display(), %why, "a key file that is not in use could not be removed");
    }
}

/// Where the open keyring stands in this process; empty until somebody needs it.
#[derive(Debug, Default)]
pub struct KeyringSlot(RwLock<Standing>);

#[derive(Debug, Default)]
struct Standing {
    open: Option<Arc<Keyring>>,
    /// The folder that the passphrase did not open: trying again costs a good part of a second.
    refused: Option<(Fingerprint, StillSealed)>,
}

impl KeyringSlot {
    pub fn get(&self) -> Option<Arc<Keyring>> {
        self.0.read().expect("no thread panics while it holds this lock").open.clone()
    }

    pub fn set(&self, keyring: Arc<Keyring>) {
        *self.0.write().expect("no thread panics while it holds this lock") =
            Standing { open: Some(keyring), refused: None };
    }

    /// Why the folder stayed sealed, if it was just this folder with just this passphrase.
    pub fn refused(&self, folder: &Fingerprint) -> Option<StillSealed> {
        let standing = self.0.read().expect("no thread panics while it holds this lock");
        standing.refused.as_ref().filter(|(known, _)| known == folder).map(|(_, why)| why.clone())
    }

    pub fn refuse(&self, folder: Fingerprint, why: StillSealed) {
        *self.0.write().expect("no thread panics while it holds this lock") =
            Standing { open: None, refused: Some((folder, why)) };
    }

    /// Forgets the keyring, so that the folder is read again at the next need.
    pub fn clear(&self) {
        *self.0.write().expect("no thread panics while it holds this lock") = Standing::default();
    }
}
