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

/// All files beside a document together are no more than what an archive may unfold to.
const MOST_BESIDE: usize = 128 * 1024 * 1024;

/// One item on its own, or any number of them in one document. `beside` answers the files below its folder.
pub(super) fn read_xml(bytes: &[u8], beside: &dyn Fn(&str) -> Option<Vec<u8>>) -> Entries {
    match tree::parse(bytes, 1) {
        Ok(root) => {
            let mut pictures = BTreeMap::new();
            let mut left = MOST_BESIDE;
            let mut fetch = |href: &str| {
                let path = package::resolve("item.xml", href)?;
                let found = beside(&path).ok_or_else(|| losses::picture_missing(href)).and_then(|bytes| {
                    left = left.checked_sub(bytes.len()).ok_or_else(losses::pictures_too_large)?;
                    Ok(bytes)
                });
                Some((path, found))
            };
            let read: Vec<Read> = root
                .find(|element| element.name == "assessmentItem")
                .into_iter()
                .map(|element| item::read(element, None, &mut fetch, &mut pictures))
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
