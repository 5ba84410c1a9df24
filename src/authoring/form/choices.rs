//! Choice, true or false, and putting in order: one list of options.

use serde_json::{Value, json};
use waymark_assess::item::ItemType;

use super::given::{flags, ids, texts};
use super::typed::whole;
use super::values::{Row, Values};
use super::writer::{Writer, marked_places};

pub fn open(fields: &Value, values: &mut Values) {
    let (fixed, right) = (flags(&fields["fixed"]), flags(&fields["correct"]));
    let rows = texts(&fields["answers"]).zip(ids(&fields["ids"]["answers"])).enumerate();
    values.set_rows(
        "answers",
        rows.map(|(place, (texts, id))| {
            let mut row = Values::default();
            row.set_texts("text", texts);
            row.set("id", id);
            row.turn("right", right.contains(&place));
            row.turn("fixed", fixed.contains(&place));
            row
        }),
    );
    if let Some(choose) = fields["choose"].as_u64() {
        values.set("choose", choose.to_string());
    }
    values.turn("fixed_stated", true);
}

pub fn write(w: &mut Writer<'_>) {
    let rows = w.list("answers");
    w.put("answers", "answers", w.texts(&rows));
    let right = marked_places(&rows, "right");
    let several = w.item_type == ItemType::MultipleChoice;
    let correct = match right.as_slice() {
        [] => Value::Null,
        [one] if !several => json!(one),
        _ => json!(right),
    };
    w.put("correct", "answers", correct);
    if several {
        w.put("choose", "choose", whole(w.values.one("choose")));
    }
    // A new item that states nothing has its options looked at: "all of the above" keeps its place by itself.
    let fixed = marked_places(&rows, "fixed");
    if w.values.is_on("fixed_stated") || !fixed.is_empty() {
        w.put("fixed", "answers", json!(fixed));
    }
    w.put_ids("answers", &rows);
}

pub fn open_truth(fields: &Value, values: &mut Values) {
    open(fields, values);
    values.set("correct", if fields["correct"] == 0 { "true" } else { "false" });
}

pub fn write_truth(w: &mut Writer<'_>) {
    let correct = match w.values.one("correct") {
        "true" => json!(true),
        "false" => json!(false),
        _ => Value::Null,
    };
    w.put("correct", "correct", correct);
    let words = w.list("answers");
    // Words of one's own stand for both, or for neither.
    let both: Vec<_> = if words.is_empty() { vec![] } else { w.values.rows("answers").iter().collect() };
    for (place, row) in both.iter().enumerate() {
        w.at(format!("/answers/{place}"), format!("answers.{}", row.key));
    }
    let text = |row: &&Row| match w.words(&row.values, "text") {
        Value::Null => json!(""),
        text => text,
    };
    let texts = if both.is_empty() { Value::Null } else { both.iter().map(text).collect() };
    w.put("answers", "answers", texts);
    w.put_ids("answers", &both);
}

pub fn open_order(fields: &Value, values: &mut Values) {
    let order: Vec<u64> = fields["correct"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    let fixed = flags(&fields["fixed"]);
    let as_listed = order.iter().copied().eq(0..order.len() as u64);
    let rows = texts(&fields["answers"]).zip(ids(&fields["ids"]["answers"])).enumerate();
    values.set_rows(
        "answers",
        rows.map(|(place, (texts, id))| {
            let mut row = Values::default();
            row.set_texts("text", texts);
            row.set("id", id);
            row.turn("fixed", fixed.contains(&place));
            let at = order.iter().position(|one| usize::try_from(*one) == Ok(place));
            if let Some(at) = at.filter(|_| !as_listed) {
                row.set("place", (at + 1).to_string());
            }
            row
        }),
    );
}

/// The right order is the order of the rows, or that of their numbers.
pub fn write_order(w: &mut Writer<'_>) {
    let rows = w.list("answers");
    w.put("answers", "answers", w.texts(&rows));
    if rows.iter().any(|row| row.values.is_on("place")) {
        let mut order: Vec<usize> = vec![];
        for place in 1..=rows.len() as u64 {
            let here = |row: &&Row| whole(row.values.one("place")) == json!(place);
            order.extend(rows.iter().position(here));
        }
        if order.len() < rows.len() {
            let missing = rows.iter().enumerate().find(|(at, _)| !order.contains(at)).map(|(_, row)| row.key);
            w.wrong(
                &format!("answers.{}.place", missing.unwrap_or_default()),
                "not_the_whole_order",
                "give every step a place of its own, 1 for the first, or leave all places empty: then the steps are in the right order as they stand",
                "すべての手順に1から始まる別々の順番を書くか、順番をすべて空にしてください。空のときは、並んでいる順が正しい順番になります",
            );
        } else {
            w.put("correct", "answers", json!(order));
        }
    }
    let fixed = marked_places(&rows, "fixed");
    if !fixed.is_empty() {
        w.put("fixed", "answers", json!(fixed));
    }
    w.put_ids("answers", &rows);
}
