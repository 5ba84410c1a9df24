//! One paragraph out of its pieces: text to escape, marks that stay as they are, emphasis that opens and closes.

use super::{
    collapse, longest_ticks,
    plain::{escaped, plain, shows},
};
use crate::markup;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// To be escaped.
    Text(String),
    /// Markdown as it is.
    Mark(String),
    Code(String),
    /// The end of a line within the paragraph.
    Break,
    Open(&'static str),
    Close(&'static str),
}

/// The paragraph as Markdown, and whether its emphasis could be kept: beside Japanese brackets, for one, Markdown has no way to
/// emphasize. Where it is text alone, it is left as written if Markdown shows it so.
pub(super) fn paragraph(run: Vec<Piece>) -> (String, bool) {
    let pieces = tidy(run);
    let emphasized = |piece: &Piece| matches!(piece, Piece::Open(_) | Piece::Close(_));
    if !pieces.iter().any(emphasized) {
        return (joined(&pieces), true);
    }
    let with = joined(&pieces);
    if is_balanced(&pieces) && shown_emphasis(&with) == count(&pieces) {
        return (with, true);
    }
    let without = tidy(pieces.into_iter().filter(|piece| !emphasized(piece)).collect());
    (joined(&without), false)
}

/// White space that Markdown would stumble over goes out of emphasis, and emphasis of nothing goes.
fn tidy(run: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in run {
        match piece {
            Piece::Text(text) => put_text(&mut out, &collapse(&text)),
            Piece::Break => before_opening(&mut out, Piece::Break),
            // What ends and begins anew at once goes on: two marks in a row would be read as one of another kind.
            Piece::Open(sign) if out.last() == Some(&Piece::Close(sign)) => drop(out.pop()),
            Piece::Close(sign) => close(&mut out, sign),
            other => out.push(other),
        }
    }
    while out.last().is_some_and(is_space) {
        out.pop();
    }
    let mut merged: Vec<Piece> = Vec::new();
    for piece in out.into_iter().skip_while(is_space) {
        if let (Some(Piece::Text(earlier)), Piece::Text(text)) = (merged.last_mut(), &piece) {
            go_on(earlier, text);
            continue;
        }
        // Two pieces of code in a row are one: their signs would be read as longer ones.
        if let (Some(Piece::Code(earlier)), Piece::Code(text)) = (merged.last_mut(), &piece) {
            earlier.push_str(text);
            continue;
        }
        merged.push(piece);
    }
    merged
}

/// One space between two texts, never two.
fn go_on(earlier: &mut String, text: &str) {
    earlier.push_str(if earlier.ends_with(' ') { text.trim_start_matches(' ') } else { text });
}

fn is_space(piece: &Piece) -> bool {
    match piece {
        Piece::Break => true,
        Piece::Text(text) | Piece::Mark(text) => text.trim().is_empty(),
        Piece::Code(_) | Piece::Open(_) | Piece::Close(_) => false,
    }
}

fn put_text(out: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    let opened = matches!(out.last(), Some(Piece::Open(_)));
    let rest = if opened { text.trim_start_matches(' ') } else { text };
    if rest.len() < text.len() {
        before_opening(out, Piece::Text(" ".into()));
    }
    match out.last_mut() {
        Some(Piece::Text(earlier)) => go_on(earlier, rest),
        _ if !rest.is_empty() => out.push(Piece::Text(rest.to_owned())),
        _ => {}
    }
}

/// Before the emphasis that has just been opened, if any has.
fn before_opening(out: &mut Vec<Piece>, piece: Piece) {
    let at = out.iter().rposition(|known| !matches!(known, Piece::Open(_))).map_or(0, |n| n + 1);
    out.insert(at, piece);
}

fn close(out: &mut Vec<Piece>, sign: &'static str) {
    let mut after = Vec::new();
    loop {
        match out.pop() {
            Some(Piece::Break) => after.push(Piece::Break),
            Some(Piece::Text(text)) if text.ends_with(' ') => {
                let kept = text.trim_end_matches(' ');
                after.push(Piece::Text(" ".into()));
                if !kept.is_empty() {
                    out.push(Piece::Text(kept.to_owned()));
                }
            }
            other => {
                out.extend(other);
                break;
            }
        }
    }
    if out.last() == Some(&Piece::Open(sign)) {
        out.pop();
    } else {
        out.push(Piece::Close(sign));
    }
    out.extend(after.into_iter().rev());
}

fn is_balanced(pieces: &[Piece]) -> bool {
    let mut open = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Open(sign) => open.push(*sign),
            Piece::Close(sign) if open.pop() != Some(*sign) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

fn count(pieces: &[Piece]) -> (usize, usize) {
    let of = |sign: &str| pieces.iter().filter(|piece| matches!(piece, Piece::Open(open) if *open == sign)).count();
    (of("**"), of("*"))
}

fn shown_emphasis(markdown: &str) -> (usize, usize) {
    let html = markup::blocks(markdown);
    (html.matches("<strong>").count(), html.matches("<em>").count())
}

fn joined(pieces: &[Piece]) -> String {
    if let [Piece::Text(text)] = pieces {
        return plain(text.trim());
    }
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Mark(mark) => out.push_str(mark),
            Piece::Code(text) => {
                let fence = "`".repeat(longest_ticks(text) + 1);
                let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
                out.push_str(&format!("{fence}{pad}{text}{pad}{fence}"));
            }
            Piece::Open(sign) | Piece::Close(sign) => out.push_str(sign),
            Piece::Break => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push_str("\\\n");
            }
            Piece::Text(text) => {
                let text = collapse(text);
                let text =
                    if out.is_empty() || out.ends_with(['\n', ' ']) { text.trim_start_matches(' ') } else { &text };
                out.push_str(&escape_between(text, out.is_empty() || out.ends_with('\n')));
            }
        }
    }
    // A backslash that is text is behind another one and stays.
    out.trim().to_owned()
}

/// As little escaping as reads back the same, so that a text that went out comes home as it was.
fn escape_between(text: &str, line_start: bool) -> String {
    let as_is = shows(&markup::inline(text.trim()), text.trim())
        && !text.contains(['*', '_', '[', ']', '`', '\\', '<', '&', '!']);
    let risky_start =
        line_start && text.trim_start().starts_with(|c: char| "-+=#>:~|".contains(c) || c.is_ascii_digit());
    if as_is && !risky_start { text.to_owned() } else { escaped(text) }
}

#[cfg(test)]
mod tests {
    use super::super::of_html;

    #[test]
    fn emphasis_is_kept_where_markdown_can_show_it() {
        for (html, markdown, lost) in [
            ("Which is <b>not </b>a port?", "Which is **not** a port?", false),
            ("Which is<b> not</b>, then?", "Which is **not**, then?", false),
            ("<b></b>a<i> </i>b", "a b", false),
            ("<b>a</b><b>b</b>", "**ab**", false),
            ("<b><i>both</i></b>", "***both***", false),
            ("これは<b>重要</b>です", "これは**重要**です", false),
            ("これは<b>「重要」</b>です", "これは「重要」です", true),
            ("<b>one<br></b>two", "**one**\\\ntwo", false),
            ("<code>a</code><code>`b</code>", "``a`b``", false),
            ("text<blockquote>said</blockquote>", "text\n\n> said", false),
            ("<b>2 * 3</b> is \\", "**2 \\* 3** is \\\\", false),
        ] {
            let prose = of_html(html);
            assert_eq!(prose.markdown, markdown, "{html}");
            assert_eq!(prose.losses.iter().any(|loss| loss.code == "emphasis"), lost, "{html}");
        }
    }
}
