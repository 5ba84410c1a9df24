//! The part `sitting` of an exam file: who may begin, when, and how an attempt goes on.
//!
//! ```yaml
//! sitting:                                  # all optional
//!   practice: true                          # no credential comes of it
//!   untimed: true                           # practice only
//!   admission: seat                         # or window; open without either
//!   voucher: true                           # a code is needed to begin
//!   requires: {exams: [basics], credentials: [member]}
//!   agreement: {ja: 守秘の約束…, en: I will keep…}   # asked again whenever its text changes
//!   fee: {ja: 5,000円, en: 5,000 yen}        # shown; sold elsewhere
//!   cool_down: calendar                     # cool_down_days are days of the program's calendar; hours: of 24 hours each
//!   connection: {pauses_minutes: 20}        # a lost connection stops the clock, so long in all; else it runs on
//!   downtime: lost                          # time that the server was away is credited unless this is said
//! ```

use crate::{
    attempt::Connection,
    canonical::{hash, hex},
    mistake::Mistake,
    strict::{Object, not_one_of, read_text, text},
    text::Text,
};
use serde_json::{Value, json};

/// Who may begin an attempt, and how it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sittings {
    /// No fact and no credential comes of it.
    pub practice: bool,
    /// Without a clock; for practice only.
    pub untimed: bool,
    pub admission: Admission,
    /// A voucher is redeemed when an attempt begins.
    pub voucher: bool,
    /// Slugs of exams that are to be passed before.
    pub exams: Vec<String>,
    /// Slugs of tracks whose credential is to be held.
    pub credentials: Vec<String>,
    pub agreement: Option<Text>,
    pub fee: Option<Text>,
    /// The days of the cool-down are those of the program's calendar.
    pub calendar_days: bool,
    pub connection: Connection,
    /// Time that the server was away is lost for the candidate.
    pub downtime_lost: bool,
}

/// When attempts may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Admission {
    /// At any time.
    #[default]
    Open,
    /// While a window is open.
    Window,
    /// While a window is open in which the member has a seat.
    Seat,
}

impl Admission {
    const ALL: [Self; 3] = [Self::Open, Self::Window, Self::Seat];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Window => "window",
            Self::Seat => "seat",
        }
    }
}

const FIELDS: [&str; 10] = [
    "practice",
    "untimed",
    "admission",
    "voucher",
    "requires",
    "agreement",
    "fee",
    "cool_down",
    "connection",
    "downtime",
];
const AT: &str = "/sitting";
/// Most exams or credentials that an exam asks for.
const MOST: usize = 50;

impl Sittings {
    /// What stands for this agreement in the record of an attempt: a changed text has another one.
    pub fn agreement_hash(&self) -> Option<String> {
        self.agreement.as_ref().map(|text| hex(&hash(&json!(text))))
    }

    pub(super) fn read(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let object = Object::open(value, AT, &FIELDS, mistakes)?;
        let before = mistakes.len();
        let mut read = Self::default();
        for (name, place) in
            [("practice", &mut read.practice), ("untimed", &mut read.untimed), ("voucher", &mut read.voucher)]
        {
            *place = flag(&object, name, mistakes);
        }
        if read.untimed && !read.practice {
            mistakes.push(Mistake::new(
                object.at("untimed"),
                "untimed_exam",
                "only practice can be without a clock: add `practice: true`, or take this out",
                "時計なしにできるのは練習だけです。practice: true を書き加えるか、この行を消してください",
            ));
        }
        if let Some(value) = object.get("admission") {
            read.admission = one_of(value, &object.at("admission"), Admission::ALL, Admission::as_str, mistakes)?;
        }
        if let Some(value) = object.get("requires") {
            let requires = Object::open(value, &object.at("requires"), &["exams", "credentials"], mistakes)?;
            read.exams = slugs(&requires, "exams", mistakes);
            read.credentials = slugs(&requires, "credentials", mistakes);
        }
        for (name, place) in [("agreement", &mut read.agreement), ("fee", &mut read.fee)] {
            *place = object.get(name).and_then(|value| read_text(value, &object.at(name), mistakes));
        }
        if let Some(value) = object.get("cool_down") {
            let word = |calendar: bool| if calendar { "calendar" } else { "hours" };
            read.calendar_days = one_of(value, &object.at("cool_down"), [false, true], word, mistakes)?;
        }
        if let Some(value) = object.get("connection") {
            let connection = Object::open(value, &object.at("connection"), &["pauses_minutes"], mistakes)?;
            connection.required("pauses_minutes", mistakes);
            if let Some(minutes) = connection.whole("pauses_minutes", 1..=600, mistakes) {
                read.connection = Connection::Pauses { minutes };
            }
        }
        if let Some(value) = object.get("downtime") {
            let word = |lost: bool| if lost { "lost" } else { "credited" };
            read.downtime_lost = one_of(value, &object.at("downtime"), [false, true], word, mistakes)?;
        }
        (mistakes.len() == before).then_some(read)
    }

    /// As [`Self::read`] reads it; what is as without it is left out.
    pub fn to_value(&self) -> Value {
        let mut value = json!({});
        for (name, on) in [("practice", self.practice), ("untimed", self.untimed), ("voucher", self.voucher)] {
            if on {
                value[name] = json!(true);
            }
        }
        if self.admission != Admission::Open {
            value["admission"] = json!(self.admission.as_str());
        }
        for (name, slugs) in [("exams", &self.exams), ("credentials", &self.credentials)] {
            if !slugs.is_empty() {
                value["requires"][name] = json!(slugs);
            }
        }
        for (name, text) in [("agreement", &self.agreement), ("fee", &self.fee)] {
            if let Some(text) = text {
                value[name] = json!(text);
            }
        }
        if self.calendar_days {
            value["cool_down"] = json!("calendar");
        }
        if let Connection::Pauses { minutes } = self.connection {
            value["connection"] = json!({"pauses_minutes": minutes});
        }
        if self.downtime_lost {
            value["downtime"] = json!("lost");
        }
        value
    }

    /// JSON Schema of this part; `texts` and `slug` are refs to schemas of those.
    pub fn schema(texts: &Value, slug: &Value) -> Value {
        let minutes = json!({"type": "integer", "minimum": 1, "maximum": 600});
        let object =
            |properties: Value| json!({"type": "object", "additionalProperties": false, "properties": properties});
        let slugs = json!({"type": "array", "items": slug});
        object(json!({
            "practice": {"type": "boolean"},
            "untimed": {"type": "boolean"},
            "admission": {"enum": Admission::ALL.map(Admission::as_str)},
            "voucher": {"type": "boolean"},
            "requires": object(json!({"exams": slugs, "credentials": slugs})),
            "agreement": texts,
            "fee": texts,
            "cool_down": {"enum": ["hours", "calendar"]},
            "connection": object(json!({"pauses_minutes": minutes})),
            "downtime": {"enum": ["credited", "lost"]},
        }))
    }
}

fn flag(object: &Object<'_>, name: &str, mistakes: &mut Vec<Mistake>) -> bool {
    match object.get(name) {
        None => false,
        Some(Value::Bool(on)) => *on,
        Some(_) => {
            mistakes.push(Mistake::new(
                object.at(name),
                "not_a_flag",
                "write `true` or `false`",
                "true か false と書いてください",
            ));
            false
        }
    }
}

fn one_of<T: Copy, const N: usize>(
    value: &Value,
    pointer: &str,
    known: [T; N],
    word: impl Fn(T) -> &'static str,
    mistakes: &mut Vec<Mistake>,
) -> Option<T> {
    let found = known.into_iter().find(|each| value.as_str() == Some(word(*each)));
    if found.is_none() {
        mistakes.push(not_one_of(value, pointer, &known.map(word)));
    }
    found
}

fn too_many(pointer: String, mistakes: &mut Vec<Mistake>) {
    mistakes.push(Mistake::new(
        pointer,
        "not_a_list",
        format!("write a list of at most {MOST} entries"),
        format!("{MOST}件までの一覧で書いてください"),
    ));
}

fn slugs(object: &Object<'_>, name: &str, mistakes: &mut Vec<Mistake>) -> Vec<String> {
    let Some(value) = object.get(name) else { return vec![] };
    let Some(list) = value.as_array().filter(|list| list.len() <= MOST) else {
        too_many(object.at(name), mistakes);
        return vec![];
    };
    let entry = |(at, value): (usize, &Value)| {
        text(value, &format!("{}/{at}", object.at(name)), mistakes).map(ToOwned::to_owned)
    };
    list.iter().enumerate().filter_map(entry).collect()
}
