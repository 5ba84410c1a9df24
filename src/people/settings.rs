//! The program's own settings as a form: the document that `program.yaml` would say, and which field a mistake in it is about.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::error::{Fault, Result};
use crate::issuer::{Honorific, IssuerProfile};
use crate::web::i18n::Locale;

/// The form as it was filled in.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    pub name_ja: String,
    pub name_en: String,
    pub url: String,
    pub email: String,
    pub linkedin: String,
    pub time_zone: String,
    /// The language of whoever names none.
    pub first: String,
    /// `yes` where credentials are issued in the other language too.
    pub both: String,
    pub number_format: String,
    pub dates: String,
    pub honorific: String,
    /// What stood there when the form was made.
    pub seen: String,
}

impl SettingsForm {
    /// The settings as they are.
    pub fn of(profile: &IssuerProfile) -> Self {
        let name = |tag: &str| profile.name.get(tag).or_else(|| profile.name.get("und")).cloned().unwrap_or_default();
        let first = profile.locales.first().cloned().unwrap_or_else(|| "en".to_owned());
        Self {
            name_ja: name("ja"),
            name_en: name("en"),
            url: profile.url.clone(),
            email: profile.email.clone().unwrap_or_default(),
            linkedin: profile.linkedin_organization.clone().unwrap_or_default(),
            time_zone: profile.time_zone.clone(),
            both: if profile.locales.len() > 1 { "yes".to_owned() } else { String::new() },
            first,
            number_format: profile.number_format.clone(),
            dates: if profile.certificate.era { "era" } else { "western" }.to_owned(),
            honorific: match profile.certificate.honorific {
                None => "",
                Some(Honorific::None) => "none",
                Some(Honorific::Dono) => "殿",
                Some(Honorific::Sama) => "様",
            }
            .to_owned(),
            seen: String::new(),
        }
    }

    /// What an empty installation is offered: its own address, and the calendar and order of languages of whoever looks.
    pub fn beginning(base: &str, locale: Locale) -> Self {
        Self {
            url: base.to_owned(),
            time_zone: if locale == Locale::Ja { "Asia/Tokyo" } else { "UTC" }.to_owned(),
            first: locale.as_str().to_owned(),
            both: "yes".to_owned(),
            number_format: "WM-{year}-{seq:6}".to_owned(),
            dates: "western".to_owned(),
            ..Self::default()
        }
    }

    /// The document that `program.yaml` would say; what was left empty is not in it.
    fn document(&self) -> Value {
        let filled = |text: &str| !text.trim().is_empty();
        let names = [("ja", &self.name_ja), ("en", &self.name_en)].into_iter().filter(|(_, name)| filled(name));
        let names: Map<String, Value> = names.map(|(tag, name)| (tag.to_owned(), json!(name))).collect();
        let mut issuer = json!({"name": names, "url": self.url});
        if filled(&self.email) {
            issuer["email"] = json!(self.email);
        }
        if filled(&self.linkedin) {
            issuer["linkedin"] = json!({"organization_id": self.linkedin});
        }
        let other = Locale::parse(&self.first).map(|first| first.other().as_str());
        let locales: Vec<&str> =
            [Some(&*self.first), other.filter(|_| self.both == "yes")].into_iter().flatten().collect();
        let mut certificate = json!({"dates": self.dates});
        if filled(&self.honorific) {
            certificate["honorific"] = json!(self.honorific);
        }
        json!({
            "issuer": issuer, "time_zone": self.time_zone, "locales": locales, "number_format": self.number_format,
            "certificate": certificate,
        })
    }

    /// The settings, read by the code that reads `program.yaml`, or every field that is wrong.
    pub fn read(&self) -> std::result::Result<IssuerProfile, Vec<&'static str>> {
        let mut wrong = vec![];
        if !self.email.trim().is_empty() && crate::members::email_address(&self.email).is_err() {
            wrong.push("email");
        }
        match IssuerProfile::from_value(&self.document()) {
            Ok(profile) if wrong.is_empty() => Ok(profile),
            Ok(_) => Err(wrong),
            Err(faults) => {
                wrong.extend(faults.iter().map(field_of));
                Err(wrong)
            }
        }
    }
}

/// The field that a mistake in the document is about.
fn field_of(fault: &Fault) -> &'static str {
    let within = |place: &str| fault.pointer.starts_with(place);
    match () {
        () if within("/issuer/name/en") => "name_en",
        () if within("/issuer/name") => "name_ja",
        () if within("/issuer/email") => "email",
        () if within("/issuer/linkedin") => "linkedin",
        () if within("/time_zone") => "time_zone",
        () if within("/locales") => "first",
        () if within("/number_format") => "number_format",
        () if within("/certificate/honorific") => "honorific",
        () if within("/certificate") => "dates",
        () => "url",
    }
}

/// Changes with everything that the settings say; empty before there are any.
pub fn mark(profile: Option<&IssuerProfile>) -> Result<String> {
    let Some(profile) = profile else { return Ok(String::new()) };
    let digest = Sha256::digest(serde_json::to_vec(profile)?);
    Ok(digest[..12].iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_and_sent_back_is_the_same() {
        let all = json!({
            "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example", "email": "office@guild.example",
                "linkedin": {"organization_id": "123"}},
            "time_zone": "Asia/Tokyo", "locales": ["ja", "en"], "number_format": "EG-{year}-{seq:6}",
            "certificate": {"dates": "era", "honorific": "殿"},
        });
        let least = json!({
            "issuer": {"name": {"en": "Guild"}, "url": "https://guild.example"}, "time_zone": "UTC", "locales": ["en"],
            "number_format": "{seq}",
        });
        for document in [all, least] {
            let profile = IssuerProfile::from_value(&document).expect("valid");
            let form = SettingsForm::of(&profile);
            assert_eq!(form.read(), Ok(profile), "{form:?}");
        }
    }

    #[test]
    fn each_mistake_is_at_its_field_and_all_are_told() {
        let form = SettingsForm {
            url: "guild".into(),
            email: "nobody".into(),
            linkedin: "the guild".into(),
            time_zone: "Tokyo".into(),
            first: "fr".into(),
            number_format: "EG".into(),
            dates: "moon".into(),
            honorific: "san".into(),
            ..SettingsForm::default()
        };
        let mut wrong = form.read().expect_err("nothing is right");
        wrong.sort_unstable();
        wrong.dedup();
        let all = ["dates", "email", "first", "honorific", "linkedin", "name_ja", "number_format", "time_zone", "url"];
        assert_eq!(wrong, all);
    }
}
