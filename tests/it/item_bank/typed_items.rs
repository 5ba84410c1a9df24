//! One item of each type, as it is typed into its form, and as it is answered.

use serde_json::Value;
use waymark_assess::item::ItemType;

/// The fields of a new item, as they are typed.
pub fn new_item(item_type: ItemType) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![("type", item_type.as_str()), ("id", item_type.as_str()), ("revision", "0"), ("domain", "d")];
    fields.extend_from_slice(match item_type {
        ItemType::SingleChoice => &[
            ("question.en", "Which port does HTTPS use?"),
            ("answers.0.text.en", "80"),
            ("answers.1.text.en", "443"),
            ("answers.right", "1"),
        ],
        ItemType::MultipleChoice => &[
            ("question.en", "Which of these are prime?"),
            ("answers.0.text.en", "two"),
            ("answers.1.text.en", "three"),
            ("answers.2.text.en", "four"),
            ("answers.right", "0"),
            ("answers.right", "1"),
            ("scoring_rule", "per_part"),
            ("scoring_points", "2"),
        ],
        ItemType::TrueFalse => &[("question.en", "A hash can be reversed."), ("correct", "false")],
        ItemType::Matching => &[
            ("question.en", "Which country?"),
            ("sources.0.text.en", "Tokyo"),
            ("sources.0.pair", "2"),
            ("sources.1.text.en", "Paris"),
            ("sources.1.pair", "0"),
            ("targets.0.text.en", "France"),
            ("targets.1.text.en", "Italy"),
            ("targets.2.text.en", "Japan"),
        ],
        ItemType::Ordering => &[
            ("question.en", "Put them in order."),
            ("answers.0.text.en", "ACK"),
            ("answers.0.place", "3"),
            ("answers.1.text.en", "SYN"),
            ("answers.1.place", "1"),
            ("answers.2.text.en", "SYN-ACK"),
            ("answers.2.place", "２"),
        ],
        ItemType::Numeric => &[
            ("question.en", "Give it to two places."),
            ("correct.0.value", "3.14"),
            ("correct.0.tolerance", "1"),
            ("correct.0.unit", "percent"),
            ("correct.0.upper", "1"),
        ],
        ItemType::ShortText => &[
            ("question.en", "Name the capital."),
            ("correct.0.text", "Tokyo"),
            ("correct.1.text", "東京"),
            ("ignore", "case"),
            ("ignore", "width"),
            ("max_length", "40"),
        ],
        ItemType::InlineChoice => &[
            ("question.en", "Choose."),
            ("text.en", "She {{verb}} there."),
            ("gaps.0.id", "verb"),
            ("gaps.0.answers.0.text.en", "lives"),
            ("gaps.0.answers.1.text.en", "has lived"),
            ("gaps.0.answers.right", "1"),
        ],
        ItemType::Cloze => &[
            ("question.en", "Complete."),
            ("text.en", "0..{{end}} runs {{times}} times."),
            ("gaps.0.id", "end"),
            ("gaps.0.fill", "texts"),
            ("gaps.0.texts.0.text", "n"),
            ("gaps.0.ignore", "spaces"),
            ("gaps.1.id", "times"),
            ("gaps.1.fill", "numbers"),
            ("gaps.1.numbers.0.value", "10"),
        ],
        ItemType::GapMatch => &[
            ("question.en", "Complete."),
            ("text.en", "A {{what}} in the hand."),
            ("pool.0.text.en", "bird"),
            ("pool.1.text.en", "bush"),
            ("gaps.0.id", "what"),
            ("gaps.0.right", "0"),
        ],
        ItemType::Hotspot => &[
            ("question.en", "Where is it?"),
            ("figure_alt.en", "A circuit"),
            ("areas.0.label.en", "top left"),
            ("areas.0.shape", "rectangle"),
            ("areas.0.numbers", "0, 0, 10, 10"),
            ("areas.1.label.en", "bottom right"),
            ("areas.1.shape", "polygon"),
            ("areas.1.numbers", "50,40 64,40 64,48"),
            ("areas.right", "1"),
        ],
        ItemType::Essay => {
            &[("question.en", "Write."), ("rubric.0.text.en", "Clear"), ("rubric.0.points", "3"), ("max_length", "500")]
        }
        ItemType::FileUpload => &[
            ("question.en", "Hand it in."),
            ("files", "pdf"),
            ("max_bytes", "2"),
            ("size_unit", "mib"),
            ("rubric.0.text.en", "Complete"),
            ("rubric.0.points", "4"),
        ],
        _ => &[],
    });
    fields
}

/// The fields that a browser posts for the right answer.
pub fn right(item: &Value) -> Vec<(String, String)> {
    let handle = |options: &Value, words: &str| {
        let options = options.as_array().expect("options");
        let found = options.iter().find(|option| option["html"] == words);
        found.unwrap_or_else(|| panic!("{words} in {item}"))["handle"].as_str().expect("a handle").to_owned()
    };
    let choice = |words: &[&str]| -> Vec<(String, String)> {
        words.iter().map(|words| ("choice".to_owned(), handle(&item["options"], words))).collect()
    };
    let gap = |n: usize| format!("gap:{}", item["gaps"][n]["handle"].as_str().expect("a gap"));
    let text = |words: &str| vec![("text".to_owned(), words.to_owned())];
    match item["type"].as_str().expect("a type") {
        "single_choice" => choice(&["443"]),
        "multiple_choice" => choice(&["two", "three"]),
        "true_false" => choice(&["False"]),
        "hotspot" => choice(&["bottom right"]),
        "matching" => [("Tokyo", "Japan"), ("Paris", "France")]
            .iter()
            .map(|(s, t)| (format!("pair:{}", handle(&item["sources"], s)), handle(&item["targets"], t)))
            .collect(),
        "ordering" => ["SYN", "SYN-ACK", "ACK"]
            .iter()
            .zip(1..)
            .map(|(words, place)| (format!("place:{}", handle(&item["options"], words)), place.to_string()))
            .collect(),
        "numeric" => text("3.11"),
        "short_text" => text("ＴＯＫＹＯ"),
        "inline_choice" => vec![(gap(0), handle(&item["gaps"][0]["options"], "has lived"))],
        "cloze" => vec![(gap(0), "n".to_owned()), (gap(1), "10.0".to_owned())],
        "gap_match" => vec![(gap(0), handle(&item["pool"], "bird"))],
        "essay" => text("An essay."),
        other => panic!("{other} is not answered by fields"),
    }
}
