//! One item from its fields, whatever format they came in. Every mistake of the item is named, with its field.

mod answers;
mod areas;
mod choices;
mod figures;
mod gaps;
mod kept;
mod marked;
mod pairs;
mod shared;
mod typed;
mod write;
mod written;

pub(super) use figures::Figures;
pub(super) use kept::Kept;
pub use write::item_to_value;

use crate::{
    item::{Interaction, ItemContent, ItemKey, ItemType, ItemVersion, KeyKind, Rationale},
    mistake::{Mistake, pointer_to},
    strict::{Object, not_one_of, read_text, shown},
    text::Text,
};
use serde_json::Value;

/// Fields that every item may have.
const COMMON: [&str; 12] = [
    "id",
    "type",
    "question",
    "refs",
    "domain",
    "tags",
    "rationale",
    "figure",
    "figure_alt",
    "scoring",
    "enemies",
    "stimulus",
];

/// Every field that an item of a bank file may have.
pub const FIELDS: [&str; 33] = [
    "id",
    "type",
    "question",
    "answers",
    "correct",
    "correct_letter",
    "choose",
    "fixed",
    "refs",
    "domain",
    "tags",
    "rationale",
    "figure",
    "figure_alt",
    "sources",
    "targets",
    "several",
    "tolerance",
    "ignore",
    "max_length",
    "text",
    "gaps",
    "pool",
    "reuse",
    "size",
    "areas",
    "rubric",
    "files",
    "max_bytes",
    "ids",
    "scoring",
    "enemies",
    "stimulus",
];

/// What is read beyond the common fields.
fn own_fields(item_type: ItemType) -> &'static [&'static str] {
    match item_type {
        ItemType::SingleChoice | ItemType::MultipleChoice => {
            &["answers", "correct", "correct_letter", "choose", "fixed", "ids"]
        }
        ItemType::TrueFalse => &["answers", "correct", "ids"],
        ItemType::Matching => &["sources", "targets", "correct", "several", "fixed", "ids"],
        ItemType::Ordering => &["answers", "correct", "fixed", "ids"],
        ItemType::Numeric => &["correct", "tolerance"],
        ItemType::ShortText => &["correct", "ignore", "max_length"],
        ItemType::InlineChoice | ItemType::Cloze => &["text", "gaps"],
        ItemType::GapMatch => &["text", "gaps", "pool", "reuse", "ids"],
        ItemType::Hotspot => &["size", "areas", "correct", "several", "choose", "ids"],
        ItemType::Essay => &["rubric", "max_length"],
        ItemType::FileUpload => &["rubric", "files", "max_bytes"],
    }
}

/// What a family's fields come to.
struct Family {
    interaction: Interaction,
    key: KeyKind,
    kept: Vec<Kept>,
}

trait Given<T> {
    /// A value that was given, but could not be read, ends the reading of the item.
    fn given(self) -> Option<Option<T>>;
}

impl<T> Given<T> for Option<Option<T>> {
    fn given(self) -> Option<Option<T>> {
        match self {
            None => Some(None),
            Some(read) => read.map(Some),
        }
    }
}

/// An item that was understood.
pub(super) struct Taken {
    pub version: ItemVersion,
    /// Fields that nobody knows.
    pub unknown: Vec<Mistake>,
    pub fixed: Vec<Kept>,
}

/// Reads one item as an editor or the API sends it: the fields of a bank file, unknown ones refused.
///
/// # Errors
/// All mistakes at once, with pointers into `value`.
pub fn item_from_value(value: &Value, figure: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<ItemVersion, Vec<Mistake>> {
    let taken = take(value, &mut Figures::new(figure))?;
    if taken.unknown.is_empty() { Ok(taken.version) } else { Err(taken.unknown) }
}

/// The id, if it can be read at all.
pub(super) fn id_of(fields: &Value) -> Option<String> {
    let id = scalar(fields.get("id")?)?.trim().to_owned();
    (!id.is_empty() && id.chars().count() <= 200 && !id.chars().any(char::is_control)).then_some(id)
}

pub(super) fn take(fields: &Value, figures: &mut Figures<'_>) -> Result<Taken, Vec<Mistake>> {
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    let Some(object) = Object::open(fields, "", &FIELDS, &mut unknown) else { return Err(unknown) };
    let parts = read(&object, figures, &mut wrong);
    match parts {
        Some((content, key, rationale, fixed)) if wrong.is_empty() => {
            ItemVersion::new(content, key, rationale).map(|version| Taken { version, unknown, fixed })
        }
        _ => {
            // A mistyped name explains a missing field better than the missing field does.
            wrong.extend(unknown);
            Err(wrong)
        }
    }
}

type Parts = (ItemContent, ItemKey, Option<Rationale>, Vec<Kept>);

fn read(object: &Object<'_>, figures: &mut Figures<'_>, wrong: &mut Vec<Mistake>) -> Option<Parts> {
    let slug = required_scalar(object, "id", wrong);
    let stem = filled(object, "question", wrong).and_then(|value| read_words(value, "/question", wrong));
    let item_type = optional(object, "type").map(|value| read_type(value, wrong));
    let family = match item_type {
        None => family(object, None, stem.as_ref(), wrong),
        Some(read) => read.and_then(|item_type| family(object, Some(item_type), stem.as_ref(), wrong)),
    };
    let rationale = optional(object, "rationale").map(|value| read_words(value, "/rationale", wrong));
    let refs = read_list(object, "refs", |text| vec![text.to_owned()], wrong);
    let by_semicolon = |text: &str| -> Vec<String> {
        text.split(';').map(|tag| tag.trim().to_owned()).filter(|t| !t.is_empty()).collect()
    };
    let tags = read_list(object, "tags", by_semicolon, wrong);
    let enemies = read_list(object, "enemies", by_semicolon, wrong);
    let domain = optional(object, "domain").map(|value| words_of(value, "/domain", wrong));
    let figure = figures::read(object, figures, wrong);
    let stimulus = optional(object, "stimulus").map(|value| shared::stimulus(value, wrong));
    let scoring = optional(object, "scoring").map(|value| shared::scoring(value, wrong));
    let family = family?;
    let content = ItemContent {
        slug: slug?,
        stem: stem?,
        interaction: family.interaction,
        refs,
        domain: domain.given()?,
        tags: tags.into_iter().collect(),
        figure,
        enemies: enemies.into_iter().collect(),
        stimulus: stimulus.given()?,
    };
    let key = ItemKey::new(family.key).scored(scoring.given()?.unwrap_or_default());
    Some((content, key, rationale.given()?.map(Rationale::new), family.kept))
}

fn family(
    object: &Object<'_>,
    item_type: Option<ItemType>,
    stem: Option<&Text>,
    wrong: &mut Vec<Mistake>,
) -> Option<Family> {
    let shape = item_type.unwrap_or(ItemType::SingleChoice);
    for name in FIELDS {
        if COMMON.contains(&name) || own_fields(shape).contains(&name) || optional(object, name).is_none() {
            continue;
        }
        wrong.push(Mistake::new(
            object.at(name),
            "field_of_another_type",
            format!("`{name}` is not for {}: remove it, or correct `type`", shape.as_str()),
            format!("「{name}」は{}では使いません。消すか、type を直してください", shape.as_str()),
        ));
    }
    match shape {
        ItemType::SingleChoice | ItemType::MultipleChoice => choices::choice(object, item_type, wrong),
        ItemType::TrueFalse => choices::true_false(object, stem, wrong),
        ItemType::Matching => pairs::matching(object, wrong),
        ItemType::Ordering => choices::ordering(object, wrong),
        ItemType::Numeric => typed::numeric(object, wrong),
        ItemType::ShortText => typed::short_text(object, wrong),
        ItemType::InlineChoice | ItemType::Cloze | ItemType::GapMatch => gaps::read(object, shape, wrong),
        ItemType::Hotspot => areas::hotspot(object, wrong),
        ItemType::Essay => written::essay(object, wrong),
        ItemType::FileUpload => written::upload(object, wrong),
    }
}

/// `true` or `false`; absent is `false`. `None` for anything else.
fn flag(object: &Object<'_>, name: &str, wrong: &mut Vec<Mistake>) -> Option<bool> {
    match optional(object, name) {
        None => Some(false),
        Some(Value::Bool(flag)) => Some(*flag),
        Some(Value::String(word)) if word == "true" || word == "false" => Some(word == "true"),
        Some(other) => {
            wrong.push(Mistake::new(
                object.at(name),
                "not_true_or_false",
                format!("{} stands here: write `true` or `false`", shown(other)),
                format!("{}が書かれています。true か false にしてください", shown(other)),
            ));
            None
        }
    }
}

/// A member that is neither absent nor null nor an empty text, which is how tables leave a field out.
fn optional<'v>(object: &Object<'v>, name: &str) -> Option<&'v Value> {
    object.get(name).filter(|value| value.as_str().is_none_or(|text| !text.trim().is_empty()))
}

fn filled<'v>(object: &Object<'v>, name: &str, wrong: &mut Vec<Mistake>) -> Option<&'v Value> {
    let value = optional(object, name);
    if value.is_none() {
        wrong.push(Mistake::new(
            object.at(name),
            "missing",
            format!("`{name}` is missing or empty: fill it in"),
            format!("「{name}」がないか空です。書いてください"),
        ));
    }
    value
}

/// Texts and whole numbers; anything else would not come back as its author wrote it.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

fn words_of(value: &Value, pointer: &str, wrong: &mut Vec<Mistake>) -> Option<String> {
    let words = scalar(value).map(|text| text.trim().to_owned());
    if words.is_none() {
        wrong.push(Mistake::new(
            pointer,
            "not_a_text",
            format!("{} stands here: write a text; put it in quotes if it is meant as one", shown(value)),
            format!("{}が書かれています。文字列にしてください(文字のつもりなら引用符で囲みます)", shown(value)),
        ));
    }
    words
}

fn required_scalar(object: &Object<'_>, name: &str, wrong: &mut Vec<Mistake>) -> Option<String> {
    filled(object, name, wrong).and_then(|value| words_of(value, &object.at(name), wrong))
}

fn read_words(value: &Value, pointer: &str, wrong: &mut Vec<Mistake>) -> Option<Text> {
    match scalar(value) {
        Some(text) => read_text(&Value::String(text), pointer, wrong),
        None if value.is_object() => read_text(value, pointer, wrong),
        None => words_of(value, pointer, wrong).and(None),
    }
}

fn read_type(value: &Value, wrong: &mut Vec<Mistake>) -> Option<ItemType> {
    let item_type = value.as_str().and_then(|name| ItemType::parse(name.trim()));
    if item_type.is_none() {
        wrong.push(not_one_of(value, "/type", &ItemType::ALL.map(ItemType::as_str)));
    }
    item_type
}

fn read_list(
    object: &Object<'_>,
    name: &str,
    split: impl Fn(&str) -> Vec<String>,
    wrong: &mut Vec<Mistake>,
) -> Vec<String> {
    let at = object.at(name);
    match optional(object, name) {
        None => Vec::new(),
        Some(Value::Array(list)) => {
            let read = |(n, value): (usize, &Value)| words_of(value, &pointer_to(&at, n), wrong);
            list.iter().enumerate().filter_map(read).filter(|text| !text.is_empty()).collect()
        }
        Some(value) => words_of(value, &at, wrong).map(|text| split(&text)).unwrap_or_default(),
    }
}
