//! The page with the lines, each to be selected or copied.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::lines::{self, Entry};
use crate::access::SignedIn;
use crate::app::App;
use crate::error::Result;
use crate::members;
use crate::web::i18n::Locale;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "sharing/resume.html")]
struct ResumePage {
    shell: Shell,
    western: String,
    era: String,
    career: String,
    english: String,
    signature_text: String,
    signature_html: String,
    /// How many do not hold any more and are left out.
    lapsed: usize,
    /// Whether an address is missing because a credential is private.
    some_private: bool,
    empty: bool,
}

fn joined<'e>(entries: impl Iterator<Item = &'e Entry>, line: impl Fn(&Entry) -> String) -> String {
    entries.map(line).collect::<Vec<_>>().join("\n")
}

/// `GET /me/resume`.
pub async fn resume_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let (entries, lapsed) = lines::entries(&app, me.member).await?;
    let name = members::find(app.db.read(), me.member).await?.name;
    let qualifications = || entries.iter().filter(|e| e.is_qualification());
    Ok(Page(ResumePage {
        western: joined(qualifications(), Entry::western),
        era: joined(qualifications(), Entry::in_era),
        career: joined(entries.iter(), Entry::career),
        english: joined(entries.iter(), Entry::english),
        signature_text: signature_text(&name, &entries, shell.w.locale),
        signature_html: signature_html(&name, &entries, shell.w.locale),
        lapsed,
        some_private: entries.iter().any(|e| e.url.is_none()),
        empty: entries.is_empty(),
        shell,
    }))
}

/// Name, then a line for each credential that can be opened.
fn signature_text(name: &str, entries: &[Entry], locale: Locale) -> String {
    let mut lines = vec![name.to_owned()];
    for entry in entries {
        if let Some(url) = &entry.url {
            let (open, close) = if locale == Locale::Ja { ("（", "）") } else { (" (", ")") };
            lines.push(format!("{}{open}{}{close}\n{url}", entry.title(locale), entry.issuer(locale)));
        }
    }
    lines.join("\n")
}

/// The same as HTML that mail programs take: links, nothing fetched from here.
fn signature_html(name: &str, entries: &[Entry], locale: Locale) -> String {
    let mut html = format!("<p>{}", escaped(name));
    for entry in entries {
        if let Some(url) = &entry.url {
            let (title, issuer) = (escaped(entry.title(locale)), escaped(entry.issuer(locale)));
            html.push_str(&format!("<br>\n<a href=\"{}\">{title}</a> · {issuer}", escaped(url)));
        }
    }
    html.push_str("</p>");
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::resume::lines::Verb;
    use crate::tracks::Kind;

    #[test]
    fn a_signature_carries_no_markup_of_others_and_nothing_private() {
        let entry = |url: Option<&str>| Entry {
            kind: Kind::Certification,
            title_ja: "基礎".to_owned(),
            title_en: "A&B <script>".to_owned(),
            issuer_ja: "例の会".to_owned(),
            issuer_en: "Guild \"X\"".to_owned(),
            awarded: (2026, 4, 1),
            until: None,
            number: "EG-1".to_owned(),
            url: url.map(str::to_owned),
            verb: Verb::Obtained,
        };
        let entries = [entry(Some("https://certs.example/c/x")), entry(None)];
        let html = signature_html("<b>Ada</b>", &entries, Locale::En);
        assert_eq!(
            html,
            "<p>&lt;b&gt;Ada&lt;/b&gt;<br>\n<a href=\"https://certs.example/c/x\">A&amp;B &lt;script&gt;</a> · Guild &quot;X&quot;</p>"
        );
        assert_eq!(signature_text("Ada", &entries, Locale::Ja), "Ada\n基礎（例の会）\nhttps://certs.example/c/x");
    }
}
