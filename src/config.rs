//! Configuration: flags over `WAYMARK_SECTION__KEY` over `waymark.toml` over what the data folder remembers over defaults; `*_FILE` names a file
//! that holds a secret. An unknown key stops the start and suggests the right one. `Debug` never shows a secret.

mod listening;
mod network;
mod remembered;
mod written;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use url::Url;

pub use network::Network;
pub use remembered::Remembered;

/// Everything that can be configured, with its default.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address under which people reach this installation; every link, QR code and did:web is built from it.
    pub base_url: Url,
    /// Where to listen: `127.0.0.1:8080`.
    pub listen: String,
    /// The folder that holds the SQLite file, the keys and uploaded files.
    pub data_dir: PathBuf,
    pub database: DatabaseConfig,
    pub keys: KeysConfig,
    pub issuer: IssuerConfig,
    pub mail: MailConfig,
    pub vc_api: VcApiConfig,
    pub limits: LimitsConfig,
    /// Reverse proxies whose `X-Forwarded-For` is believed: addresses and networks with commas between them, `10.0.0.7, 172.16.0.0/12`.
    pub trusted_proxies: String,
    /// How long a request's body may take. A megabyte is through by then at 70 kB a second.
    #[serde(skip, default = "body_time")]
    pub body_time: Duration,
    /// Demo: a loopback installation with sample people. Set by `serve --demo` only.
    #[serde(skip)]
    pub demo: bool,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://…` or `postgres://…`; empty: `waymark.db` in the data folder.
    pub url: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    /// The folder of private keys (0700); empty: `keys` in the data folder.
    pub dir: PathBuf,
    /// The file that holds the passphrase of sealed key files; empty: the systemd credential `waymark-key-passphrase`, where there is one.
    pub passphrase_file: PathBuf,
    /// Another cost of sealing (log₂ N, r, p of scrypt) than the default: for tests, which cannot wait.
    #[serde(skip)]
    pub sealing_cost: Option<(u8, u32, u32)>,
}

/// The name under which systemd hands over the passphrase (`LoadCredential=` or `LoadCredentialEncrypted=`).
const CREDENTIAL: &str = "waymark-key-passphrase";

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    pub did_method: DidMethod,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DidMethod {
    Web,
    Key,
}

/// The interface for conformance suites, with a key of its own that stands for nothing. The demo has it on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VcApiConfig {
    pub enabled: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    /// Verifications that one address may make.
    pub verifications_per_minute: u32,
    /// Events that may be under way or wait to be written; who comes beyond that is told to come back.
    pub events_waiting: u32,
}

/// Without a host nothing is mailed: pages and commands show the links instead.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    pub host: String,
    pub port: u16,
    pub username: String,
    pub password: String,
    pub from: String,
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split("://").next().unwrap_or_default();
        write!(f, "DatabaseConfig({scheme}://…)")
    }
}

impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailConfig({}:{})", self.host, self.port)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8080".parse().expect("a literal URL"),
            listen: "127.0.0.1:8080".to_owned(),
            data_dir: PathBuf::from("./waymark-data"),
            database: DatabaseConfig::default(),
            keys: KeysConfig::default(),
            issuer: IssuerConfig { did_method: DidMethod::Web },
            mail: MailConfig { port: 587, ..MailConfig::default() },
            vc_api: VcApiConfig::default(),
            limits: LimitsConfig { verifications_per_minute: 300, events_waiting: 4096 },
            trusted_proxies: String::new(),
            body_time: body_time(),
            demo: false,
        }
    }
}

fn body_time() -> Duration {
    Duration::from_secs(15)
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("configuration: {0}")]
    Wrong(String),
    #[error("configuration: unknown key `{key}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    UnknownKey { key: String, suggestion: Option<String> },
    #[error("configuration: {key}_FILE names {path}, which cannot be read: {why}")]
    SecretFile { key: String, path: String, why: std::io::Error },
}

const NOT_A_BASE: &str = "base_url must be an http or https address, such as https://waymark.example";

const LEAST_VERIFICATIONS: u32 = 300;

const KEYS: &[&str] = &[
    "base_url",
    "listen",
    "data_dir",
    "database.url",
    "keys.dir",
    "keys.passphrase_file",
    "issuer.did_method",
    "mail.host",
    "mail.port",
    "mail.username",
    "mail.password",
    "mail.from",
    "vc_api.enabled",
    "limits.verifications_per_minute",
    "limits.events_waiting",
    "trusted_proxies",
];

impl Config {
    /// Reads `file` (if it exists) and the given environment (name and value pairs). `data` is the data folder that a flag named. What that folder
    /// remembers counts where nothing else was set; a server that starts does not ask it for the base URL (`starts`).
    pub fn read(
        file: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
        data: Option<PathBuf>,
        starts: bool,
    ) -> Result<Self, ConfigError> {
        let set = Self::set(file, environment)?;
        let defaults = Figment::from(Serialized::defaults(Self::default()));
        let first: Self = defaults.clone().merge(set.clone()).extract().map_err(|e| describe(&e))?;
        let data_dir = data.unwrap_or(first.data_dir);
        let known = Remembered::read(&data_dir)?;
        let mut figment = defaults;
        if let Some(base_url) = known.base_url.filter(|_| !starts) {
            figment = figment.merge(Serialized::default("base_url", base_url));
        }
        let listens = known.listen.filter(|_| !starts);
        if let Some(listen) = &listens {
            figment = figment.merge(Serialized::default("listen", listen));
        }
        if let Some(method) = known.did_method {
            figment = figment.merge(Serialized::default("issuer.did_method", method));
        }
        let mut config: Self = figment.merge(set).extract().map_err(|e| describe(&e))?;
        if let Some(listen) = listens.filter(|_| config.listen.ends_with(":0")) {
            config.listen = listen;
        }
        Self { data_dir, ..config }.checked()
    }

    /// What somebody set, in the file or the environment.
    fn set(file: &Path, environment: impl IntoIterator<Item = (String, String)>) -> Result<Figment, ConfigError> {
        let mut figment = Figment::new();
        if file.exists() {
            figment = figment.merge(Toml::file_exact(file));
        }
        for (name, value) in environment {
            if name == "CREDENTIALS_DIRECTORY" {
                let file = Path::new(&value).join(CREDENTIAL);
                // what somebody sets stands above it
                figment = Figment::from(Serialized::default("keys.passphrase_file", file)).merge(figment);
                continue;
            }
            let Some(rest) = name.strip_prefix("WAYMARK_") else { continue };
            if rest == "LOG"
                || rest.starts_with("TEST_")
                || rest.starts_with("SHARED_")
                || rest == "LONG"
                || rest.starts_with("INTEROP_")
            {
                continue;
            }
            let (key, value) = match rest.strip_suffix("_FILE") {
                // not read here: without it the server starts, and is opened later
                Some("KEYS__PASSPHRASE") => (rest, value),
                Some(key) => {
                    let text = std::fs::read_to_string(&value).map_err(|why| ConfigError::SecretFile {
                        key: format!("WAYMARK_{key}"),
                        path: value.clone(),
                        why,
                    })?;
                    (key, text.trim_end_matches(['\r', '\n']).to_owned())
                }
                None => (rest, value),
            };
            let key = key.to_lowercase().replace("__", ".");
            if !KEYS.contains(&key.as_str()) {
                return Err(unknown(&name, &key));
            }
            figment = figment.merge(Serialized::default(&key, as_written(&key, value)));
        }
        Ok(figment)
    }

    /// The environment of this process.
    pub fn environment() -> Vec<(String, String)> {
        Env::raw().iter().map(|(name, value)| (name.as_str().to_uppercase(), value)).collect()
    }

    /// One variable that is no setting of ours: a secret whose place a file names.
    pub fn variable(name: &str) -> Option<String> {
        Env::raw().iter().find(|(known, _)| known.as_str().eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn checked(self) -> Result<Self, ConfigError> {
        let base = &self.base_url;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(ConfigError::Wrong(NOT_A_BASE.to_owned()));
        }
        let bare = base.username().is_empty() && base.password().is_none() && base.query().is_none();
        if !bare || base.fragment().is_some() || base.path() != "/" {
            return Err(ConfigError::Wrong(
                "base_url is scheme and host, and a port where it needs one: leave out user names, paths and what follows them, \
                 as in https://waymark.example"
                    .to_owned(),
            ));
        }
        if self.limits.verifications_per_minute < LEAST_VERIFICATIONS {
            return Err(ConfigError::Wrong(format!(
                "limits.verifications_per_minute is at least {LEAST_VERIFICATIONS}: fewer would keep honest employers out"
            )));
        }
        if self.limits.events_waiting == 0 {
            return Err(ConfigError::Wrong(
                "limits.events_waiting is at least 1: with none, no event is taken".to_owned(),
            ));
        }
        let wrong = |told: &str| ConfigError::Wrong(told.to_owned());
        written::database(&self.database.url).map_err(wrong)?;
        written::mail_port(self.mail.port).map_err(wrong)?;
        self.proxies().map(drop)?;
        let listen = self.listen.clone();
        self.listening_on(listen)
    }

    /// The same on another address: that of a flag.
    ///
    /// # Errors
    /// It is no host and port.
    pub fn listening_on(self, listen: String) -> Result<Self, ConfigError> {
        written::listen(&listen).map_err(|told| ConfigError::Wrong(told.to_owned()))?;
        Ok(Self { listen, ..self })
    }

    /// The networks of [`Self::trusted_proxies`].
    ///
    /// # Errors
    /// One that is neither an address nor a network.
    pub fn proxies(&self) -> Result<Vec<Network>, ConfigError> {
        let named = self.trusted_proxies.split(',').map(str::trim).filter(|text| !text.is_empty());
        let wrong = |text: &str| {
            ConfigError::Wrong(format!(
                "trusted_proxies: `{text}` is no address and no network; write 10.0.0.7 or 172.16.0.0/12"
            ))
        };
        named.map(|text| Network::parse(text).ok_or_else(|| wrong(text))).collect()
    }

    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite://{}", self.data_dir.join("waymark.db").display())
        } else {
            self.database.url.clone()
        }
    }

    pub fn keys_dir(&self) -> PathBuf {
        if self.keys.dir.as_os_str().is_empty() { self.data_dir.join("keys") } else { self.keys.dir.clone() }
    }
}

/// Numbers and switches are what they are to serde, all else is text.
fn as_written(key: &str, value: String) -> figment::value::Value {
    match (key, value.parse::<u32>(), value.parse::<bool>()) {
        ("mail.port" | "limits.verifications_per_minute" | "limits.events_waiting", Ok(n), _) => n.into(),
        ("vc_api.enabled", _, Ok(on)) => on.into(),
        _ => value.into(),
    }
}

fn describe(e: &figment::Error) -> ConfigError {
    let path = e.path.join(".");
    match &e.kind {
        figment::error::Kind::UnknownField(field, _) => {
            // figment names the field in the path, but not for every source
            let key = if e.path.last() == Some(field) || path.is_empty() { path } else { format!("{path}.{field}") };
            let key = if key.is_empty() { field.clone() } else { key };
            unknown(&key, &key)
        }
        _ if path == "base_url" => ConfigError::Wrong(NOT_A_BASE.to_owned()),
        kind => match written::instead(&path) {
            Some(told) => ConfigError::Wrong(told.to_owned()),
            None => ConfigError::Wrong(if path.is_empty() { kind.to_string() } else { format!("{path}: {kind}") }),
        },
    }
}

fn unknown(shown: &str, key: &str) -> ConfigError {
    let near = KEYS.iter().map(|known| (strsim::jaro_winkler(known, key), *known)).max_by(|a, b| a.0.total_cmp(&b.0));
    let suggestion = near.filter(|(likeness, _)| *likeness > 0.8).map(|(_, known)| {
        if shown.starts_with("WAYMARK_") {
            format!("WAYMARK_{}", known.to_uppercase().replace('.', "__"))
        } else {
            known.to_owned()
        }
    });
    ConfigError::UnknownKey { key: shown.to_owned(), suggestion }
}

#[cfg(test)]
mod tests;
