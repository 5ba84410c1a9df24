//! `/docs`: the guide of this very version, in the reader's language. The pages are those of `docs/`, which are inside the program.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use rust_embed::RustEmbed;
use waymark_assess::manual;

use crate::access::Public;
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::page::{Page, Shell};

#[derive(RustEmbed)]
#[folder = "docs"]
#[include = "en/*.md"]
#[include = "ja/*.md"]
struct Guide;

/// The page that lists the others.
const FIRST: &str = "README";

#[derive(Template)]
#[template(path = "api_docs/manual.html")]
struct ManualPage {
    shell: Shell,
    title: String,
    html: String,
    first: bool,
}

fn text_of(language: &str, name: &str) -> Option<String> {
    // Nothing but a page's own name: no step leads out of the folder.
    if name != FIRST && !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
        return None;
    }
    let file = Guide::get(&format!("{language}/{name}.md"))?;
    Some(String::from_utf8_lossy(&file.data).into_owned())
}

/// Where a link of a page leads on this server; what lies beside the guide in its repository is not here.
fn lead(language: &str, to: &str) -> Option<String> {
    let page = to.split('#').next().unwrap_or_default();
    if page.starts_with("https://") || page.starts_with("http://") || page.starts_with("mailto:") {
        return Some(to.to_owned());
    }
    for other in ["en", "ja"] {
        if page == format!("../{other}/{FIRST}.md") {
            return Some(format!("/docs?lang={other}"));
        }
    }
    let name = page.strip_suffix(".md").filter(|name| text_of(language, name).is_some())?;
    Some(if name == FIRST { "/docs".to_owned() } else { format!("/docs/{name}") })
}

fn page(shell: Shell, name: &str) -> Result<ManualPage> {
    let language = shell.w.lang();
    let text = text_of(language, name).ok_or_else(Error::not_found)?;
    let (title, rest) =
        text.trim_start().strip_prefix("# ").and_then(|text| text.split_once('\n')).unwrap_or(("", text.as_str()));
    let html = manual(rest, |to| lead(language, to));
    // A wide table scrolls within its own frame. What the texts say cannot look like a tag: it is escaped.
    let framed = "<div class=\"table-scroll\" tabindex=\"0\"><table class=\"table\">";
    let html = html.replace("<table>", framed).replace("</table>", "</table></div>");
    Ok(ManualPage { title: title.trim().to_owned(), html, first: name == FIRST, shell })
}

/// `GET /docs`.
pub async fn guide_page(who: Public, State(_): State<App>) -> Result<impl IntoResponse> {
    page(who.shell(), FIRST).map(Page)
}

/// `GET /docs/{name}`.
pub async fn guide_chapter(who: Public, State(_): State<App>, Path(name): Path<String>) -> Result<impl IntoResponse> {
    if name == FIRST {
        return Err(Error::not_found());
    }
    page(who.shell(), &name).map(Page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_stands_in_both_languages_under_a_title() {
        let names = |language: &str| -> Vec<String> {
            let prefix = format!("{language}/");
            let mut names: Vec<String> =
                Guide::iter().filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned)).collect();
            names.sort();
            names
        };
        assert!(names("en").len() > 10);
        assert_eq!(names("en"), names("ja"));
        for language in ["en", "ja"] {
            for name in names(language) {
                let text = text_of(language, name.trim_end_matches(".md")).expect("there");
                assert!(text.starts_with("# "), "{language}/{name}");
            }
        }
    }

    #[test]
    fn links_between_pages_lead_to_pages() {
        assert_eq!(lead("en", "run.md").as_deref(), Some("/docs/run"));
        assert_eq!(lead("en", "README.md").as_deref(), Some("/docs"));
        assert_eq!(lead("en", "../ja/README.md").as_deref(), Some("/docs?lang=ja"));
        assert_eq!(lead("ja", "https://example.org/x#y").as_deref(), Some("https://example.org/x#y"));
        for nowhere in ["../../demo/program", "no-such.md", "javascript:x", "../en/../../Cargo.md", "/etc/passwd"] {
            assert_eq!(lead("en", nowhere), None, "{nowhere}");
        }
    }
}
