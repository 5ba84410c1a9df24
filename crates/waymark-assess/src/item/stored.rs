//! How the parts of a version are written down: canonical JSON, one string per part, so that the key can live in a column
//! (or a table, or a grant) of its own. Reading back is strict; what does not read back was not written here.

use super::{
    Choice, Figure, Interaction, ItemContent, ItemKey, ItemOption, ItemVersion, MAX_SLUG, MAX_TAGS, OptionId, Rationale,
};
use crate::{canonical::canonical, mistake::Mistake, text::Text};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A stored value that does not read back: damaged, or written by another version of the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stored value is unreadable: {0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

pub(crate) fn read<T: DeserializeOwned>(stored: &str) -> Result<T, Unreadable> {
    serde_json::from_str(stored).map_err(|e| Unreadable::new(e.to_string()))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredContent {
    slug: String,
    stem: Text,
    choice: StoredChoice,
    refs: Vec<String>,
    domain: Option<String>,
    tags: BTreeSet<String>,
    figure: Option<StoredFigure>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredChoice {
    multiple: bool,
    choose: Option<u32>,
    options: Vec<StoredOption>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOption {
    id: String,
    text: Text,
    fixed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFigure {
    sha256: String,
    media_type: String,
    alt: Option<Text>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    options: BTreeSet<String>,
}

fn option_id(id: &str) -> Result<OptionId, Unreadable> {
    OptionId::new(id).ok_or_else(|| Unreadable::new("no option id"))
}

fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).expect("strings, whole numbers and string keys always serialize")
}

impl ItemContent {
    fn value(&self) -> Value {
        let Interaction::Choice(choice) = &self.interaction;
        value(StoredContent {
            slug: self.slug.clone(),
            stem: self.stem.clone(),
            choice: StoredChoice {
                multiple: choice.multiple,
                choose: choice.choose,
                options: choice
                    .options
                    .iter()
                    .map(|o| StoredOption { id: o.id.to_string(), text: o.text.clone(), fixed: o.fixed })
                    .collect(),
            },
            refs: self.refs.clone(),
            domain: self.domain.clone(),
            tags: self.tags.clone(),
            figure: self.figure.as_ref().map(|f| StoredFigure {
                sha256: f.sha256(),
                media_type: f.media_type().to_owned(),
                alt: f.alt.clone(),
            }),
        })
    }

    /// Canonical JSON, for storage only: it holds the lasting option ids.
    pub fn to_stored(&self) -> String {
        canonical(&self.value())
    }

    pub fn from_stored(stored: &str) -> Result<Self, Unreadable> {
        let content: StoredContent = read(stored)?;
        let option = |o: StoredOption| Ok(ItemOption { id: option_id(&o.id)?, text: o.text, fixed: o.fixed });
        let figure = |f: StoredFigure| {
            Figure::from_parts(&f.sha256, &f.media_type, f.alt).ok_or_else(|| Unreadable::new("no figure"))
        };
        Ok(Self {
            slug: content.slug,
            stem: content.stem,
            interaction: Interaction::Choice(Choice {
                multiple: content.choice.multiple,
                choose: content.choice.choose,
                options: content.choice.options.into_iter().map(option).collect::<Result<_, Unreadable>>()?,
            }),
            refs: content.refs,
            domain: content.domain,
            tags: content.tags,
            figure: content.figure.map(figure).transpose()?,
        })
    }
}

impl ItemKey {
    pub(crate) fn value(&self) -> Value {
        value(StoredKey { options: self.options().iter().map(ToString::to_string).collect() })
    }

    /// Canonical JSON, for storage only.
    pub fn to_stored(&self) -> String {
        canonical(&self.value())
    }

    pub fn from_stored(stored: &str) -> Result<Self, Unreadable> {
        let key: StoredKey = read(stored)?;
        Ok(Self::of_options(key.options.iter().map(|id| option_id(id)).collect::<Result<Vec<_>, _>>()?))
    }
}

impl Rationale {
    /// Canonical JSON, for storage only.
    pub fn to_stored(&self) -> String {
        canonical(&value(self.reveal()))
    }

    pub fn from_stored(stored: &str) -> Result<Self, Unreadable> {
        read(stored).map(Self::new)
    }
}

impl ItemVersion {
    /// Puts a version together again from its stored parts.
    pub fn from_stored(content: &str, key: &str, rationale: Option<&str>) -> Result<Self, Unreadable> {
        let (content, key) = (ItemContent::from_stored(content)?, ItemKey::from_stored(key)?);
        let rationale = rationale.map(Rationale::from_stored).transpose()?;
        Self::new(content, key, rationale).map_err(|mistakes| Unreadable::new(mistakes[0].to_string()))
    }
}

/// What the hash of a version is taken of.
pub(super) fn version(content: &ItemContent, key: &ItemKey, rationale: Option<&Rationale>) -> Value {
    json!({"format": 1, "content": content.value(), "key": key.value(), "rationale": rationale.map(|r| value(r.reveal()))})
}

/// Mistakes in what the item is called and filed by.
pub(super) fn names(content: &ItemContent) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut check = |pointer: &str, what: &str, ja: &str, name: &str| {
        if !is_name(name) {
            let shown: String = name.chars().take(40).filter(|c| !c.is_control()).collect();
            mistakes.push(Mistake::new(
                pointer,
                "not_a_name",
                format!("`{shown}` cannot be {what}: use up to {MAX_SLUG} letters, digits, `.`, `_`, `:` or `-`, beginning with a letter or digit"),
                format!("「{shown}」は{ja}にできません。{MAX_SLUG}字までの文字・数字・「.」「_」「:」「-」で、文字か数字から始めてください"),
            ));
        }
    };
    check("/id", "the id of an item", "設問のid", &content.slug);
    if let Some(domain) = &content.domain {
        check("/domain", "a domain", "領域名", domain);
    }
    for tag in &content.tags {
        check("/tags", "a tag", "タグ", tag);
    }
    for reference in &content.refs {
        if reference.chars().count() > 500 || reference.chars().any(char::is_control) {
            mistakes.push(Mistake::new(
                "/refs",
                "not_a_reference",
                "a reference is one line of up to 500 characters: shorten it",
                "出典は1行500字までです。短くしてください",
            ));
        }
    }
    for (pointer, many) in [("/tags", content.tags.len()), ("/refs", content.refs.len())] {
        if many > MAX_TAGS {
            mistakes.push(Mistake::new(
                pointer,
                "too_many",
                format!("there are {many}: keep to {MAX_TAGS}"),
                format!("{many}個あります。{MAX_TAGS}個までにしてください"),
            ));
        }
    }
    mistakes
}

/// A name that is safe in a URL, a spreadsheet cell and a message. Letters of any script.
pub(crate) fn is_name(name: &str) -> bool {
    name.chars().count() <= MAX_SLUG
        && name.chars().next().is_some_and(char::is_alphanumeric)
        && name.chars().all(|c| c.is_alphanumeric() || "._:-".contains(c))
}
