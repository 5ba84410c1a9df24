//! How the parts of a version are written down: canonical JSON, one string per part, so that the key can live in a column
//! (or a table, or a grant) of its own. Reading back is strict; what does not read back was not written here.

mod names;

pub(super) use names::names;

use super::{
    Choice, Essay, Figure, Gaps, Hotspot, Interaction, ItemContent, ItemKey, ItemVersion, KeyKind, Matching, OptionId,
    Ordering, Rationale, Rubric, ShortText, Stimulus, Upload,
    gaps::GapKey,
    number::AcceptedNumber,
    scoring::{Scoring, StoredScoring},
    words::AcceptedTexts,
};
use crate::{canonical::canonical, text::Text};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

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

/// What is written of an item. Everything after `figure` is left out where it says nothing, and one of the families is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredContent {
    slug: String,
    stem: Text,
    refs: Vec<String>,
    domain: Option<String>,
    tags: BTreeSet<String>,
    figure: Option<StoredFigure>,
    #[serde(default)]
    enemies: BTreeSet<String>,
    stimulus: Option<Stimulus>,
    choice: Option<Choice>,
    matching: Option<Matching>,
    ordering: Option<Ordering>,
    number: Option<Empty>,
    short_text: Option<ShortText>,
    gaps: Option<Gaps>,
    hotspot: Option<Hotspot>,
    essay: Option<Essay>,
    upload: Option<Upload>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFigure {
    sha256: String,
    media_type: String,
    alt: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredKey {
    options: Option<BTreeSet<OptionId>>,
    pairs: Option<BTreeSet<(OptionId, OptionId)>>,
    sequence: Option<Vec<OptionId>>,
    numbers: Option<Vec<AcceptedNumber>>,
    texts: Option<AcceptedTexts>,
    gaps: Option<BTreeMap<OptionId, GapKey>>,
    rubric: Option<Rubric>,
    scoring: Option<StoredScoring>,
}

fn value(of: impl Serialize) -> Value {
    serde_json::to_value(of).expect("strings, whole numbers and string keys always serialize")
}

/// The one member that is there.
fn only<T>(found: impl IntoIterator<Item = Option<T>>) -> Result<T, Unreadable> {
    let mut found = found.into_iter().flatten();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(Unreadable::new("one family of item types is to be there")),
    }
}

impl Interaction {
    fn value(&self) -> (&'static str, Value) {
        match self {
            Self::Choice(choice) => ("choice", choice.value()),
            Self::Match(matching) => ("matching", matching.value()),
            Self::Order(ordering) => ("ordering", ordering.value()),
            Self::Number => ("number", json!({})),
            Self::ShortText(text) => ("short_text", text.value()),
            Self::Gaps(gaps) => ("gaps", gaps.value()),
            Self::Hotspot(hotspot) => ("hotspot", hotspot.value()),
            Self::Essay(essay) => ("essay", essay.value()),
            Self::Upload(upload) => ("upload", upload.value()),
        }
    }
}

impl ItemContent {
    fn value(&self) -> Value {
        let figure = self.figure.as_ref().map(|f| StoredFigure {
            sha256: f.sha256(),
            media_type: f.media_type().to_owned(),
            alt: f.alt.clone(),
        });
        let mut stored = json!({
            "slug": self.slug,
            "stem": self.stem,
            "refs": self.refs,
            "domain": self.domain,
            "tags": self.tags,
            "figure": value(figure),
        });
        let (family, interaction) = self.interaction.value();
        stored[family] = interaction;
        if !self.enemies.is_empty() {
            stored["enemies"] = json!(self.enemies);
        }
        if let Some(stimulus) = &self.stimulus {
            stored["stimulus"] = stimulus.value();
        }
        stored
    }

    /// Canonical JSON, for storage only: it holds the lasting option ids.
    pub fn to_stored(&self) -> String {
        canonical(&self.value())
    }

    pub fn from_stored(stored: &str) -> Result<Self, Unreadable> {
        let content: StoredContent = read(stored)?;
        let figure = |f: StoredFigure| {
            Figure::from_parts(&f.sha256, &f.media_type, f.alt).ok_or_else(|| Unreadable::new("no figure"))
        };
        let interaction = only([
            content.choice.map(Interaction::Choice),
            content.matching.map(Interaction::Match),
            content.ordering.map(Interaction::Order),
            content.number.map(|Empty {}| Interaction::Number),
            content.short_text.map(Interaction::ShortText),
            content.gaps.map(Interaction::Gaps),
            content.hotspot.map(Interaction::Hotspot),
            content.essay.map(Interaction::Essay),
            content.upload.map(Interaction::Upload),
        ])?;
        Ok(Self {
            slug: content.slug,
            stem: content.stem,
            interaction,
            refs: content.refs,
            domain: content.domain,
            tags: content.tags,
            figure: content.figure.map(figure).transpose()?,
            enemies: content.enemies,
            stimulus: content.stimulus,
        })
    }
}

impl ItemKey {
    pub(crate) fn value(&self) -> Value {
        let id = |id: &OptionId| json!(id.as_str());
        let mut stored = match self.kind() {
            KeyKind::Options(options) => json!({"options": options.iter().map(id).collect::<Vec<_>>()}),
            KeyKind::Pairs(pairs) => {
                json!({"pairs": pairs.iter().map(|(source, target)| [id(source), id(target)]).collect::<Vec<_>>()})
            }
            KeyKind::Sequence(sequence) => json!({"sequence": sequence.iter().map(id).collect::<Vec<_>>()}),
            KeyKind::Numbers(numbers) => {
                json!({"numbers": numbers.iter().map(AcceptedNumber::value).collect::<Vec<_>>()})
            }
            KeyKind::Texts(texts) => json!({"texts": texts.value()}),
            KeyKind::Gaps(gaps) => {
                let gaps = gaps.iter().map(|(id, key)| (id.to_string(), key.value()));
                json!({"gaps": Value::Object(gaps.collect())})
            }
            KeyKind::Rubric(rubric) => json!({"rubric": rubric.value()}),
        };
        if let Some(scoring) = self.scoring().value() {
            stored["scoring"] = scoring;
        }
        stored
    }

    /// Canonical JSON, for storage only.
    pub fn to_stored(&self) -> String {
        canonical(&self.value())
    }

    pub fn from_stored(stored: &str) -> Result<Self, Unreadable> {
        let key: StoredKey = read(stored)?;
        let kind = only([
            key.options.map(KeyKind::Options),
            key.pairs.map(KeyKind::Pairs),
            key.sequence.map(KeyKind::Sequence),
            key.numbers.map(KeyKind::Numbers),
            key.texts.map(KeyKind::Texts),
            key.gaps.map(KeyKind::Gaps),
            key.rubric.map(KeyKind::Rubric),
        ])?;
        Ok(Self::new(kind).scored(key.scoring.map_or_else(Scoring::default, Scoring::from)))
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
