//! What `serve` leaves in the data folder, so that commands beside it speak of the same installation: the base URL it answers at, where it listens, and the DID method
//! under which the demo's data were signed. It stands above the defaults and below everything that somebody set.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConfigError, DidMethod};

/// `serving.json` of a data folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remembered {
    /// Where the server that was started last answers. Each start forgets it and writes its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<Url>,
    /// The address that it listens on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// Kept for as long as the data are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did_method: Option<DidMethod>,
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("serving.json")
}

impl Remembered {
    /// What the folder remembers; nothing, where no server ran on it.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn read(data_dir: &Path) -> Result<Self, ConfigError> {
        let path = file(data_dir);
        let wrong = |why: String| {
            ConfigError::Wrong(format!(
                "{}: {why}; remove the file, the next `waymark serve` writes it anew",
                path.display()
            ))
        };
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| wrong(e.to_string())),
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Self::default()),
            Err(e) => Err(wrong(e.to_string())),
        }
    }

    /// Replaces what the folder remembers. A reader sees the old or the new, never a half.
    pub fn write(&self, data_dir: &Path) -> std::io::Result<()> {
        let path = file(data_dir);
        let fresh = path.with_extension("json.new");
        std::fs::write(&fresh, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(&fresh, &path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_damage_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(Remembered::read(folder.path()).expect("nothing yet"), Remembered::default());
        let told = Remembered {
            base_url: Some("http://127.0.0.1:9000".parse().expect("a URL")),
            listen: Some("127.0.0.1:9000".to_owned()),
            did_method: Some(DidMethod::Key),
        };
        told.write(folder.path()).expect("written");
        assert_eq!(Remembered::read(folder.path()).expect("read"), told);
        std::fs::write(file(folder.path()), "{\"base\":1}").expect("written");
        let refused = Remembered::read(folder.path()).expect_err("damaged").to_string();
        assert!(refused.contains("serving.json") && refused.contains("remove the file"), "{refused}");
    }
}
