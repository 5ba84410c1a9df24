//! The files of a program, read from a folder (or from what is embedded) into memory, under caps.

use std::collections::BTreeMap;
use std::path::Path;

/// All files by their path inside the program, with `/` between.
#[derive(Debug, Clone, Default)]
pub struct FileSet {
    files: BTreeMap<String, Vec<u8>>,
}

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadFailure {
    #[error("{path}: {why}")]
    Io { path: String, why: std::io::Error },
    #[error("{path}: larger than {} MiB; split it", LARGEST_FILE / 1024 / 1024)]
    TooLarge { path: String },
    #[error("more than {MOST_FILES} files: is this the folder of a program?")]
    TooMany,
}

const LARGEST_FILE: u64 = 16 * 1024 * 1024;
const MOST_FILES: usize = 2000;
const FOLDERS: &[&str] = &["tracks", "tracks/tests", "exams", "banks", "sources", "ladders", "badges"];

impl FileSet {
    /// Reads `program.yaml` and the known folders of `folder`. Hidden files are passed over.
    pub fn read(folder: &Path) -> Result<Self, ReadFailure> {
        let mut set = Self::default();
        let program = folder.join("program.yaml");
        if program.exists() {
            set.take(&program, "program.yaml")?;
        }
        for name in FOLDERS {
            let inner = folder.join(name);
            if !inner.is_dir() {
                continue;
            }
            let entries =
                std::fs::read_dir(&inner).map_err(|why| ReadFailure::Io { path: inner.display().to_string(), why })?;
            for entry in entries {
                let entry = entry.map_err(|why| ReadFailure::Io { path: inner.display().to_string(), why })?;
                let file = entry.file_name().to_string_lossy().into_owned();
                if entry.path().is_file() && !file.starts_with('.') {
                    set.take(&entry.path(), &format!("{name}/{file}"))?;
                }
            }
        }
        Ok(set)
    }

    /// Files that are in memory already, such as the embedded demo.
    pub fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self { files: files.into_iter().collect() }
    }

    fn take(&mut self, path: &Path, name: &str) -> Result<(), ReadFailure> {
        let io = |why| ReadFailure::Io { path: path.display().to_string(), why };
        if std::fs::metadata(path).map_err(io)?.len() > LARGEST_FILE {
            return Err(ReadFailure::TooLarge { path: path.display().to_string() });
        }
        if self.files.len() >= MOST_FILES {
            return Err(ReadFailure::TooMany);
        }
        self.files.insert(name.to_owned(), std::fs::read(path).map_err(io)?);
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// The files of one folder, those of folders inside it left out: name and content.
    pub fn inside<'s>(&'s self, folder: &'s str) -> impl Iterator<Item = (&'s str, &'s [u8])> {
        self.files
            .iter()
            .filter_map(move |(name, bytes)| Some((name.strip_prefix(folder)?.strip_prefix('/')?, bytes.as_slice())))
            .filter(|(name, _)| !name.contains('/'))
    }
}
