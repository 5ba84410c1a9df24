//! One item from its fields, whatever format they came in. Every mistake of the item is named, with its field.

use super::{
    report::{FixedOption, FixedWhy},
    speaks_of_others::{Speaks, speaks},
};
use crate::{
    item::{Choice, Figure, Interaction, ItemContent, ItemKey, ItemOption, ItemType, ItemVersion, OptionId, Rationale},
    mistake::{Mistake, pointer_to},
    spec::read_text,
    strict::{Object, not_one_of, shown, text, whole},
    text::{Text, TextError},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

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

/// Figures beside the file, each asked for once.
pub(super) struct Figures<'f> {
    lookup: &'f dyn Fn(&str) -> Option<Vec<u8>>,
    asked: BTreeMap<String, Result<Figure, Mistake>>,
    bytes: BTreeMap<String, Vec<u8>>,
}

impl<'f> Figures<'f> {
    pub fn new(lookup: &'f dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self { lookup, asked: BTreeMap::new(), bytes: BTreeMap::new() }
    }

    pub fn into_bytes(self) -> BTreeMap<String, Vec<u8>> {
        self.bytes
    }

    fn find(&mut self, name: &str) -> Result<Figure, Mistake> {
        if let Some(known) = self.asked.get(name) {
            return known.clone();
        }
        let found = self.open(name);
        self.asked.insert(name.to_owned(), found.clone());
        found
    }

    fn open(&mut self, name: &str) -> Result<Figure, Mistake> {
        let shown: String = name.chars().take(80).filter(|c| !c.is_control()).collect();
        // A name that could lead out of the folder never reaches the lookup.
        let plain = !name.starts_with('.')
            && name.len() <= 255
            && !name.contains(['/', '\\', ':', '\0'])
            && !name.chars().any(char::is_control);
        if !plain {
            return Err(Mistake::new(
                "/figure",
                "figure_name",
                format!(
                    "`{shown}` is no plain file name: put the picture beside the bank file and give its name alone"
                ),
                format!(
                    "「{shown}」はファイル名ではありません。図を問題ファイルと同じ場所に置き、名前だけを書いてください"
                ),
            ));
        }
        let bytes = (self.lookup)(name).ok_or_else(|| {
            Mistake::new(
                "/figure",
                "figure_missing",
                format!("the picture `{shown}` is not there: put it beside the bank file"),
                format!("図「{shown}」が見つかりません。問題ファイルと同じ場所に置いてください"),
            )
        })?;
        let figure = Figure::from_bytes(&bytes, None).map_err(|wrong| {
            Mistake::new(
                "/figure",
                "figure_refused",
                format!("the picture `{shown}` {wrong}"),
                format!("図「{shown}」{}", wrong.in_japanese()),
            )
        })?;
        self.bytes.insert(figure.sha256(), bytes);
        Ok(figure)
    }
}

/// An option that keeps its place, before the report says of which item.
pub(super) struct Kept {
    option: usize,
    text: String,
    why: FixedWhy,
}

impl Kept {
    pub fn of(self, item: &str, line: usize) -> FixedOption {
        FixedOption { item: item.to_owned(), line, option: self.option, text: self.text, why: self.why }
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
    let texts = filled(object, "answers", wrong).and_then(|value| read_answers(value, wrong));
    let marked =
        filled(object, "correct", wrong).and_then(|value| read_correct(value, texts.as_ref().map(Vec::len), wrong));
    let item_type = optional(object, "type").map(|value| read_type(value, wrong));
    let choose = optional(object, "choose").map(|value| whole(value, "/choose", 1..=26, wrong));
    let stated = optional(object, "fixed").map(|value| read_places(value, "/fixed", wrong));
    let rationale = optional(object, "rationale").map(|value| read_words(value, "/rationale", wrong));
    let refs = read_list(object, "refs", |text| vec![text.to_owned()], wrong);
    let tags = read_list(
        object,
        "tags",
        |text| text.split(';').map(|tag| tag.trim().to_owned()).filter(|t| !t.is_empty()).collect(),
        wrong,
    );
    let domain = optional(object, "domain").map(|value| words_of(value, "/domain", wrong));
    let figure = read_figure(object, figures, wrong);
    let (texts, (right, listed)) = (texts?, marked?);
    check_letter(object, &right, wrong);
    let multiple = match item_type {
        None => listed,
        Some(read) => read? == ItemType::MultipleChoice,
    };
    let stated = match stated {
        None => None,
        Some(places) => Some(places?),
    };
    let (fixed, kept) = fixed_places(&texts, stated);
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
        interaction: Interaction::Choice(Choice { multiple, options, choose }),
        refs,
        domain: match domain {
            None => None,
            Some(read) => Some(read?),
        },
        tags: tags.into_iter().collect(),
        figure,
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

/// A list of texts, of texts by language, or a list for each language.
fn read_answers(value: &Value, wrong: &mut Vec<Mistake>) -> Option<Vec<Text>> {
    match value {
        Value::Array(answers) => {
            let read = |(n, answer): (usize, &Value)| read_words(answer, &pointer_to("/answers", n), wrong);
            let texts: Vec<Option<Text>> = answers.iter().enumerate().map(read).collect();
            texts.into_iter().collect()
        }
        Value::Object(languages) => by_language(languages, wrong),
        other => {
            wrong.push(Mistake::new(
                "/answers",
                "not_a_list",
                format!("{} stands here: write a list of options", shown(other)),
                format!("{}が書かれています。選択肢のリストにしてください", shown(other)),
            ));
            None
        }
    }
}

fn by_language(languages: &serde_json::Map<String, Value>, wrong: &mut Vec<Mistake>) -> Option<Vec<Text>> {
    let mut texts: Vec<BTreeMap<String, String>> = Vec::new();
    let mut first: Option<(&str, usize)> = None;
    for (tag, list) in languages {
        let at = pointer_to("/answers", tag);
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let (other, expected) = *first.get_or_insert((tag, list.len()));
        if list.len() != expected || list.is_empty() {
            wrong.push(Mistake::new(
                at,
                "languages_differ",
                format!(
                    "`{tag}` has {} options, `{other}` {expected}: write the same ones in each language",
                    list.len()
                ),
                format!(
                    "「{tag}」の選択肢は{}個、「{other}」は{expected}個です。言語ごとに同じ数にしてください",
                    list.len()
                ),
            ));
            return None;
        }
        texts.resize(expected, BTreeMap::new());
        for (n, value) in list.iter().enumerate() {
            texts[n].insert(tag.clone(), words_of(value, &pointer_to(&at, n), wrong)?);
        }
    }
    let read = |(n, texts): (usize, BTreeMap<String, String>)| {
        let refused = |e: TextError| {
            wrong.push(Mistake::new(pointer_to("/answers", n), e.code(), e.to_string(), e.in_japanese()));
        };
        Text::in_languages(texts).map_err(refused).ok()
    };
    texts.into_iter().enumerate().map(read).collect()
}

/// The places marked as right, and whether they came as a list.
fn read_correct(value: &Value, options: Option<usize>, wrong: &mut Vec<Mistake>) -> Option<(BTreeSet<usize>, bool)> {
    let (places, listed) = match value {
        Value::Array(_) => (read_places(value, "/correct", wrong)?, true),
        single => (BTreeSet::from([place(single, "/correct", wrong)?]), false),
    };
    let count = options?;
    for beyond in places.iter().filter(|place| **place >= count) {
        wrong.push(Mistake::new(
            "/correct",
            "no_such_option",
            format!(
                "`correct` is {beyond}, but the {count} options count from 0 to {}: correct it",
                count.saturating_sub(1)
            ),
            format!(
                "correct は{beyond}ですが、選択肢{count}個は0から{}までです。直してください",
                count.saturating_sub(1)
            ),
        ));
    }
    Some((places, listed))
}

fn place(value: &Value, pointer: &str, wrong: &mut Vec<Mistake>) -> Option<usize> {
    whole(value, pointer, 0..=999, wrong).and_then(|n| usize::try_from(n).ok())
}

fn read_places(value: &Value, pointer: &str, wrong: &mut Vec<Mistake>) -> Option<BTreeSet<usize>> {
    let Some(list) = value.as_array() else {
        return place(value, pointer, wrong).map(|place| BTreeSet::from([place]));
    };
    let mut places = BTreeSet::new();
    for (n, value) in list.iter().enumerate() {
        let at = pointer_to(pointer, n);
        if !places.insert(place(value, &at, wrong)?) {
            wrong.push(Mistake::new(
                at,
                "duplicate_option",
                "the same option is named twice: name it once",
                "同じ選択肢が2度書かれています。1度だけにしてください",
            ));
        }
    }
    Some(places)
}

/// `correct_letter` says the same as `correct`, or the item is refused: one of the two is a slip.
fn check_letter(object: &Object<'_>, right: &BTreeSet<usize>, wrong: &mut Vec<Mistake>) {
    let Some(value) = optional(object, "correct_letter") else { return };
    let said = match value {
        Value::Array(list) => list.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|list| list.join(";")),
        other => other.as_str().map(str::to_owned),
    };
    let letters = said.as_ref().map(|said| said.chars().filter(|c| !c.is_whitespace() && !",;".contains(*c)));
    let places: Option<BTreeSet<usize>> = letters.and_then(|letters| {
        letters.map(|c| c.is_ascii_alphabetic().then(|| usize::from(c.to_ascii_lowercase() as u8 - b'a'))).collect()
    });
    if places.as_ref() != Some(right) {
        let list = |places: &BTreeSet<usize>| places.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let letter = |n: &usize| u8::try_from(*n).ok().filter(|n| *n < 26).map_or('?', |n| char::from(b'A' + n));
        let meant: String = right.iter().map(letter).collect();
        wrong.push(Mistake::new(
            "/correct_letter",
            "letter_disagrees",
            format!(
                "`correct` is {} (counting from 0, so {meant}), `correct_letter` is {}: make them agree",
                list(right),
                shown(value)
            ),
            format!(
                "correct は{}(0から数えるので{meant})ですが、correct_letter は{}です。一致させてください",
                list(right),
                shown(value)
            ),
        ));
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

fn read_figure(object: &Object<'_>, figures: &mut Figures<'_>, wrong: &mut Vec<Mistake>) -> Option<Figure> {
    let alt = optional(object, "figure_alt").and_then(|value| read_words(value, "/figure_alt", wrong));
    let Some(name) = optional(object, "figure") else {
        if alt.is_some() {
            wrong.push(Mistake::new(
                "/figure_alt",
                "alt_without_figure",
                "`figure_alt` describes a figure that is not named: name it in `figure`",
                "figure_alt がありますが figure がありません。figure に図のファイル名を書いてください",
            ));
        }
        return None;
    };
    let name = text(name, "/figure", wrong)?;
    match figures.find(name.trim()) {
        Ok(figure) => Some(figure.described(alt)),
        Err(mistake) => {
            wrong.push(mistake);
            None
        }
    }
}

/// Which options keep their place: those the author names, else those that speak of others.
fn fixed_places(texts: &[Text], stated: Option<BTreeSet<usize>>) -> (BTreeSet<usize>, Vec<Kept>) {
    let words = |place: usize| texts[place].entries().next().map(|(_, text)| text.to_owned()).unwrap_or_default();
    if let Some(stated) = stated {
        let stated: BTreeSet<usize> = stated.into_iter().filter(|place| *place < texts.len()).collect();
        let kept =
            stated.iter().map(|place| Kept { option: *place, text: words(*place), why: FixedWhy::Stated }).collect();
        return (stated, kept);
    }
    let spoken = |text: &Text| text.entries().filter_map(|(_, words)| speaks(words)).max();
    let spoken: Vec<Option<Speaks>> = texts.iter().map(spoken).collect();
    let reach = |(place, speaks): (usize, &Option<Speaks>)| {
        // "All of the above" with an ordinary option below it would speak of that one too, once it is shuffled upwards.
        let above_some = *speaks == Some(Speaks::OfThoseAbove) && spoken[place..].iter().any(Option::is_none);
        let whole_order = *speaks == Some(Speaks::ByLetter) || above_some;
        speaks.map(|_| (place, if whole_order { FixedWhy::NamesPlaces } else { FixedWhy::SpeaksOfTheOthers }))
    };
    let speaking: Vec<(usize, FixedWhy)> = spoken.iter().enumerate().filter_map(reach).collect();
    let whole_order = speaking.iter().any(|(_, why)| *why == FixedWhy::NamesPlaces);
    let fixed =
        if whole_order { (0..texts.len()).collect() } else { speaking.iter().map(|(place, _)| *place).collect() };
    (fixed, speaking.into_iter().map(|(option, why)| Kept { option, text: words(option), why }).collect())
}
