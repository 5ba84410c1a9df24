//! Every absolute URL that Waymark prints, signs or mails is built here, from the configured base URL and never from a Host header.

use url::Url;

#[derive(Debug, Clone)]
pub struct Links {
    base: String,
    host: String,
}

impl Links {
    /// `base` is an absolute http(s) URL; a trailing slash is dropped.
    pub fn new(base: &Url) -> Self {
        let host = match (base.host_str(), base.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => String::new(),
        };
        Self { base: base.as_str().trim_end_matches('/').to_owned(), host }
    }

    /// `https://waymark.example`, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `waymark.example` or `127.0.0.1:8080`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The base URL followed by a path that starts with `/`.
    pub fn to(&self, path: &str) -> String {
        debug_assert!(path.starts_with('/'), "a path starts with a slash");
        format!("{}{path}", self.base)
    }

    pub fn share(&self, share_id: &str) -> String {
        self.to(&format!("/c/{share_id}"))
    }

    /// A member's public profile.
    pub fn profile(&self, handle: &str) -> String {
        self.to(&format!("/m/{handle}"))
    }

    /// A selection of credentials for one reader.
    pub fn selection(&self, share_id: &str) -> String {
        self.to(&format!("/s/{share_id}"))
    }

    pub fn status_list(&self, list_id: &str) -> String {
        self.to(&format!("/status/{list_id}"))
    }

    /// A status list of the interface for conformance suites.
    pub fn conformance_list(&self, list_id: &str) -> String {
        self.to(&format!("/vc-api/status-lists/{list_id}"))
    }

    pub fn achievement(&self, id: &str) -> String {
        self.to(&format!("/achievements/{id}"))
    }

    pub fn login(&self, token: &str) -> String {
        self.to(&format!("/login/{token}"))
    }

    pub fn claim(&self, token: &str) -> String {
        self.to(&format!("/claim/{token}"))
    }

    /// An invitation to join.
    pub fn invitation(&self, token: &str) -> String {
        self.to(&format!("/invite/{token}"))
    }

    /// The path of one of our own URLs (`/status/…`), or None for any other.
    pub fn own_path<'u>(&self, url: &'u str) -> Option<&'u str> {
        url.strip_prefix(self.base.as_str()).filter(|rest| rest.starts_with('/'))
    }
}
