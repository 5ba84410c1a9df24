//! What is wrong with a document, as it is found.

use crate::model::Fault;

#[derive(Default)]
pub(super) struct Rules {
    pub(super) faults: Vec<Fault>,
}

impl Rules {
    pub(super) fn fault(&mut self, pointer: impl Into<String>, problem: &str) {
        self.faults.push(Fault { pointer: pointer.into(), problem: problem.into() });
    }
}
