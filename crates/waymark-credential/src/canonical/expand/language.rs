//! Texts with a language and a direction (JSON-LD API §5.3, §8.6). The direction becomes part of the datatype (`rdfDirection`
//! `i18n-datatype`), so that it is signed like the rest.

use super::{ExpandError, Object, Place, Text, XSD_STRING, not_allowed};
use serde_json::{Map, Value};

const I18N: &str = "https://www.w3.org/ns/i18n#";

/// A value object: `@value`, `@language`, `@direction` and nothing else (VCDM 2.0 §11.1).
pub(super) fn literal<'a>(members: &'a Map<String, Value>, place: &Place<'_>) -> Result<Object<'a>, ExpandError> {
    if members.keys().any(|name| !["@value", "@language", "@direction"].contains(&name.as_str())) {
        return Err(not_allowed(place, "anything but @value, @language and @direction in a text"));
    }
    let Some(Value::String(text)) = members.get("@value") else {
        return Err(not_allowed(place, "an @value that is not text"));
    };
    let language = match members.get("@language") {
        None => None,
        Some(Value::String(tag)) if is_language_tag(tag) => Some(tag.to_lowercase()),
        Some(_) => return Err(not_allowed(place, "an @language that is no language tag")),
    };
    let direction = match members.get("@direction").map(Value::as_str) {
        None => None,
        Some(Some(direction @ ("ltr" | "rtl"))) => Some(direction),
        Some(_) => return Err(not_allowed(place, "an @direction other than ltr and rtl")),
    };
    let datatype = match direction {
        Some(direction) => Text::Owned(format!("{I18N}{}_{direction}", language.as_deref().unwrap_or_default())),
        None => Text::Borrowed(XSD_STRING),
    };
    let language = language.filter(|_| direction.is_none()).map(Text::Owned);
    Ok(Object::Literal { value: Text::Borrowed(text), datatype, language })
}

/// A language map: under each tag a text or several; `@none` for texts without one.
pub(super) fn by_language<'a>(value: &'a Value, place: &Place<'_>) -> Result<Vec<Object<'a>>, ExpandError> {
    let Value::Object(map) = value else { return Err(not_allowed(place, "anything but texts by language")) };
    let mut literals = Vec::new();
    for (tag, texts) in map {
        let place = Place::Member(place, tag);
        if tag != "@none" && !is_language_tag(tag) {
            return Err(not_allowed(&place, "a name that is no language tag"));
        }
        let texts = match texts {
            Value::Array(texts) => texts.as_slice(),
            single => std::slice::from_ref(single),
        };
        for text in texts {
            let Value::String(text) = text else { return Err(not_allowed(&place, "anything but text")) };
            let language = (tag != "@none").then(|| Text::Owned(tag.to_lowercase()));
            literals.push(Object::Literal {
                value: Text::Borrowed(text),
                datatype: Text::Borrowed(XSD_STRING),
                language,
            });
        }
    }
    Ok(literals)
}

/// Whether `tag` has the form of a language tag (BCP 47): letters, then parts of letters and digits, at most eight each.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let fits = |part: &str, of: fn(&u8) -> bool| (1..=8).contains(&part.len()) && part.as_bytes().iter().all(of);
    parts.next().is_some_and(|first| fits(first, u8::is_ascii_alphabetic))
        && parts.all(|part| fits(part, u8::is_ascii_alphanumeric))
}
