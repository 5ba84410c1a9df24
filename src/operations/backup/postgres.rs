//! A PostgreSQL database by its own tools. The address goes in through the environment, so that no list of processes shows a password.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use percent_encoding::percent_decode_str;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use url::Url;

use super::BackupError;
use crate::database::Database;

/// Writes a copy as of one moment, in the tools' own compressed form.
pub async fn copy(url: &str, to: &Path) -> Result<(), BackupError> {
    run("pg_dump", url, &["--format=custom", "--no-owner", "--no-privileges"], "--file", to).await
}

/// Fills the empty database of the address: all of it, or nothing.
pub async fn fill(url: &str, from: &Path) -> Result<(), BackupError> {
    let arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"];
    run("pg_restore", url, &arguments, "--dbname", from).await
}

/// Whether the database of the address has no table yet.
pub async fn is_empty(db: &Database) -> Result<bool, BackupError> {
    let sql = "SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = current_schema()";
    let row = db.read().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(row.is_none_or(|row| row.try_get::<i64>("", "n").is_ok_and(|n| n == 0)))
}

async fn run(
    tool: &'static str,
    url: &str,
    arguments: &[&str],
    file_flag: &str,
    file: &Path,
) -> Result<(), BackupError> {
    let settings = settings(url)
        .ok_or_else(|| BackupError::Tool { tool, why: "the address of the database cannot be read".to_owned() })?;
    let name = settings.iter().find(|(key, _)| *key == "PGDATABASE").map(|(_, name)| name.clone()).unwrap_or_default();
    let mut arguments: Vec<std::ffi::OsString> = arguments.iter().map(Into::into).collect();
    if file_flag == "--dbname" {
        arguments.extend([file_flag.into(), name.into(), file.into()]);
    } else {
        arguments.extend([file_flag.into(), file.into()]);
    }
    let work = move || {
        let mut command = Command::new(find(tool));
        command.args(arguments).envs(settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.output()
    };
    let output = tokio::task::spawn_blocking(work).await.map_err(|e| BackupError::Tool { tool, why: e.to_string() })?;
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said: String = said.trim().chars().take(2000).collect();
            Err(BackupError::Tool { tool, why: said })
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(BackupError::NoTool { tool }),
        Err(e) => Err(BackupError::Tool { tool, why: e.to_string() }),
    }
}

/// The tool by name, or where Debian keeps those of the newest server.
fn find(tool: &str) -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin").join(tool)).collect())
        .unwrap_or_default();
    versions.retain(|path| path.is_file());
    versions.sort();
    versions.pop().unwrap_or_else(|| PathBuf::from(tool))
}

/// The environment that PostgreSQL's tools read.
fn settings(url: &str) -> Option<Vec<(&'static str, String)>> {
    let url = Url::parse(url).ok()?;
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut settings = vec![("PGHOST", plain(url.host_str().unwrap_or("localhost")))];
    settings.push(("PGPORT", url.port().unwrap_or(5432).to_string()));
    settings.push(("PGDATABASE", plain(url.path().trim_start_matches('/'))));
    if !url.username().is_empty() {
        settings.push(("PGUSER", plain(url.username())));
    }
    if let Some(password) = url.password() {
        settings.push(("PGPASSWORD", plain(password)));
    }
    if let Some((_, mode)) = url.query_pairs().find(|(key, _)| key == "sslmode") {
        settings.push(("PGSSLMODE", mode.into_owned()));
    }
    Some(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_settings() {
        let read = settings("postgres://way%40mark:p%3Ass@db.example:6432/way?sslmode=require").expect("an address");
        let expected = [
            ("PGHOST", "db.example"),
            ("PGPORT", "6432"),
            ("PGDATABASE", "way"),
            ("PGUSER", "way@mark"),
            ("PGPASSWORD", "p:ss"),
            ("PGSSLMODE", "require"),
        ];
        assert_eq!(read, expected.map(|(key, value)| (key, value.to_owned())));
    }
}
