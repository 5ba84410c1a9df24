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
    let resolved = html.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    resolved.replace("&amp;", "&") == *text
}

/// Every character that Markdown could read is put behind a backslash.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut line_start = true;
    let digits_then = |rest: &str| rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    for (n, c) in text.char_indices() {
        let inside = "\\`*_[]<>&~|!#".contains(c);
        let leading = line_start && "-+=:".contains(c);
        let numbered = ".)".contains(c) && {
            let line = text[..n].rsplit('\n').next().unwrap_or_default().trim_start();
            !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()) && digits_then(&text[n - line.len()..])
        };
        if inside || leading || numbered {
            out.push('\\');
        }
        out.push(c);
        line_start = c == '\n' || line_start && c.is_whitespace();
    }
    out
}
