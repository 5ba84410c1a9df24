//! What is wrong with a document that was to be issued, as it is found.

use super::Fault;
use crate::model::vocabulary::is_word;
use serde_json::Number;
use std::fmt::Display;

/// Collects faults at places.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, pointer: impl Display, problem: impl Display) {
        self.0.push(Fault { pointer: pointer.to_string(), problem: problem.to_string() });
    }

    /// Pointer and problem are written out only where there is a fault: give `format_args!`, not `format!`.
    pub(super) fn unless(&mut self, holds: bool, pointer: impl Display, problem: impl Display) {
        if !holds {
            self.add(pointer, problem);
        }
    }

    pub(super) fn word(&mut self, list: &[&str], word: &str, pointer: impl Display) {
        self.unless(
            is_word(list, word),
            pointer,
            format_args!("`{word}` is not a word of the Open Badges list, nor ext:…"),
        );
    }

    pub(super) fn number(&mut self, number: Option<&Number>, pointer: &str) {
        let uncontested = number.is_none_or(crate::canonical::is_uncontested);
        self.unless(uncontested, pointer, "verifiers would write this number differently: use fewer digits");
    }
}
