//! The same to take along: JSON Resume, CSV, plain text.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::lines::{self, Entry, iso};
use crate::access::SignedIn;
use crate::app::App;
use crate::error::{Error, Result};
use crate::members;
use crate::sharing::profile;
use crate::tracks::Kind;
use crate::web::i18n::{Locale, Words};
use crate::web::table;

fn file(media_type: &'static str, name: &str, body: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

/// `GET /me/resume.json`: JSON Resume 1.0.0, in the visitor's language. Titles and thanks are awards, the rest certificates.
pub async fn resume_json(me: SignedIn, State(app): State<App>) -> Result<Response> {
    let locale = me.shell().w.locale;
    let (entries, _) = lines::entries(&app, me.member).await?;
    let name = members::find(app.db.read(), me.member).await?.name;
    let own = profile::of_member(app.db.read(), me.member).await?;
    let page = own.handle.filter(|_| own.published_at.is_some()).map(|handle| app.links.profile(&handle));
    let text = serde_json::to_string_pretty(&document(&name, page, &entries, locale))?;
    Ok(file("application/json", "resume.json", text))
}

fn document(name: &str, page: Option<String>, entries: &[Entry], locale: Locale) -> Value {
    let is_award = |e: &&Entry| matches!(e.kind, Kind::Title | Kind::Thanks);
    let certificate = |e: &Entry| {
        let mut value = json!({"name": e.title(locale), "date": iso(e.awarded), "issuer": e.issuer(locale)});
        if let Some(url) = &e.url {
            value["url"] = json!(url);
        }
        value
    };
    let award = |e: &Entry| {
        let summary = [Some(&e.number), e.url.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        json!({"title": e.title(locale), "date": iso(e.awarded), "awarder": e.issuer(locale), "summary": summary})
    };
    let mut basics = json!({"name": name});
    if let Some(page) = page {
        basics["url"] = json!(page);
    }
    json!({
        "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
        "basics": basics,
        "certificates": entries.iter().filter(|e| !is_award(e)).map(certificate).collect::<Vec<_>>(),
        "awards": entries.iter().filter(is_award).map(award).collect::<Vec<_>>(),
    })
}

/// `GET /me/resume.csv`: UTF-8 with a byte order mark, as spreadsheets ask for.
pub async fn resume_csv(me: SignedIn, State(app): State<App>) -> Result<Response> {
    let w = me.shell().w;
    let (entries, _) = lines::entries(&app, me.member).await?;
    Ok(file("text/csv; charset=utf-8", "resume.csv", sheet(&entries, w)?))
}

fn sheet(entries: &[Entry], w: Words) -> Result<String> {
    let mut rows =
        vec![["title", "issuer", "awarded", "until", "number", "url"].map(|name| w.t(&format!("resume-csv-{name}")))];
    rows.extend(entries.iter().map(|e| {
        let until = e.until.map(iso).unwrap_or_default();
        let (title, issuer) = (e.title(w.locale).to_owned(), e.issuer(w.locale).to_owned());
        [title, issuer, iso(e.awarded), until, e.number.clone(), e.url.clone().unwrap_or_default()]
    }));
    let bytes = table::csv(rows.iter().map(|row| row.iter().map(String::as_str)))?;
    String::from_utf8(bytes).map_err(Error::internal)
}

/// `GET /me/resume.txt`: every line of the page.
pub async fn resume_text(me: SignedIn, State(app): State<App>) -> Result<Response> {
    let w = me.shell().w;
    let (entries, _) = lines::entries(&app, me.member).await?;
    let section = |key: &str, lines: Vec<String>| format!("{}\n{}\n", w.t(key), lines.join("\n"));
    let qualifications = || entries.iter().filter(|e| e.is_qualification());
    let text = [
        section("resume-western", qualifications().map(Entry::western).collect()),
        section("resume-era", qualifications().map(Entry::in_era).collect()),
        section("resume-career", entries.iter().map(Entry::career).collect()),
        section("resume-english", entries.iter().map(Entry::english).collect()),
    ];
    Ok(file("text/plain; charset=utf-8", "resume.txt", text.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::resume::lines::Verb;

    fn entry(kind: Kind, url: Option<&str>) -> Entry {
        Entry {
            kind,
            title_ja: "基礎".to_owned(),
            title_en: "=cmd()".to_owned(),
            issuer_ja: "例の会".to_owned(),
            issuer_en: "Guild, \"X\"".to_owned(),
            awarded: (2026, 4, 1),
            until: Some((2029, 3, 31)),
            number: "EG-1".to_owned(),
            url: url.map(str::to_owned),
            verb: Verb::Obtained,
        }
    }

    #[test]
    fn json_resume_has_the_shapes_of_its_schema() {
        let entries = [
            entry(Kind::Certification, Some("https://certs.example/c/x")),
            entry(Kind::Learning, None),
            entry(Kind::Thanks, None),
        ];
        let document = document("Ada", Some("https://certs.example/m/ada".to_owned()), &entries, Locale::Ja);
        assert_eq!(document["basics"], json!({"name": "Ada", "url": "https://certs.example/m/ada"}));
        assert_eq!(
            document["certificates"],
            json!([
                {"name": "基礎", "date": "2026-04-01", "issuer": "例の会", "url": "https://certs.example/c/x"},
                {"name": "基礎", "date": "2026-04-01", "issuer": "例の会"},
            ])
        );
        assert_eq!(
            document["awards"],
            json!([{"title": "基礎", "date": "2026-04-01", "awarder": "例の会", "summary": "EG-1"}])
        );
    }

    #[test]
    fn a_table_opens_in_a_spreadsheet_and_runs_nothing() {
        let text = sheet(&[entry(Kind::Certification, None)], Words::new(Locale::En)).expect("written");
        let mut lines = text.lines();
        assert!(lines.next().is_some_and(|head| head.starts_with('\u{FEFF}') && head.split(',').count() == 6));
        assert_eq!(lines.next(), Some("'=cmd(),\"Guild, \"\"X\"\"\",2026-04-01,2029-03-31,EG-1,"));
    }
}
