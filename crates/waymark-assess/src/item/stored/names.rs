//! What an item is called and filed by.

use crate::{
    item::{ItemContent, MAX_SLUG, MAX_TAGS},
    mistake::Mistake,
};

/// Mistakes in what the item is called and filed by.
pub(in crate::item) fn names(content: &ItemContent) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut check = |pointer: &str, what: &str, ja: &str, name: &str| {
        if !is_name(name) {
            let shown: String = name.chars().take(40).filter(|c| !c.is_control()).collect();
            mistakes.push(Mistake::new(
                pointer,
                "not_a_name",
                format!("`{shown}` cannot be {what}: use up to {MAX_SLUG} letters, digits, `.`, `_`, `:` or `-`, beginning with a letter or digit"),
                format!("「{shown}」は{ja}にできません。{MAX_SLUG}字までの文字・数字・「.」「_」「:」「-」で、文字か数字から始めてください"),
            ));
        }
    };
    check("/id", "the id of an item", "設問のid", &content.slug);
    if let Some(domain) = &content.domain {
        check("/domain", "a domain", "領域名", domain);
    }
    for tag in &content.tags {
        check("/tags", "a tag", "タグ", tag);
    }
    for enemies in &content.enemies {
        check("/enemies", "the name of an enemy set", "敵対集合の名前", enemies);
    }
    if let Some(stimulus) = &content.stimulus {
        check("/stimulus/id", "the id of a stimulus", "共通資料のid", &stimulus.id);
    }
    for reference in &content.refs {
        if reference.chars().count() > 500 || reference.chars().any(char::is_control) {
            mistakes.push(Mistake::new(
                "/refs",
                "not_a_reference",
                "a reference is one line of up to 500 characters: shorten it",
                "出典は1行500字までです。短くしてください",
            ));
        }
    }
    for (pointer, many) in
        [("/tags", content.tags.len()), ("/refs", content.refs.len()), ("/enemies", content.enemies.len())]
    {
        if many > MAX_TAGS {
            mistakes.push(Mistake::new(
                pointer,
                "too_many",
                format!("there are {many}: keep to {MAX_TAGS}"),
                format!("{many}個あります。{MAX_TAGS}個までにしてください"),
            ));
        }
    }
    mistakes
}

/// A name that is safe in a URL, a spreadsheet cell and a message. Letters of any script.
pub(crate) fn is_name(name: &str) -> bool {
    name.chars().count() <= MAX_SLUG
        && name.chars().next().is_some_and(char::is_alphanumeric)
        && name.chars().all(|c| c.is_alphanumeric() || "._:-".contains(c))
}
