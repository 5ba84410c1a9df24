//! What `program.yaml` says about the issuer and its calendar.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use waymark_credential::model::Iri;

use super::thanks_rules::ThanksRules;
use crate::document::{Faults, Fields};
use crate::error::Fault;
use crate::web::zone::Zone;

/// How certificates are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateStyle {
    /// Japanese dates by era (`令和8年4月1日`) instead of by year (`2026年4月1日`).
    #[serde(default)]
    pub era: bool,
    /// What follows a name in Japanese, where it is not what the kind of certificate asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub honorific: Option<Honorific>,
}

/// What follows the name of the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Honorific {
    None,
    /// 殿
    Dono,
    /// 様
    Sama,
}

const HONORIFICS: &[(&str, Honorific)] = &[("none", Honorific::None), ("殿", Honorific::Dono), ("様", Honorific::Sama)];
const DATES: &[(&str, bool)] = &[("western", false), ("era", true)];

/// Name, addresses, calendar and numbering of an issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerProfile {
    /// By language tag.
    pub name: BTreeMap<String, String>,
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The number of its page on LinkedIn: digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linkedin_organization: Option<String>,
    /// An IANA time zone name.
    pub time_zone: String,
    /// The languages in which credentials are issued, the first for whoever names none.
    pub locales: Vec<String>,
    /// `EG-{year}-{seq:6}`.
    pub number_format: String,
    #[serde(default, skip_serializing_if = "CertificateStyle::is_default")]
    pub certificate: CertificateStyle,
    /// How often members may thank each other.
    #[serde(default, skip_serializing_if = "ThanksRules::is_default")]
    pub thanks: ThanksRules,
}

impl CertificateStyle {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl IssuerProfile {
    /// Reads `program.yaml`, with every mistake at once.
    pub fn from_value(value: &Value) -> Result<Self, Faults> {
        let mut faults = vec![];
        let mut program = Fields::of(value, "", &mut faults);
        let nothing = Value::Null;
        let issuer = program.required("issuer", &mut faults);
        let mut fields = match issuer {
            Some(issuer) => Fields::of(issuer, "/issuer", &mut faults),
            None => Fields::of(&nothing, "/issuer", &mut vec![]),
        };
        let name = fields.required_texts("name", &mut faults);
        let url = fields.required_text("url", &mut faults);
        if !url.is_empty() && !is_address(&url) {
            faults.push(Fault::new(
                "/issuer/url",
                "invalid_url",
                "write an absolute address such as https://guild.example",
            ));
        }
        let email = fields.text("email", &mut faults);
        let linkedin = fields.value("linkedin");
        let linkedin_organization = linkedin.and_then(|linkedin| read_linkedin(linkedin, &mut faults));
        fields.refuse_unknown(&mut faults);
        let time_zone = program.text("time_zone", &mut faults).unwrap_or_else(|| "UTC".to_owned());
        if Zone::named(&time_zone).is_none() {
            faults.push(Fault::new(
                "/time_zone",
                "unknown_time_zone",
                format!("`{time_zone}` is no time zone; write a name such as Asia/Tokyo"),
            ));
        }
        let locales = program.list("locales", &mut faults).unwrap_or_else(|| vec!["en".to_owned(), "ja".to_owned()]);
        for (n, tag) in locales.iter().enumerate().filter(|(_, tag)| !matches!(tag.as_str(), "ja" | "en")) {
            faults.push(Fault::new(
                format!("/locales/{n}"),
                "unknown_language",
                format!("`{tag}` is not a language here; use ja or en"),
            ));
        }
        let number_format =
            program.text("number_format", &mut faults).unwrap_or_else(|| "WM-{year}-{seq:6}".to_owned());
        if format_number(&number_format, 2026, 1).is_none_or(|number| !is_plain(&number)) {
            faults.push(Fault::new(
                "/number_format",
                "invalid_number_format",
                "use {year} and {seq} or {seq:6} with letters, digits and - _ . around them, such as EG-{year}-{seq:6}",
            ));
        }
        let mut certificate = CertificateStyle::default();
        if let Some(style) = program.value("certificate") {
            let mut fields = Fields::of(style, "/certificate", &mut faults);
            certificate.era = fields.word("dates", DATES, &mut faults).unwrap_or_default();
            certificate.honorific = fields.word("honorific", HONORIFICS, &mut faults);
            fields.refuse_unknown(&mut faults);
        }
        let thanks = program.value("thanks").map(|rules| ThanksRules::read(rules, &mut faults)).unwrap_or_default();
        program.refuse_unknown(&mut faults);
        match faults.is_empty() {
            true => Ok(Self {
                name,
                url,
                email,
                linkedin_organization,
                time_zone,
                locales,
                number_format,
                certificate,
                thanks,
            }),
            false => Err(faults),
        }
    }

    /// Whether credentials can carry its address. Asked when it is written; one that was kept before it was asked may still stand.
    pub fn has_address(&self) -> bool {
        is_address(&self.url)
    }

    /// The calendar of this issuer.
    pub fn zone(&self) -> Zone {
        Zone::named(&self.time_zone).unwrap_or_else(Zone::utc)
    }

    /// The number of the `seq`-th credential of a year.
    pub fn number(&self, year: i16, seq: u64) -> String {
        format_number(&self.number_format, year, seq).unwrap_or_else(|| format!("{year}-{seq}"))
    }
}

/// `linkedin: {organization_id: 1234567}`: what stands in the address of the organization's page, seen by who administers it.
fn read_linkedin(value: &Value, faults: &mut Faults) -> Option<String> {
    let mut fields = Fields::of(value, "/issuer/linkedin", faults);
    let id = fields.text("organization_id", faults);
    fields.refuse_unknown(faults);
    let digits = |id: &String| id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit());
    if id.as_ref().is_some_and(|id| !digits(id)) {
        faults.push(Fault::new(
            "/issuer/linkedin/organization_id",
            "invalid_number",
            "write the number of the organization's page on LinkedIn: digits only, no name and no address",
        ));
    }
    id.filter(digits)
}

/// Whether it is an address on the web that a credential can carry as it is written: browsers mend more than a signed document may hold.
fn is_address(text: &str) -> bool {
    Iri::parse(text).is_ok() && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
}

/// Whether a number can stand in names of files and in addresses. Asked when a format is written: who has another counts on with it.
fn is_plain(number: &str) -> bool {
    !number.starts_with('.') && number.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Fills `{year}`, `{seq}` and `{seq:N}`; None when `{seq}` is missing or another slot is there.
fn format_number(format: &str, year: i16, seq: u64) -> Option<String> {
    let mut out = String::new();
    let mut rest = format;
    let mut counted = false;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let (slot, after) = rest[open + 1..].split_once('}')?;
        match slot.split_once(':').unwrap_or((slot, "")) {
            ("year", "") => out.push_str(&year.to_string()),
            ("seq", width) => {
                let width: usize = if width.is_empty() { 1 } else { width.parse().ok().filter(|w| *w <= 12)? };
                out.push_str(&format!("{seq:0width$}"));
                counted = true;
            }
            _ => return None,
        }
        rest = after;
    }
    out.push_str(rest);
    (counted && !out.contains('}') && out.len() <= 60).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_filled_and_bad_formats_refused() {
        assert_eq!(format_number("EG-{year}-{seq:6}", 2026, 42).as_deref(), Some("EG-2026-000042"));
        for bad in ["EG-{year}", "EG-{month}-{seq}", "EG-{seq", "EG-{seq:x}", "EG-}{seq}"] {
            assert_eq!(format_number(bad, 2026, 1), None, "{bad}");
        }
    }

    #[test]
    fn a_number_is_plain_enough_for_names_of_files() {
        for good in ["EG-2026-000042", "例.第_7", "7"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["../000001", "..1", "a/1", "<b>1", "1?", "1#a", "EG 1", "a\u{202e}1"] {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    #[test]
    fn an_address_is_one_that_a_credential_can_carry() {
        for good in ["https://guild.example", "http://guild.example:8080/a?b=c#d", "https://例の会.example/紹介"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["guild", "javascript:alert(1)", "https://i.example/a b", "https://i.example/<b>", " https://i.eu"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
