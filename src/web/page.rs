//! Pages: an askama template is a struct, its answer is [`Page`]. The shell (header, language switch, footer) is [`Shell`].

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::assets;
use super::i18n::{Locale, Words};
use super::visitor::Visitor;
pub use super::visitor::Who;
use crate::error::Error;

/// What every page needs; templates extend `base.html` and have a field `shell`.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The texts: `{{ shell.w.t("me-title") }}`.
    pub w: Words,
    /// Path and query of this page.
    pub path: String,
    pub who: Who,
    /// The token that forms post back as `csrf`; empty without a session.
    pub csrf: String,
    /// How many notices the member has not read, on pages that know.
    pub unread: u64,
}

impl Shell {
    pub fn new(visitor: &Visitor, who: Who, csrf: String) -> Self {
        Self { w: visitor.words, path: visitor.path.clone(), who, csrf, unread: 0 }
    }

    /// The address of an embedded file, with its hash in the name.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// This page in the other language.
    pub fn other_language(&self) -> String {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "lang") {
            pairs.append_pair(&name, &value);
        }
        pairs.append_pair("lang", self.w.locale.other().as_str());
        // to a browser, two slashes begin another host, and a slash may lean either way
        format!("/{}?{}", path.trim_start_matches(['/', '\\']), pairs.finish())
    }

    pub fn other_language_tag(&self) -> &'static str {
        self.w.locale.other().as_str()
    }

    pub fn is_ja(&self) -> bool {
        self.w.locale == Locale::Ja
    }

    pub fn signed_in(&self) -> bool {
        self.who != Who::Nobody
    }

    pub fn staff(&self) -> bool {
        self.who == Who::Staff
    }
}

/// A template as an answer: 200, `text/html`, not stored by anyone.
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => {
                let mut response = Html(html).into_response();
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Err(why) => Error::internal(why).into_response(),
        }
    }
}

/// "See there": the answer to a form post that worked.
pub fn see_other(path: &str) -> Response {
    let target = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response()
}

/// A path on this site, from a `next=` parameter: anything else becomes `/me`. No path here has an empty part; one that has could become
/// another host once its dots are taken out.
pub fn local_path(next: Option<&str>) -> &str {
    let is_plain = |n: &str| !n.split(['?', '#']).next().unwrap_or_default().contains("//");
    next.filter(|n| n.starts_with('/') && is_plain(n) && !n.contains(['\\', '\n', '\r', '\t']) && n.len() < 512)
        .unwrap_or("/me")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_parameter_never_leaves_the_site() {
        for evil in [
            "//evil.example",
            "/.//evil.example",
            "/%2e//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/\t/evil.example",
        ] {
            assert_eq!(local_path(Some(evil)), "/me", "{evil:?}");
        }
        assert_eq!(local_path(Some("/exam/att_1?x=1")), "/exam/att_1?x=1");
        assert_eq!(local_path(Some("/verify?id=https://a.example")), "/verify?id=https://a.example");
    }

    #[test]
    fn the_link_to_the_other_language_never_leaves_the_site() {
        let link = |path: &str| {
            let (w, path) = (Words::new(Locale::En), path.into());
            let shell = Shell { w, path, who: Who::Nobody, csrf: String::new(), unread: 0 };
            shell.other_language()
        };
        for evil in ["//evil.example/x", "///evil.example/x", "/\\evil.example/x", "\\\\evil.example/x"] {
            assert_eq!(link(evil), "/evil.example/x?lang=ja", "{evil}");
        }
        assert_eq!(link("/exams/a?x=//b&lang=en"), "/exams/a?x=%2F%2Fb&lang=ja");
        assert_eq!(link("/"), "/?lang=ja");
    }
}
