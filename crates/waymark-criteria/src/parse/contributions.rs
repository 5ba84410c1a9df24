//! Reading what a count of contributions asks.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Reader, leaves::MOST_DAYS};
use crate::{
    Anchor, Contributions, Cycle, Distinct, Measure, Mistake, Window,
    mistake::{nearest, quoted, step},
};

const MOST_CONTRIBUTIONS: u32 = 1_000_000;
const MOST_SUMMED: u32 = 1_000_000_000;
/// A streak is kept step by step: more than so many are a slip of the finger.
const LONGEST_STREAK: u32 = 3_660;
/// Longer than that nobody waits for a count.
const LONGEST_HOLD: u32 = 366;
const MOST_NAMES: usize = 32;
const LONGEST_TYPE: usize = 128;
const LONGEST_SOURCE: usize = 512;

const KNOWN: [&str; 15] = [
    "types",
    "sources",
    "at_least",
    "sum",
    "active_days",
    "streak",
    "distinct",
    "window",
    "per_day",
    "per_giver",
    "per_object",
    "hold_days",
    "accepted",
    "own",
    "reciprocal",
];
const MEASURES: [&str; 4] = ["at_least", "sum", "active_days", "streak"];

impl Reader {
    pub(super) fn contributions(&mut self, value: &Value, pointer: &str) -> Option<Contributions> {
        let asked = self.object(value, pointer, &KNOWN)?;
        let types = self.required(asked, pointer, "types");
        let types = types.and_then(|types| self.names(types, &step(pointer, "types"), &TYPE));
        let sources = match asked.get("sources") {
            Some(sources) => self.names(sources, &step(pointer, "sources"), &SOURCE),
            None => Some(Vec::new()),
        };
        let measure = self.measure(asked, pointer);
        let window = match asked.get("window") {
            Some(window) => self.window(window, &step(pointer, "window")).map(Some),
            None => Some(None),
        };
        let mut limit = |key| self.optional_count(asked, pointer, key, 1..=MOST_CONTRIBUTIONS);
        let (per_day, per_giver) = (limit("per_day"), limit("per_giver"));
        let (per_object, reciprocal) = (limit("per_object"), limit("reciprocal"));
        let hold_days = self.optional_count(asked, pointer, "hold_days", 1..=LONGEST_HOLD);
        let distinct = match asked.get("distinct") {
            Some(distinct) => self.distinct(distinct, &step(pointer, "distinct")).map(Some),
            None => Some(None),
        };
        let peer_accepted =
            asked.get("accepted").map_or(Some(false), |by| self.accepted(by, &step(pointer, "accepted")));
        let own = asked.get("own").map_or(Some(false), |own| self.flag(own, &step(pointer, "own")));
        let contributions = Contributions {
            types: types?,
            sources: sources?,
            measure: measure?,
            window: window?,
            per_day: per_day?,
            per_giver: per_giver?,
            per_object: per_object?,
            distinct: distinct?,
            hold_days: hold_days?.unwrap_or(0),
            peer_accepted: peer_accepted?,
            own: own?,
            reciprocal: reciprocal?,
        };
        self.fits_together(&contributions, pointer).then_some(contributions)
    }

    /// Options that are right each, and say something that cannot be meant together.
    fn fits_together(&mut self, asked: &Contributions, pointer: &str) -> bool {
        let kinds = matches!(asked.distinct, Some(Distinct::Type | Distinct::Source));
        let clash = match asked {
            Contributions { measure: Measure::Streak(..), window: Some(_), .. } => {
                Some(("window", "a streak looks at one step after the other; it has no window"))
            }
            Contributions { measure, .. } if kinds && !matches!(measure, Measure::AtLeast(_)) => {
                Some(("distinct", "different types or sources are counted with `at_least`"))
            }
            Contributions { distinct: Some(Distinct::Object), per_object: Some(_), .. } => {
                Some(("per_object", "`distinct: object` counts each object once already; keep one of the two"))
            }
            Contributions { distinct: Some(Distinct::Type), measure: Measure::AtLeast(n), types, .. }
                if *n as usize > types.len() =>
            {
                Some(("at_least", "so many different types are not listed"))
            }
            Contributions { distinct: Some(Distinct::Source), measure: Measure::AtLeast(n), sources, .. }
                if !sources.is_empty() && *n as usize > sources.len() =>
            {
                Some(("at_least", "so many different sources are not listed"))
            }
            _ => None,
        };
        if let Some((key, message)) = clash {
            self.say(Mistake::new(step(pointer, key), "does_not_fit", message));
        }
        clash.is_none()
    }

    fn measure(&mut self, asked: &Map<String, Value>, pointer: &str) -> Option<Measure> {
        let said: Vec<&str> = MEASURES.into_iter().filter(|word| asked.contains_key(*word)).collect();
        match said[..] {
            ["streak"] => self.streak(&asked["streak"], &step(pointer, "streak")),
            [word] => {
                let (most, of): (u32, fn(u32) -> Measure) = match word {
                    "sum" => (MOST_SUMMED, Measure::Sum),
                    "active_days" => (MOST_DAYS, Measure::ActiveDays),
                    _ => (MOST_CONTRIBUTIONS, Measure::AtLeast),
                };
                self.count(&asked[word], &step(pointer, word), 1..=most).map(of)
            }
            _ => {
                let message = "say how much is needed, in one way";
                let expected = "one of at_least: 3, sum: 100, active_days: 10, streak: {weeks: 4}";
                self.say(Mistake::new(pointer, "missing_field", message).expecting(expected));
                None
            }
        }
    }

    fn streak(&mut self, value: &Value, pointer: &str) -> Option<Measure> {
        const STEPS: [(&str, Cycle); 3] = [("days", Cycle::Day), ("weeks", Cycle::Week), ("months", Cycle::Month)];
        let streak = self.object(value, pointer, &STEPS.map(|(word, _)| word))?;
        let mut said = STEPS.into_iter().filter_map(|(word, cycle)| Some((word, cycle, streak.get(word)?)));
        match (said.next(), said.next()) {
            (Some((word, cycle, count)), None) => {
                let count = self.count(count, &step(pointer, word), 2..=LONGEST_STREAK)?;
                Some(Measure::Streak(cycle, count))
            }
            _ => {
                let message = "say how long the streak is, in one of the three";
                let expected = "{days: 7}, {weeks: 4} or {months: 6}";
                self.say(Mistake::new(pointer, "missing_field", message).expecting(expected));
                None
            }
        }
    }

    fn window(&mut self, value: &Value, pointer: &str) -> Option<Window> {
        let window = self.object(value, pointer, &["days", "calendar", "since"])?;
        let mut said = window.iter().filter(|(key, _)| ["days", "calendar", "since"].contains(&key.as_str()));
        match (said.next(), said.next()) {
            (Some((key, value)), None) => {
                let pointer = step(pointer, key);
                match key.as_str() {
                    "days" => self.count(value, &pointer, 1..=MOST_DAYS).map(Window::Days),
                    "calendar" => self.calendar_window(value, &pointer).map(Window::Calendar),
                    _ => self.anchor(value, &pointer).map(Window::Since),
                }
            }
            _ => {
                let message = "say how long contributions count, in one way";
                let expected = "{days: 365}, {calendar: month} or {since: joining}";
                self.say(Mistake::new(pointer, "missing_field", message).expecting(expected));
                None
            }
        }
    }

    fn calendar_window(&mut self, value: &Value, pointer: &str) -> Option<Cycle> {
        let words = [("month", Cycle::Month), ("quarter", Cycle::Quarter), ("year", Cycle::Year)];
        let word = self.string(value, pointer, "month, quarter or year")?;
        let cycle = words.iter().find(|(known, _)| *known == word).map(|(_, cycle)| *cycle);
        if cycle.is_none() {
            let message = format!("{} is not a stretch of the calendar", quoted(word));
            let mistake = Mistake::new(pointer, "unknown_word", message).expecting("month, quarter or year");
            self.say(mistake.suggesting(nearest(word, words.map(|(known, _)| known))));
        }
        cycle
    }

    fn anchor(&mut self, value: &Value, pointer: &str) -> Option<Anchor> {
        let expected = "joining, {award: a-track} or {event: season.opened}";
        if value.as_str() == Some("joining") {
            return Some(Anchor::Joining);
        }
        let Some(anchor) = value.as_object().filter(|anchor| anchor.len() == 1) else {
            let message = "say since when contributions count";
            self.say(Mistake::new(pointer, "unknown_word", message).expecting(expected));
            return None;
        };
        self.object(value, pointer, &["award", "event"])?;
        if anchor.contains_key("award") {
            return self.slug_in(anchor, pointer, "award").map(Anchor::Award);
        }
        let pointer = step(pointer, "event");
        let name = self.string(anchor.get("event")?, &pointer, TYPE.expected)?;
        self.name(name, &pointer, &TYPE).map(Anchor::Event)
    }

    fn distinct(&mut self, value: &Value, pointer: &str) -> Option<Distinct> {
        let words = [("object", Distinct::Object), ("type", Distinct::Type), ("source", Distinct::Source)];
        let known = words.iter().find(|(word, _)| value.as_str() == Some(word));
        if known.is_none() {
            let message = "what is counted once is the object, the type or the source";
            let mistake = Mistake::new(pointer, "unknown_word", message).expecting("object, type or source");
            self.say(mistake.suggesting(value.as_str().and_then(|word| nearest(word, words.map(|(known, _)| known)))));
        }
        known.map(|(_, distinct)| *distinct)
    }

    fn accepted(&mut self, value: &Value, pointer: &str) -> Option<bool> {
        if value.as_str() == Some("peer") {
            return Some(true);
        }
        let message = "who must have accepted it is a peer: anybody but the member";
        self.say(Mistake::new(pointer, "unknown_word", message).expecting("peer"));
        None
    }

    fn flag(&mut self, value: &Value, pointer: &str) -> Option<bool> {
        let flag = value.as_bool();
        if flag.is_none() {
            let message = "`own` says whether what members do to objects of their own counts";
            self.say(Mistake::new(pointer, "wrong_type", message).expecting("true or false"));
        }
        flag
    }

    fn names(&mut self, value: &Value, pointer: &str, sort: &Sort) -> Option<Vec<String>> {
        let listed = value.as_array().filter(|listed| (1..=MOST_NAMES).contains(&listed.len()));
        let Some(listed) = listed else {
            let expected = format!("a list of 1 to {MOST_NAMES} {}", sort.list);
            self.say(Mistake::new(pointer, "wrong_type", sort.ask).expecting(expected));
            return None;
        };
        let mut seen = BTreeSet::new();
        let mut names = Vec::new();
        for (index, listed) in listed.iter().enumerate() {
            let pointer = step(pointer, index);
            let Some(name) = self.string(listed, &pointer, sort.expected) else { continue };
            let Some(known) = self.name(name, &pointer, sort) else { continue };
            if seen.insert(name) {
                names.push(known);
            } else {
                let message = format!("{} is listed already; remove one", quoted(name));
                self.say(Mistake::new(pointer, "duplicate", message));
            }
        }
        (names.len() == listed.len()).then_some(names)
    }

    fn name(&mut self, name: &str, pointer: &str, sort: &Sort) -> Option<String> {
        let odd = |c: char| c.is_control() || c.is_whitespace();
        if name.is_empty() || name.len() > sort.longest || name.chars().any(odd) {
            let message = format!("{} is not {}", quoted(name), sort.one);
            self.say(Mistake::new(pointer, sort.code, message).expecting(sort.expected));
            return None;
        }
        Some(name.to_owned())
    }
}

/// Names that an author lists.
struct Sort {
    ask: &'static str,
    one: &'static str,
    list: &'static str,
    expected: &'static str,
    code: &'static str,
    longest: usize,
}

const TYPE: Sort = Sort {
    ask: "name the types of contribution that count",
    one: "a type of contribution",
    list: "types, such as [change.merged]",
    expected: "1 to 128 characters without spaces, such as change.merged",
    code: "bad_type",
    longest: LONGEST_TYPE,
};
const SOURCE: Sort = Sort {
    ask: "name the sources that count, or leave `sources` out for all",
    one: "a source",
    list: "sources, such as [https://community.example]",
    expected: "1 to 512 characters without spaces, such as https://community.example",
    code: "bad_source",
    longest: LONGEST_SOURCE,
};
