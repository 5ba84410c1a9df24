//! A browser without scripts, as far as a form goes: it reads the controls of a page and sends what they hold.

use std::collections::BTreeMap;

fn plain(text: &str) -> String {
    let known = [
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#60;", "<"),
        ("&lt;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
        ("&#39;", "'"),
    ];
    let text = known.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&#38;", "&").replace("&amp;", "&")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(plain(rest.split('"').next()?))
}

/// The controls of the form that goes to `action`, as a browser would send them; buttons are not pressed.
pub fn controls(page: &str, action: &str) -> BTreeMap<String, String> {
    let from = page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form to {action} in {page}"));
    let form = page[from..].split("</form>").next().expect("a form");
    let mut sent = BTreeMap::new();
    let mut select: Option<(String, Option<String>)> = None;
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let named = |tag: &str| attribute(tag, "name").filter(|name| !name.is_empty());
        let ticked = |tag: &str, word: &str| tag.ends_with(&format!(" {word}")) || tag.contains(&format!(" {word} "));
        if tag.starts_with("input") {
            let kind = attribute(tag, "type").unwrap_or_default();
            let choice = matches!(kind.as_str(), "radio" | "checkbox");
            if let Some(name) = named(tag).filter(|_| !choice || ticked(tag, "checked")) {
                sent.insert(name, attribute(tag, "value").unwrap_or_default());
            }
        } else if tag.starts_with("textarea") {
            if let Some(name) = named(tag) {
                // A browser sends line ends as CR LF.
                sent.insert(name, plain(text).replace('\n', "\r\n"));
            }
        } else if tag.starts_with("select") {
            select = named(tag).map(|name| (name, None));
        } else if tag.starts_with("option") {
            let value = attribute(tag, "value").unwrap_or_else(|| plain(text));
            if let Some((_, chosen)) = &mut select
                && (chosen.is_none() || ticked(tag, "selected"))
            {
                *chosen = Some(value);
            }
        } else if tag.starts_with("/select")
            && let Some((name, Some(value))) = select.take()
        {
            sent.insert(name, value);
        }
    }
    sent
}

/// What a text field holds.
pub fn textarea(page: &str, name: &str) -> String {
    let from = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    plain(page[from..].split_once('>').expect("a tag").1.split("</textarea>").next().expect("a text"))
}
