//! GIFT: one question a block, blocks parted by blank lines. Escapes (`\~ \= \# \{ \} \: \n`), titles, formats, categories,
//! tags and ids in comments, feedback, weights, numbers and ranges, matching, missing words.

mod answers;
mod blocks;
mod write;

pub(super) use write::{category, write};

use super::{
    Entries, Stop,
    draft::{self, Draft, Read, Unread},
    losses, not_utf8, prose,
};
use crate::mistake::Mistake;

/// Stands for an escaped sign while the text is taken apart: U+F0000 and on, a plane of private use that no keyboard has.
const ESCAPED: u32 = 0xF_0000;

pub(super) fn read(bytes: &[u8], stop: Stop<'_>) -> Entries {
    let mut read: Vec<Read> = Vec::new();
    let mut category = None;
    for (line, block) in blocks::blocks(bytes).into_iter().take_while(|_| !stop()) {
        match std::str::from_utf8(&block) {
            Err(_) => read.push(Err(Unread { line, mistakes: vec![not_utf8()], ..Unread::default() })),
            Ok(text) => question(line, text, &mut category, &mut read),
        }
    }
    draft::entries(read, Default::default())
}

fn question(line: usize, block: &str, category: &mut Option<String>, read: &mut Vec<Read>) {
    let (mut text, mut id, mut tags) = (String::new(), None, Vec::new());
    let mut begins = None;
    for (n, row) in block.lines().enumerate() {
        let row_trimmed = row.trim();
        if let Some(comment) = row_trimmed.strip_prefix("//") {
            id = bracketed(comment, "id").pop().or(id);
            tags.extend(bracketed(comment, "tag"));
        } else if let Some(path) = row_trimmed.strip_prefix("$CATEGORY:") {
            *category = category_of(path);
        } else {
            if !row_trimmed.is_empty() {
                begins.get_or_insert(line + n);
            }
            text.push_str(row);
            text.push('\n');
        }
    }
    let Some(line) = begins else { return };
    let hidden = hide(text.trim());
    let (title, rest) = title(&hidden);
    let unread = |mistake| Unread {
        line,
        name: Some(draft::as_id(id.as_deref().unwrap_or(&shown(&title)))).filter(|name| !name.is_empty()),
        mistakes: vec![mistake],
        file: None,
    };
    let found = parts(rest).and_then(|(before, inside, after)| {
        let mut draft = Draft {
            line,
            id: id.as_deref().map(draft::as_id).filter(|id| !id.is_empty()),
            name: shown(&title),
            domain: category.clone(),
            tags,
            ..Draft::default()
        };
        let (format, before) = format_of(before);
        let stem = missing_word(before, after.trim());
        let mut markup = Markup { format, draft: &mut draft, wrong: Vec::new() };
        let stem = markup.convert(&stem, format, false);
        let kind = answers::read(inside, &mut markup)?;
        let mut wrong = std::mem::take(&mut markup.wrong);
        draft.stem = stem;
        draft.kind = kind;
        if draft.stem.is_empty() {
            draft.stem.clone_from(&draft.name);
        }
        if wrong.is_empty() { Ok(draft) } else { Err(wrong.swap_remove(0)) }
    });
    read.push(found.map_err(unread));
}

/// The text around the answers, a line where they stood.
fn missing_word(before: &str, after: &str) -> String {
    match after.chars().next() {
        None => before.to_owned(),
        Some(c) if c.is_alphanumeric() => format!("{} _____ {after}", before.trim_end()),
        Some(_) => format!("{} _____{after}", before.trim_end()),
    }
}

/// `[id:x]` and `[tag:x]` of a comment.
fn bracketed(comment: &str, name: &str) -> Vec<String> {
    let start = format!("[{name}:");
    let mut found = Vec::new();
    let mut rest = comment;
    while let Some((_, after)) = rest.split_once(&start) {
        let Some((value, left)) = after.split_once(']') else { break };
        found.push(value.trim().to_owned());
        rest = left;
    }
    found
}

/// The last step of a category's path; `$course$` and `top` are no subject.
pub(super) fn category_of(path: &str) -> Option<String> {
    let last = path.trim().replace("//", "\u{1}");
    let last = last.rsplit('/').next().unwrap_or_default().replace('\u{1}', "/");
    let last = last.trim();
    (!last.is_empty() && !last.starts_with('$') && last != "top").then(|| last.to_owned())
}

/// Escaped signs out of the way of the signs that part the text.
fn hide(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            // A quotation mark needs no escape, but programs that slash them all wrote files for years.
            Some(next) if c == '\\' && "~=#{}:\\'\"".contains(*next) => {
                out.extend(char::from_u32(ESCAPED + u32::from(*next)));
                chars.next();
            }
            // A line break that is meant, not one of the file's layout.
            Some('n') if c == '\\' => {
                out.extend(char::from_u32(ESCAPED + u32::from('\n')));
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// The text with its escaped signs back in place.
fn shown(text: &str) -> String {
    let back = |c: char| match u32::from(c).checked_sub(ESCAPED).filter(|n| *n < 0x80).and_then(char::from_u32) {
        Some(sign) => sign,
        None => c,
    };
    text.trim().chars().map(back).collect()
}

fn title(text: &str) -> (String, &str) {
    match text.strip_prefix("::").and_then(|rest| rest.split_once("::")) {
        Some((title, rest)) => (title.split_whitespace().collect::<Vec<_>>().join(" "), rest.trim()),
        None => (String::new(), text),
    }
}

type Parts<'t> = (&'t str, &'t str, &'t str);

fn parts(text: &str) -> Result<Parts<'_>, Mistake> {
    let Some((before, rest)) = text.split_once('{') else {
        return Err(losses::unsupported("description"));
    };
    let Some((inside, after)) = rest.split_once('}') else {
        return Err(losses::syntax(
            "the `{` of the answers is never closed: add `}`",
            "解答を始める「{」が閉じていません。「}」を書いてください",
        ));
    };
    if after.contains(['{', '}']) || inside.contains('{') || before.contains('}') {
        return Err(losses::syntax(
            "there is a `{` or `}` too many: put a backslash before one that is meant as text",
            "「{」か「}」が余っています。文字として書くなら前に「\\」を付けてください",
        ));
    }
    Ok((before, inside, after))
}

/// `[html]`, `[markdown]`, `[plain]`, `[moodle]` before a text.
fn format_of(text: &str) -> (Option<&'static str>, &str) {
    let trimmed = text.trim_start();
    for format in ["html", "markdown", "plain", "moodle"] {
        let rest = trimmed.strip_prefix('[').and_then(|t| t.strip_prefix(format)).and_then(|t| t.strip_prefix(']'));
        if let Some(rest) = rest {
            return (Some(format), rest);
        }
    }
    (None, text)
}

/// Texts of one question in its format.
struct Markup<'d> {
    format: Option<&'static str>,
    draft: &'d mut Draft,
    wrong: Vec<Mistake>,
}

impl Markup<'_> {
    fn option(&mut self, text: &str) -> String {
        let (own, text) = format_of(text);
        self.convert(text, own.or(self.format), true)
    }

    fn convert(&mut self, text: &str, format: Option<&'static str>, option: bool) -> String {
        let text = if format == Some("markdown") { shown(text) } else { shown(&prose::collapse(text)) };
        match format {
            Some("markdown") => {
                if crate::markup::has_tags(&text) {
                    self.lose(losses::tags_in_markdown());
                }
                text
            }
            Some("plain") => {
                if option {
                    prose::plain_option(&text)
                } else {
                    prose::plain(&text)
                }
            }
            Some("html") => self.html(&text),
            _ if looks_like_html(&text) => self.html(&text),
            _ if option => prose::plain_option(&text),
            _ => prose::plain(&text),
        }
    }

    fn html(&mut self, text: &str) -> String {
        let prose = prose::of_html(text);
        self.wrong.extend(prose.refused);
        if let Some((source, _)) = prose.pictures.first() {
            let elsewhere = source.contains("://") || source.starts_with("//");
            self.wrong.push(if elsewhere { losses::picture_elsewhere() } else { losses::picture_missing(source) });
        }
        self.draft.losses.extend(prose.losses);
        prose.markdown
    }

    fn lose(&mut self, loss: Mistake) {
        if self.draft.losses.iter().all(|known| known.code != loss.code) {
            self.draft.losses.push(loss);
        }
    }

    fn general_feedback(&mut self, text: &str) {
        let (own, text) = format_of(text);
        let text = self.convert(text, own.or(self.format), false);
        if !text.is_empty() {
            self.draft.rationale = Some(text);
        }
    }
}

/// A tag that HTML has, or a character reference: `a < b` is neither.
pub(super) fn looks_like_html(text: &str) -> bool {
    const TAGS: [&str; 23] = [
        "p", "br", "b", "i", "u", "em", "strong", "img", "div", "span", "ul", "ol", "li", "a", "code", "pre", "sub",
        "sup", "table", "h1", "h2", "h3", "math",
    ];
    let tag = |after: &str| {
        let after = after.strip_prefix('/').unwrap_or(after);
        let name: String = after.chars().take_while(char::is_ascii_alphanumeric).take(8).collect();
        after[name.len()..].starts_with(['>', ' ', '/'])
            && TAGS.contains(&name.to_ascii_lowercase().as_str())
            && after.contains('>')
    };
    text.split('<').skip(1).any(tag)
        || ["&nbsp;", "&lt;", "&gt;", "&amp;", "&quot;"].iter().any(|known| text.contains(known))
}
