//! Text that is only text, as Markdown that shows it so.

use crate::markup;

/// Markdown that shows a text just as it stands.
pub(in crate::interchange) fn plain(text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n");
    if !text.contains('\n') && shows(&markup::blocks(&text), &format!("<p>{text}</p>\n")) {
        return text;
    }
    let lines: Vec<String> = text.split("\n\n").map(|block| escaped(block.trim()).replace('\n', "\\\n")).collect();
    lines.join("\n\n")
}

/// The same for an option, which is one line of text and keeps a leading sign.
pub(in crate::interchange) fn plain_option(text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n");
    if shows(&markup::inline(&text), &text.replace('\n', "<br />")) { text } else { plain(&text) }
}

/// Whether the HTML, its character references resolved, is this text with these tags.
pub(super) fn shows(html: &str, text: &str) -> bool {
    // A formula is no text, however like one its markup reads.
    if html.contains("<math") {
        return false;
    }
    let resolved = html.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    resolved.replace("&amp;", "&") == *text
}

/// Every character that Markdown could read is put behind a backslash.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Whether the line has nothing yet but white space; and whether it has nothing but digits, as before the point of a list.
    let (mut line_start, mut numbered) = (true, false);
    for c in text.chars() {
        let inside = "\\`*_[]<>&~|!#".contains(c);
        let leading = line_start && "-+=:".contains(c);
        if inside || leading || (numbered && ".)".contains(c)) {
            out.push('\\');
        }
        out.push(c);
        numbered = c.is_ascii_digit() && (line_start || numbered);
        line_start = c == '\n' || line_start && c.is_whitespace();
    }
    out
}
