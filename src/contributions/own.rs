//! The sources that need no file: what members hand in here, who was at a gathering, and the participant lists of event services.
//!
//! The names that begin with `waymark:` are Waymark's own: nobody outside may send for them, and no file can define them.

use std::collections::BTreeMap;

use super::adapter::Adapter;
use super::source::{SourceDefinition, SubjectForm};

/// Links that members hand in and a person accepted.
pub const LINKS: &str = "waymark:links";
/// Who was at a gathering, by its code or its organizer's word.
pub const GATHERINGS: &str = "waymark:gatherings";
/// Tables of no particular service.
pub const TABLES: &str = "waymark:tables";
/// Thanks between members, and in the name of the program.
pub const THANKS: &str = "waymark:thanks";
const RESERVED: &str = "waymark:";

/// The types of a link: what one person can show another by an address.
pub const LINK_TYPES: [&str; 5] =
    ["content.published", "talk.given", "review.published", "referral.made", "event.held"];
/// Whether what such an event is about is a page on the web, where an address names it: handed in as a link, read in a feed or told by a source, it is one thing.
pub fn is_about_a_page(kind: &str) -> bool {
    LINK_TYPES.contains(&kind) || kind.starts_with("content.")
}

/// The types of a row in a table.
pub const TABLE_TYPES: [&str; 4] = ["event.attended", "event.held", "talk.given", "content.published"];
pub const ATTENDED: &str = "event.attended";
/// A word of thanks that a member received.
pub const THANKED: &str = "thanks.given";

/// Services whose participant lists are read: their source, which is where handles are claimed.
const SERVICES: [(&str, &str); 3] = [
    ("https://connpass.com", "connpass"),
    ("https://peatix.com", "Peatix"),
    ("https://www.doorkeeper.jp", "Doorkeeper"),
];

/// Whether the name is kept for Waymark itself.
pub fn is_reserved(source: &str) -> bool {
    source.starts_with(RESERVED)
}

/// The definition that stands without a file; one in a file comes before it, except where the name is reserved.
pub fn definition(source: &str) -> Option<SourceDefinition> {
    let title =
        |ja: &str, en: &str| BTreeMap::from([("ja", ja), ("en", en)].map(|(l, t)| (l.to_owned(), t.to_owned())));
    let (title, types): (_, &[&str]) = match source {
        LINKS => (title("メンバーが届けたリンク", "Links handed in by members"), &LINK_TYPES),
        GATHERINGS => (title("イベントの受付", "Gatherings"), &[ATTENDED]),
        TABLES => (title("表からの取り込み", "Tables"), &TABLE_TYPES),
        THANKS => (title("メンバーへの感謝", "Thanks"), &[THANKED]),
        other => {
            let (_, name) = SERVICES.iter().find(|(source, _)| *source == other)?;
            (title(name, name), &TABLE_TYPES)
        }
    };
    Some(SourceDefinition {
        source: source.to_owned(),
        slug: None,
        title,
        adapter: Adapter::default(),
        types: types.iter().map(|t| (*t).to_owned()).collect(),
        subjects: vec![SubjectForm::Member, SubjectForm::Handle, SubjectForm::Mailto],
        secret: None,
        from: vec![],
        map: vec![],
        weights: BTreeMap::new(),
        quiet_days: None,
        per_member_per_day: None,
    })
}

/// Every event service whose handles can be claimed without a file.
pub fn services() -> impl Iterator<Item = SourceDefinition> {
    SERVICES.iter().filter_map(|(source, _)| definition(source))
}

/// The types that can come without any file.
pub fn types() -> impl Iterator<Item = &'static str> {
    LINK_TYPES.into_iter().chain(TABLE_TYPES).chain([THANKED])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_file_is_defined_and_nothing_else() {
        for name in [LINKS, GATHERINGS, TABLES, THANKS, "https://connpass.com"] {
            assert_eq!(definition(name).expect("defined").source, name);
        }
        assert_eq!(definition("waymark:other"), None);
        assert!(is_reserved("waymark:other") && !is_reserved("https://connpass.com"));
        assert_eq!(services().count(), SERVICES.len());
    }
}
