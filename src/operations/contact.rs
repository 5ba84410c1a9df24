//! `/.well-known/security.txt` (RFC 9116): whom to tell about a weakness, out of what the program says of its issuer.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use time::Duration;

use crate::access::Public;
use crate::app::App;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::issuer::{self, IssuerProfile};
use crate::links::Links;

/// RFC 9116 §2.5.5 recommends less than a year.
const GOOD_FOR: Duration = Duration::days(180);
/// What may not stand in a URI as it is (RFC 3986), so that no address can end its line.
const NOT_IN_A_URI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// Not found until a program says who the issuer is.
pub async fn security_contact(_: Public, State(app): State<App>) -> Result<impl IntoResponse> {
    let issuer = issuer::default_issuer(app.db.read()).await?.ok_or_else(Error::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    Ok((headers, text(&issuer.profile, &app.links, app.db.now())))
}

fn text(profile: &IssuerProfile, links: &Links, now: Timestamp) -> String {
    let uri = |text: &str| utf8_percent_encode(text, NOT_IN_A_URI).to_string();
    let mailbox = profile.email.as_deref().map(|email| format!("mailto:{}", uri(email)));
    let contacts = mailbox.into_iter().chain([uri(&profile.url)]);
    let mut lines: Vec<String> = contacts.map(|contact| format!("Contact: {contact}")).collect();
    // To the day, so that the file changes once a day and not at every look.
    let until = (now + GOOD_FOR).replace_time(time::Time::MIDNIGHT);
    lines.push(format!("Expires: {}", crate::clock::rfc3339(until)));
    lines.push(format!("Preferred-Languages: {}", profile.locales.join(", ")));
    lines.push(format!("Canonical: {}", links.to("/.well-known/security.txt")));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn an_address_cannot_add_a_line() {
        let profile = IssuerProfile {
            name: [("en".to_owned(), "Guild".to_owned())].into(),
            url: "https://guild.example".to_owned(),
            email: Some("office@guild.example\nContact: mailto:evil@evil.example".to_owned()),
            linkedin_organization: None,
            time_zone: "UTC".to_owned(),
            locales: vec!["ja".to_owned(), "en".to_owned()],
            number_format: "{seq}".to_owned(),
            certificate: issuer::CertificateStyle::default(),
            thanks: issuer::ThanksRules::default(),
        };
        let links = Links::new(&"https://certs.example".parse().expect("a URL"));
        let now = parse_rfc3339("2026-11-21T09:00:00Z").expect("a literal time");
        assert_eq!(
            text(&profile, &links, now),
            "Contact: mailto:office@guild.example%0AContact:%20mailto:evil@evil.example\nContact: https://guild.example\n\
             Expires: 2027-05-20T00:00:00Z\nPreferred-Languages: ja, en\nCanonical: https://certs.example/.well-known/security.txt\n"
        );
    }
}
