//! A template as it is read: its slots, and what was found wrong so far.

use roxmltree::Node;

use crate::mistake::{Mistake, MistakeKind, mistake};
use crate::slots::{Pieces, Slot, SlotKind};

pub(crate) struct Reading<'s> {
    pub(crate) slots: &'s [Slot],
    pub(crate) mistakes: Vec<Mistake>,
}

impl Reading<'_> {
    pub(crate) fn note(&mut self, node: Node<'_, '_>, kind: MistakeKind) {
        self.mistakes.push(mistake(node, kind));
    }

    pub(crate) fn refuse(&mut self, node: Node<'_, '_>, name: &str, value: &str, why: &str) {
        let value = value.chars().take(60).collect();
        self.note(node, MistakeKind::Attribute { name: name.into(), value, why: why.into() });
    }

    /// Reads `text` with its slots. Words of people stand in text only, never in an attribute.
    pub(crate) fn pieces(&mut self, node: Node<'_, '_>, text: &str, words: bool) -> Option<Pieces> {
        match Pieces::parse(text, self.slots) {
            Ok(pieces) => {
                let misplaced = pieces.slots().find(|i| !words && self.slots[*i].kind == SlotKind::Text);
                if let Some(i) = misplaced {
                    let (name, why) = (self.slots[i].name.clone(), "is text and cannot stand in an attribute".into());
                    self.note(node, MistakeKind::Slot { name, why });
                    return None;
                }
                Some(pieces)
            }
            Err(name) => {
                let declared: Vec<&str> = self.slots.iter().map(|s| s.name.as_str()).collect();
                let kind = MistakeKind::UndeclaredSlot { name, declared: declared.join(", ") };
                self.note(node, kind);
                None
            }
        }
    }
}
