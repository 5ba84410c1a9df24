//! Texts with gaps: each gap a choice, a text, a number, or a word from one pool.

use serde_json::{Map, Value, json};
use waymark_assess::item::{ItemType, OptionId};

use super::given::{flags, ids, said, texts};
use super::typed::{accepted, ignored, numbers, whole, write_accepted, write_numbers};
use super::values::{Row, Values};
use super::writer::{Writer, ids as own_ids, marked_places, picked_places};

/// The names that stand as `{{name}}` in a text.
pub fn marks(text: &str) -> Vec<String> {
    let cut = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
    cut.filter_map(|(name, _)| OptionId::new(name)).map(|name| name.to_string()).collect()
}

pub fn open(item_type: ItemType, fields: &Value, values: &mut Values) {
    values.set_texts("text", super::given::words(&fields["text"]));
    let pool = texts(&fields["pool"]).zip(ids(&fields["ids"]["pool"]));
    values.set_rows("pool", pool.map(|(texts, id)| option(texts, id)));
    values.turn("reuse", fields["reuse"] == true);
    let gaps = fields["gaps"].as_object();
    values.set_rows("gaps", gaps.into_iter().flatten().map(|(id, gap)| opened(item_type, id, gap)));
}

fn option(texts: super::Texts, id: String) -> Values {
    let mut row = Values::default();
    row.set_texts("text", texts);
    row.set("id", id);
    row
}

fn opened(item_type: ItemType, id: &str, gap: &Value) -> Values {
    let mut row = Values::default();
    row.set("id", id);
    let right = flags(&gap["correct"]);
    if item_type == ItemType::GapMatch {
        // A row that was just opened is known by its place.
        row.set_all("right", right.iter().map(usize::to_string).collect());
        return row;
    }
    let options = texts(&gap["answers"]).zip(ids(&gap["ids"])).enumerate();
    row.set_rows(
        "answers",
        options.map(|(place, (texts, id))| {
            let mut row = option(texts, id);
            row.turn("right", right.contains(&place));
            row
        }),
    );
    row.set_rows("texts", accepted(&gap["texts"]));
    row.set_all("ignore", ignored(&gap["ignore"]));
    row.set("max_length", said(&gap["max_length"]));
    row.set_rows("numbers", numbers(&gap["numbers"]));
    let filled_by = ["texts", "numbers", "answers"].into_iter().find(|by| gap[by].is_array());
    row.set("fill", filled_by.unwrap_or("texts"));
    row
}

pub fn write(w: &mut Writer<'_>) {
    let values = w.values;
    w.put("text", "text", w.words(values, "text"));
    let pool = if w.item_type == ItemType::GapMatch { w.list("pool") } else { vec![] };
    if w.item_type == ItemType::GapMatch {
        w.put("pool", "pool", w.texts(&pool));
        w.put_ids("pool", &pool);
        if values.is_on("reuse") {
            w.put("reuse", "reuse", json!(true));
        }
        w.at("/reuse", "reuse");
    }
    let mut gaps = Map::new();
    for row in w.kept(&["gaps"], values.rows("gaps"), "/form/gaps", "gaps") {
        let (id, path) = (row.values.one("id"), format!("gaps.{}", row.key));
        if id.is_empty() {
            w.wrong(
                &format!("{path}.id"),
                "missing",
                "name the gap as it stands in the text between double braces",
                "本文の二重の波かっこの中に書いた空欄の名前を書いてください",
            );
        } else if gaps.contains_key(id) {
            w.wrong(
                &format!("{path}.id"),
                "duplicate_option",
                "another gap has this name: give each gap its own",
                "同じ名前の空欄がほかにもあります。別々の名前にしてください",
            );
        } else {
            let pointer = format!("/gaps/{}", id.replace('~', "~0").replace('/', "~1"));
            w.at(pointer.clone(), path.clone());
            let gap = filled(w, row, &pool, &pointer, &path);
            gaps.insert(id.to_owned(), gap);
        }
    }
    w.put("gaps", "gaps", if gaps.is_empty() { Value::Null } else { Value::Object(gaps) });
}

fn filled(w: &mut Writer<'_>, row: &Row, pool: &[&Row], pointer: &str, path: &str) -> Value {
    let values = &row.values;
    let by = match w.item_type {
        ItemType::InlineChoice => "answers",
        ItemType::GapMatch => {
            w.at(format!("{pointer}/correct"), format!("{path}.right"));
            return json!({"correct": picked_places(pool, values.all("right"))});
        }
        _ => values.one("fill"),
    };
    let (at, from) = (format!("{pointer}/{by}"), format!("{path}.{by}"));
    let mut gap = Map::new();
    let filling = match by {
        "answers" => {
            let options = w.kept(&["gaps", "answers"], values.rows("answers"), &at, &from);
            // Checks of an item speak of the gap's options without the word between.
            for (n, option) in options.iter().enumerate() {
                w.at(format!("{pointer}/{n}"), format!("{from}.{}", option.key));
            }
            w.at(format!("{pointer}/correct"), from.clone());
            gap.insert("correct".to_owned(), json!(marked_places(&options, "right")));
            gap.extend(own_ids(&options).map(|ids| ("ids".to_owned(), ids)));
            if options.is_empty() { json!([]) } else { w.texts(&options) }
        }
        "numbers" => write_numbers(w, &["gaps", "numbers"], values.rows("numbers"), &at, &from),
        _ => {
            gap.insert("ignore".to_owned(), json!(values.all("ignore")));
            let length = whole(values.one("max_length"));
            w.at(format!("{pointer}/max_length"), format!("{path}.max_length"));
            if !length.is_null() {
                gap.insert("max_length".to_owned(), length);
            }
            write_accepted(w, &["gaps", "texts"], values.rows("texts"), &at, &from)
        }
    };
    if by != "answers" {
        // What is checked of the whole item is said of the key of the gap.
        w.at(format!("{pointer}/correct"), from.clone());
        for (n, row) in values.rows(by).iter().enumerate() {
            w.at(format!("{pointer}/correct/{n}"), format!("{from}.{}", row.key));
        }
    }
    gap.insert(by.to_owned(), if filling.is_null() { json!([]) } else { filling });
    Value::Object(gap)
}
