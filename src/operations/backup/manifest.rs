//! What an archive says about itself.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The form of archive that this program writes and reads.
pub const FORMAT: &str = "waymark-backup/1";
/// The name of the manifest's own entry.
pub const NAME: &str = "manifest.json";
/// The two names that a database may have inside, by kind of store.
pub const SQLITE: &str = "database.sqlite";
pub const POSTGRES: &str = "database.dump";
/// What the data folder remembers.
pub const REMEMBERED: &str = "serving.json";
/// Longer than a manifest of [`MOST_FILES`] entries.
pub const LONGEST: u64 = 1 << 20;
/// More keys than anybody has.
pub const MOST_FILES: usize = 1000;
/// A key file or what is remembered; the database alone may be larger.
pub const LARGEST_SMALL_FILE: u64 = 64 * 1024;

/// Which store the database was copied from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    Sqlite,
    Postgresql,
}

impl StoreKind {
    pub fn of_url(url: &str) -> Self {
        if url.starts_with("sqlite:") { Self::Sqlite } else { Self::Postgresql }
    }

    /// The name of the database inside the archive.
    pub fn file(self) -> &'static str {
        match self {
            Self::Sqlite => SQLITE,
            Self::Postgresql => POSTGRES,
        }
    }
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgresql => "PostgreSQL",
        })
    }
}

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// The first entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    /// RFC 3339, UTC. The database is as it was at this moment.
    pub created_at: String,
    /// The version of the program that wrote it.
    pub waymark: String,
    pub database: StoreKind,
    /// The newest migration that the database had.
    pub schema: String,
    pub base_url: String,
    pub files: Vec<Member>,
}

impl Manifest {
    /// What is wrong with it, if something is.
    pub fn fault(&self) -> Option<String> {
        if self.format != FORMAT {
            return Some(format!("its form is `{}`, this program reads `{FORMAT}`", self.format));
        }
        if self.files.len() > MOST_FILES {
            return Some(format!("it names more than {MOST_FILES} files"));
        }
        for (at, file) in self.files.iter().enumerate() {
            let known = file.name == self.database.file() || file.name == REMEMBERED || is_key(&file.name);
            if !known {
                return Some(format!("`{}` does not belong into a backup", file.name.escape_debug()));
            }
            if file.name != self.database.file() && file.bytes > LARGEST_SMALL_FILE {
                return Some(format!("`{}` is larger than any such file", file.name));
            }
            if self.files[..at].iter().any(|other| other.name == file.name) {
                return Some(format!("`{}` is named twice", file.name));
            }
        }
        let whole = self.files.iter().any(|file| file.name == self.database.file());
        (!whole).then(|| "it has no database".to_owned())
    }

    /// Whether private keys are inside.
    pub fn has_keys(&self) -> bool {
        self.files.iter().any(|file| is_key(&file.name))
    }
}

/// What the secrets of webhooks come from.
pub const WEBHOOKS: &str = "keys/webhooks.secret";

/// `keys/NAME.pem`, NAME of letters, digits, `-` and `_`; or the secret of webhooks.
pub fn is_key(name: &str) -> bool {
    if name == WEBHOOKS {
        return true;
    }
    name.strip_prefix("keys/").and_then(|rest| rest.strip_suffix(".pem")).is_some_and(|stem| {
        !stem.is_empty() && stem.len() < 200 && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(names: &[&str]) -> Manifest {
        let member = |name: &&str| Member { name: (*name).to_owned(), bytes: 1, sha256: String::new() };
        Manifest {
            format: FORMAT.to_owned(),
            created_at: String::new(),
            waymark: String::new(),
            database: StoreKind::Sqlite,
            schema: String::new(),
            base_url: String::new(),
            files: names.iter().map(member).collect(),
        }
    }

    #[test]
    fn only_what_a_backup_holds_is_let_in() {
        assert_eq!(manifest(&[SQLITE, REMEMBERED, "keys/credential-key_01.pem", WEBHOOKS]).fault(), None);
        for wrong in
            ["../waymark.db", "keys/../x.pem", "keys/.pem", "/etc/passwd", "keys/a/b.pem", POSTGRES, "keys/ä.pem"]
        {
            assert!(manifest(&[SQLITE, wrong]).fault().is_some(), "{wrong}");
        }
        assert!(manifest(&[REMEMBERED]).fault().is_some_and(|why| why.contains("no database")));
        assert!(manifest(&[SQLITE, SQLITE]).fault().is_some_and(|why| why.contains("twice")));
        let mut large = manifest(&[SQLITE, REMEMBERED]);
        large.files[1].bytes = LARGEST_SMALL_FILE + 1;
        assert!(large.fault().is_some());
        large.format = "waymark-backup/2".to_owned();
        assert!(large.fault().is_some_and(|why| why.contains("waymark-backup/1")));
    }
}
