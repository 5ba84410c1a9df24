//! QTI 2.0, 2.1, 2.2 and 3.0: a package with `imsmanifest.xml`, or one item as XML. The types that an item here can have
//! are read; others are answered for item by item. Nothing outside of the package is ever fetched.

mod body;
mod declarations;
mod entries;
mod interactions;
mod item;
mod package;
mod processing;
mod texts;
mod write;

pub(super) use package::{is_package, read as read_package};
pub(super) use write::{Dialect, Pictures, write_package};

use super::{
    Entries,
    draft::{self, Read, Unread},
    losses,
    tree::{self, Element},
};
use std::collections::BTreeMap;

/// One item on its own, or any number of them in one document.
pub(super) fn read_xml(bytes: &[u8]) -> Entries {
    match tree::parse(bytes, 1) {
        Ok(root) => {
            let mut pictures = BTreeMap::new();
            let read: Vec<Read> = root
                .find(|element| element.name == "assessmentItem")
                .into_iter()
                .map(|element| item::read(element, None, &mut |_| None, &mut pictures))
                .collect();
            let read = if read.is_empty() { vec![Err(no_item(&root))] } else { read };
            draft::entries(read, pictures)
        }
        Err(failed) => Entries { broken: vec![failed], ..Entries::default() },
    }
}

fn no_item(root: &Element) -> Unread {
    let mistake = match root.name.as_str() {
        "questestinterop" => package::older_generation(),
        other => losses::unsupported(other),
    };
    Unread { line: root.line, mistakes: vec![mistake], ..Unread::default() }
}
