//! Sections of an exam: parts with a clock, a way of moving and a break of their own. Each holds domains (or groups) of the blueprint.

use super::fields::{not_a_list, whole_or};
use crate::{
    attempt::Navigation,
    blueprint::{Base, Blueprint},
    mistake::Mistake,
    strict::{Object, not_one_of, read_text, text},
    text::Text,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most sections of an exam.
pub const MOST_SECTIONS: usize = 20;

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionSpec {
    pub name: String,
    /// What candidates read; the name where there is none.
    pub title: Option<Text>,
    /// The domains (or groups) of the blueprint that stand in it.
    pub domains: Vec<String>,
    /// A clock of its own: of all sections or of none, and together the minutes of the exam.
    pub minutes: Option<u32>,
    pub navigation: Navigation,
    /// A break after it, for at most so long; its time is not the exam's.
    pub break_minutes: u32,
}

impl SectionSpec {
    pub(super) fn to_value(&self) -> Value {
        let mut value = json!({"name": self.name, "domains": self.domains, "navigation": self.navigation.as_str()});
        if let Some(title) = &self.title {
            value["title"] = json!(title);
        }
        if let Some(minutes) = self.minutes {
            value["minutes"] = json!(minutes);
        }
        if self.break_minutes > 0 {
            value["break_minutes"] = json!(self.break_minutes);
        }
        value
    }
}

pub(super) fn read_navigation(value: &Value, pointer: &str, mistakes: &mut Vec<Mistake>) -> Option<Navigation> {
    let found = Navigation::ALL.into_iter().find(|moving| value.as_str() == Some(moving.as_str()));
    if found.is_none() {
        mistakes.push(not_one_of(value, pointer, &Navigation::ALL.map(Navigation::as_str)));
    }
    found
}

pub(super) fn read_sections(value: &Value, mistakes: &mut Vec<Mistake>) -> Option<Vec<SectionSpec>> {
    let Some(entries) = value.as_array().filter(|entries| (1..=MOST_SECTIONS).contains(&entries.len())) else {
        mistakes.push(not_a_list(
            "/sections",
            "write a list of 1 to 20: `- {name: first, domains: [security], minutes: 30}`",
            "1から20までの一覧で書いてください。例: - {name: first, domains: [security], minutes: 30}",
        ));
        return None;
    };
    let before = mistakes.len();
    let read = entries.iter().enumerate().filter_map(|(at, entry)| one(entry, at, mistakes)).collect::<Vec<_>>();
    let mut names = BTreeMap::new();
    for (at, section) in read.iter().enumerate() {
        if names.insert(&section.name, at).is_some() {
            mistakes.push(Mistake::new(
                format!("/sections/{at}/name"),
                "repeated",
                format!("there is a section `{}` already: give each its own name", section.name),
                format!("セクション「{}」はもうあります。それぞれ別の名前にしてください", section.name),
            ));
        }
    }
    (before == mistakes.len()).then_some(read)
}

fn one(entry: &Value, at: usize, mistakes: &mut Vec<Mistake>) -> Option<SectionSpec> {
    let pointer = format!("/sections/{at}");
    let known = ["name", "title", "domains", "minutes", "navigation", "break_minutes"];
    let object = Object::open(entry, &pointer, &known, mistakes)?;
    let name = object.required("name", mistakes).and_then(|name| text(name, &object.at("name"), mistakes));
    let title = object.get("title").map(|title| read_text(title, &object.at("title"), mistakes));
    let domains = object.required("domains", mistakes).and_then(|list| {
        let Some(list) = list.as_array().filter(|list| !list.is_empty()) else {
            mistakes.push(not_a_list(
                &object.at("domains"),
                "list the domains that stand in this section: `[security, people]`",
                "このセクションに入れる領域を [security, people] のように並べてください",
            ));
            return None;
        };
        let read =
            |(n, domain): (usize, &Value)| text(domain, &format!("{pointer}/domains/{n}"), mistakes).map(str::to_owned);
        list.iter().enumerate().map(read).collect::<Option<Vec<_>>>()
    });
    let minutes = object.get("minutes").map(|_| object.whole("minutes", 1..=1_440, mistakes));
    let navigation = object.get("navigation").map(|moving| read_navigation(moving, &object.at("navigation"), mistakes));
    let break_minutes = whole_or(&object, "break_minutes", 0..=240, 0, mistakes);
    Some(SectionSpec {
        name: name?.to_owned(),
        title: title.flatten(),
        domains: domains?,
        minutes: minutes.map_or(Some(None), |m| m.map(Some))?,
        navigation: navigation.unwrap_or(Some(Navigation::Free))?,
        break_minutes: break_minutes?,
    })
}

/// What sections must agree on with the rest of the exam.
pub(super) fn agree(sections: &[SectionSpec], blueprint: &Blueprint, minutes: u32, mistakes: &mut Vec<Mistake>) {
    if sections.is_empty() {
        return;
    }
    let clocks = sections.iter().filter(|section| section.minutes.is_some()).count();
    let total: u32 = sections.iter().filter_map(|section| section.minutes).sum();
    if clocks > 0 && clocks < sections.len() {
        mistakes.push(Mistake::new(
            "/sections",
            "some_minutes",
            "give `minutes` to every section, or to none",
            "minutes は、すべてのセクションに書くか、どれにも書かないかのどちらかにしてください",
        ));
    } else if clocks > 0 && total != minutes {
        mistakes.push(Mistake::new(
            "/timing/minutes",
            "minutes_differ",
            format!("the sections add up to {total} minutes, the exam has {minutes}: make them equal"),
            format!("セクションの時間は合わせて{total}分ですが、試験は{minutes}分です。同じにしてください"),
        ));
    }
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, section) in sections.iter().enumerate() {
        for (n, domain) in section.domains.iter().enumerate() {
            if let Some(other) = seen.insert(domain, &section.name) {
                mistakes.push(Mistake::new(
                    format!("/sections/{at}/domains/{n}"),
                    "repeated",
                    format!("domain `{domain}` stands in section `{other}` already: keep it in one"),
                    format!("領域「{domain}」はもうセクション「{other}」にあります。一つにしてください"),
                ));
            }
        }
    }
    let counted: Vec<String> = match blueprint.assembly().base {
        Base::PerDomain(domains) => domains.into_keys().collect(),
        Base::Weighted { weights, .. } => weights.into_keys().collect(),
        Base::OneFromEach(_) => return,
        Base::Forms(_) => {
            mistakes.push(Mistake::new(
                "/sections",
                "contradiction",
                "`sections` do not go with fixed `forms`, whose items stand in the order of the list",
                "固定の出題セット(forms)では並べた順に出題されるため、sections は使えません",
            ));
            return;
        }
    };
    for missing in counted.iter().filter(|domain| !seen.contains_key(domain.as_str())) {
        mistakes.push(Mistake::new(
            "/sections",
            "domain_without_section",
            format!("domain `{missing}` of the blueprint stands in no section: add it to one"),
            format!("出題の領域「{missing}」がどのセクションにもありません。どれかに加えてください"),
        ));
    }
    for (at, section) in sections.iter().enumerate() {
        for (n, domain) in section.domains.iter().enumerate().filter(|(_, domain)| !counted.contains(domain)) {
            mistakes.push(Mistake::new(
                format!("/sections/{at}/domains/{n}"),
                "unknown_domain",
                format!("the blueprint draws nothing from `{domain}`: take it out, or give it a number of items"),
                format!("出題の決まりに領域「{domain}」がありません。取り除くか、問題数を決めてください"),
            ));
        }
    }
}
