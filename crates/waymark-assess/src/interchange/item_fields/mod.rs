//! One item from its fields, whatever format they came in. Every mistake of the item is named, with its field.

mod answers;
mod figures;
mod kept;
mod marked;

pub(super) use figures::Figures;
pub(super) use kept::Kept;

use crate::{
    item::{Choice, Interaction, ItemContent, ItemKey, ItemOption, ItemType, ItemVersion, OptionId, Rationale},
    mistake::{Mistake, pointer_to},
    strict::{Object, not_one_of, read_text, shown, whole},
    text::Text,
};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const FIELDS: [&str; 14] = [
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
];

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
    let texts = filled(object, "answers", wrong).and_then(|value| answers::read(value, wrong));
    let marked =
        filled(object, "correct", wrong).and_then(|value| marked::read(value, texts.as_ref().map(Vec::len), wrong));
    let item_type = optional(object, "type").map(|value| read_type(value, wrong));
    let choose = optional(object, "choose").map(|value| whole(value, "/choose", 1..=26, wrong));
    let stated = optional(object, "fixed").map(|value| marked::places(value, "/fixed", wrong));
    let rationale = optional(object, "rationale").map(|value| read_words(value, "/rationale", wrong));
    let refs = read_list(object, "refs", |text| vec![text.to_owned()], wrong);
    let tags = read_list(
        object,
        "tags",
        |text| text.split(';').map(|tag| tag.trim().to_owned()).filter(|t| !t.is_empty()).collect(),
        wrong,
    );
    let domain = optional(object, "domain").map(|value| words_of(value, "/domain", wrong));
    let figure = figures::read(object, figures, wrong);
    let (texts, (right, listed)) = (texts?, marked?);
    marked::check_letter(object, &right, wrong);
    let multiple = match item_type {
        None => listed,
        Some(read) => read? == ItemType::MultipleChoice,
    };
    let stated = match stated {
        None => None,
        Some(places) => Some(places?),
    };
    let (fixed, kept) = kept::places(&texts, stated);
    let option = |(place, text): (usize, Text)| {
        Some(ItemOption { id: OptionId::of_place(place)?, text, fixed: fixed.contains(&place) })
    };
    let count = texts.len();
    let options: Vec<ItemOption> = texts.into_iter().enumerate().filter_map(option).collect();
    if options.len() < count {
        wrong.push(Mistake::new(
            "/answers",
            "number_of_options",
            format!("there are {count} options: give 2 to 26"),
            format!("選択肢が{count}個あります。2個から26個にしてください"),
        ));
    }
    let key = ItemKey::of_options(right.iter().filter_map(|place| OptionId::of_place(*place)));
    let choose = match choose {
        None => None,
        Some(read) => Some(read?),
    };
    let content = ItemContent {
        slug: slug?,
        stem: stem?,
        interaction: Interaction::Choice(Choice { multiple, true_false: false, options, choose }),
        refs,
        domain: match domain {
            None => None,
            Some(read) => Some(read?),
        },
        tags: tags.into_iter().collect(),
        figure,
        enemies: BTreeSet::new(),
        stimulus: None,
    };
    let rationale = match rationale {
        None => None,
        Some(read) => Some(Rationale::new(read?)),
    };
    Some((content, key, rationale, kept))
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
    match value.as_str() {
        Some("single_choice") => Some(ItemType::SingleChoice),
        Some("multiple_choice") => Some(ItemType::MultipleChoice),
        _ => {
            wrong.push(not_one_of(value, "/type", &["single_choice", "multiple_choice"]));
            None
        }
    }
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
