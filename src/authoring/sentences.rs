//! What states, steps, types, languages and people are called, in the reader's language.

use std::collections::BTreeMap;

use waymark_assess::candidate;

use crate::banks::lifecycle::{Proposal, Standing, State, Verb};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;
use crate::members;
use crate::web::i18n::Words;

pub fn state(words: Words, state: State) -> String {
    words.t(&format!("item-state-{}", state.as_str()))
}

pub fn proposal(words: Words, proposal: Proposal) -> String {
    words.t(&format!("item-proposal-{}", proposal.as_str()))
}

/// The shape of the chip of a state.
pub fn chip(state: State) -> &'static str {
    match state {
        State::Operational => "chip chip--valid",
        State::Pretest | State::Review => "chip chip--info",
        State::Withdrawn => "chip chip--revoked",
        State::Retired => "chip chip--expired",
        State::Draft | State::Approved => "chip",
    }
}

pub fn verb(words: Words, verb: Verb) -> String {
    words.t(&format!("item-do-{}", verb.as_str()))
}

/// What was done, for the history.
pub fn done(words: Words, verb: &str) -> String {
    let key = format!("item-did-{verb}");
    if words.has(&key) { words.t(&key) } else { verb.to_owned() }
}

pub fn item_type(words: Words, name: &str) -> String {
    let key = format!("item-type-{}", name.replace('_', "-"));
    if words.has(&key) { words.t(&key) } else { name.to_owned() }
}

pub fn language(words: Words, tag: &str) -> String {
    let key = format!("item-language-{tag}");
    if words.has(&key) { words.t(&key) } else { tag.to_owned() }
}

/// Where an item stands, with its proposal.
pub fn standing(words: Words, standing: Standing) -> Vec<(&'static str, String)> {
    let mut chips = vec![(chip(standing.state), state(words, standing.state))];
    chips.extend(standing.proposal.map(|is| ("chip chip--info", proposal(words, is))));
    chips
}

/// Names of people, looked up once each.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Who that is, from what the audit log calls them.
    pub async fn of(&mut self, db: &impl Read, words: Words, actor: &str) -> Result<String> {
        if let Some(name) = self.0.get(actor) {
            return Ok(name.clone());
        }
        let name = match actor.parse::<MemberId>() {
            Ok(member) => members::find(db, member).await?.name,
            Err(_) if actor == "operator" => words.t("item-by-operator"),
            Err(_) if actor.starts_with("key_") => words.t("item-by-key"),
            Err(_) => actor.to_owned(),
        };
        self.0.insert(actor.to_owned(), name.clone());
        Ok(name)
    }
}

/// The first words of a question, without the marks of its Markdown: what a list shows of it.
pub fn question(stem: &str) -> String {
    excerpt(&candidate::words(stem))
}

/// The first characters of a text, on one line.
pub fn excerpt(text: &str) -> String {
    const SHOWN: usize = 110;
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= SHOWN {
        return one_line;
    }
    let mut short: String = one_line.chars().take(SHOWN).collect();
    short.push('…');
    short
}
