//! The rules of the data model, each by its section: VCDM 2.0 §4 and §5, and the same for version 1.1 where it has them.

use serde_json::Value;

use super::{
    Role, Version,
    faults::Rules,
    members::{BEGINNINGS, ENDS, date, dates, each, id_of},
    resource, status,
};
use crate::{
    canonical::is_language_tag,
    model::{Fault, is_absolute_iri},
};

/// Every rule that `value` breaks. Contexts are judged before.
pub fn faults(value: &Value, role: Role, version: Version) -> Vec<Fault> {
    let mut rules = Rules::default();
    if !value.is_object() {
        rules.fault("", "must be an object");
        return rules.faults;
    }
    rules.identifier(value, "");
    rules.types(
        value,
        "",
        Some(if role == Role::Credential { "VerifiableCredential" } else { "VerifiablePresentation" }),
    );
    match role {
        Role::Credential => rules.credential(value, version),
        Role::Presentation => rules.presentation(value),
    }
    rules.typed_objects(value, "termsOfUse");
    rules.faults
}

impl Rules {
    /// §4.4: one URL, where there is one.
    pub(super) fn identifier(&mut self, object: &Value, pointer: &str) {
        match object.get("id") {
            None => {}
            Some(Value::String(id)) if is_absolute_iri(id) => {}
            Some(_) => self.fault(format!("{pointer}/id"), "must be one absolute URL"),
        }
    }

    /// §4.5: one or more names; what they mean is a matter of the contexts.
    pub(super) fn types(&mut self, object: &Value, pointer: &str, required: Option<&str>) {
        let names = object.get("type");
        let place = format!("{pointer}/type");
        if names.is_none() || each(names).is_empty() {
            return self.fault(place, "must be there");
        }
        if !each(names).iter().all(|name| name.as_str().is_some_and(|name| !name.is_empty())) {
            return self.fault(place, "must be a name or names");
        }
        if let Some(required) = required.filter(|required| !each(names).iter().any(|name| name == required)) {
            self.fault(place, &format!("must contain {required}"));
        }
    }

    fn credential(&mut self, value: &Value, version: Version) {
        if id_of(value.get("issuer")).is_none() {
            self.fault("/issuer", "must be a URL, or an object with a URL as its id");
        }
        self.subjects(value);
        for name in BEGINNINGS.into_iter().chain(ENDS) {
            if date(value, name).is_err() {
                self.fault(format!("/{name}"), "must be a date and time with a time zone");
            }
        }
        if version == Version::V1 && date(value, "issuanceDate") == Ok(None) {
            self.fault("/issuanceDate", "must be there");
        }
        let begins = dates(value, BEGINNINGS).max_by_key(|(_, date)| date.at());
        let ends = dates(value, ENDS).min_by_key(|(_, date)| date.at());
        if let (Some((from, begins)), Some((until, ends))) = (begins, ends)
            && ends.at() < begins.at()
        {
            self.fault(format!("/{until}"), &format!("must not be earlier than {from}"));
        }
        for name in ["credentialStatus", "credentialSchema", "refreshService", "evidence"] {
            self.typed_objects(value, name);
        }
        for (at, schema) in each(value.get("credentialSchema")).iter().enumerate() {
            if id_of(Some(schema)).is_none() {
                self.fault(format!("/credentialSchema/{at}/id"), "must be a URL");
            }
        }
        for (at, entry) in each(value.get("credentialStatus")).iter().enumerate() {
            status::entry(self, entry, &format!("/credentialStatus/{at}"));
        }
        resource::faults(self, value);
        if version == Version::V2 {
            self.labels(value, "");
            self.labels(&value["issuer"], "/issuer");
        }
    }

    /// §4.8: each subject is an object that says something.
    fn subjects(&mut self, value: &Value) {
        let subjects = each(value.get("credentialSubject"));
        if subjects.is_empty() {
            self.fault("/credentialSubject", "must be there, with at least one subject");
        }
        for (at, subject) in subjects.iter().enumerate() {
            let place = format!("/credentialSubject/{at}");
            match subject.as_object() {
                Some(members) if !members.is_empty() => self.identifier(subject, &place),
                _ => self.fault(place, "must be an object with at least one claim"),
            }
        }
    }

    /// §4.10, §4.11, §5.4 to §5.6: objects that say what they are.
    fn typed_objects(&mut self, value: &Value, name: &str) {
        if value.get(name).is_some() && each(value.get(name)).is_empty() {
            return self.fault(format!("/{name}"), "must not be empty");
        }
        for (at, object) in each(value.get(name)).iter().enumerate() {
            let place = format!("/{name}/{at}");
            if object.is_object() {
                self.types(object, &place, None);
                self.identifier(object, &place);
            } else {
                self.fault(place, "must be an object with a type");
            }
        }
    }

    /// §4.6: `name` and `description` are texts, or texts with language and direction.
    fn labels(&mut self, object: &Value, pointer: &str) {
        for name in ["name", "description"] {
            let fits = match object.get(name) {
                None | Some(Value::String(_)) => true,
                Some(Value::Array(texts)) => !texts.is_empty() && texts.iter().all(is_language_value),
                Some(other) => is_language_value(other),
            };
            if !fits {
                self.fault(format!("{pointer}/{name}"), "must be a text, or @value with @language and @direction");
            }
        }
    }

    /// §4.13.
    fn presentation(&mut self, value: &Value) {
        if value.get("holder").is_some() && id_of(value.get("holder")).is_none() {
            self.fault("/holder", "must be a URL, or an object with a URL as its id");
        }
        for (at, credential) in each(value.get("verifiableCredential")).iter().enumerate() {
            if !credential.is_object() {
                self.fault(format!("/verifiableCredential/{at}"), "must be a credential, as an object");
            }
        }
    }
}

/// §11.1.
fn is_language_value(value: &Value) -> bool {
    let Some(members) = value.as_object() else { return false };
    members.get("@value").is_some_and(Value::is_string)
        && members.get("@language").is_none_or(|tag| tag.as_str().is_some_and(is_language_tag))
        && members.get("@direction").is_none_or(|direction| direction == "ltr" || direction == "rtl")
        && members.keys().all(|name| ["@value", "@language", "@direction"].contains(&name.as_str()))
}
