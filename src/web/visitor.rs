//! What is known of a request before anyone is asked who they are: language, address, path.

use std::sync::{Arc, OnceLock};

use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use super::i18n::{Locale, Words};

/// The cookie that remembers a chosen language.
pub const LANGUAGE_COOKIE: &str = "waymark-lang";

/// Who looks at the page, as far as the header shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Nobody,
    Member,
    Staff,
}

#[derive(Debug, Clone)]
pub struct Visitor {
    pub words: Words,
    /// Path and query of the request.
    pub path: String,
}

/// Whom the guard of a route recognized, as far as the header of an error page shows it: filled by `access`, read when an error is rendered.
#[derive(Debug, Clone, Default)]
pub struct Recognized(Arc<OnceLock<(Who, String)>>);

impl Recognized {
    /// Who looks, and the token of their forms. The first word stands.
    pub fn note(&self, who: Who, csrf: &str) {
        let _ = self.0.set((who, csrf.to_owned()));
    }

    pub fn get(&self) -> (Who, String) {
        self.0.get().cloned().unwrap_or((Who::Nobody, String::new()))
    }
}

impl Visitor {
    pub fn of(parts: &Parts) -> Self {
        Self {
            words: Words::new(locale(&parts.uri, &parts.headers)),
            path: parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
        }
    }
}

/// `?lang=`, then the cookie, then Accept-Language, else English.
pub fn locale(uri: &Uri, headers: &HeaderMap) -> Locale {
    wanted(uri, headers).unwrap_or(Locale::En)
}

/// The language that the request asks for in one of these ways.
pub fn wanted(uri: &Uri, headers: &HeaderMap) -> Option<Locale> {
    asked_language(uri)
        .or_else(|| cookie(headers, LANGUAGE_COOKIE).and_then(Locale::parse))
        .or_else(|| headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(preferred))
}

/// The language named in the query.
pub fn asked_language(uri: &Uri) -> Option<Locale> {
    let query = uri.query()?;
    let (_, tag) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang")?;
    Locale::parse(&tag)
}

/// The first of our languages by descending `q`.
fn preferred(header: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for part in header.split(',').take(20) {
        let mut pieces = part.split(';');
        let Some(locale) = pieces.next().and_then(Locale::parse) else { continue };
        let q = pieces.find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok())).unwrap_or(1.0);
        if best.is_none_or(|(b, _)| q > b) {
            best = Some((q, locale));
        }
    }
    best.filter(|(q, _)| *q > 0.0).map(|(_, locale)| locale)
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Whether the answer should be a page: a browser asks for HTML and the path is no API path.
pub fn wants_html(path: &str, headers: &HeaderMap) -> bool {
    !path.starts_with("/api/")
        && headers.get(ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_beats_the_cookie_which_beats_the_browser() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, "fr, en;q=0.5, ja;q=0.9".parse().expect("header"));
        assert_eq!(locale(&Uri::from_static("/"), &headers), Locale::Ja);
        headers.insert(COOKIE, "a=b; waymark-lang=en".parse().expect("header"));
        assert_eq!(locale(&Uri::from_static("/"), &headers), Locale::En);
        assert_eq!(locale(&Uri::from_static("/?x=1&lang=ja"), &headers), Locale::Ja);
    }
}
