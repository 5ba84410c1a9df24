//! Marked-up text of other systems as the Markdown that items are written in. What it shows is kept; what Markdown of this
//! crate cannot say is named as lost, and what would change the question (a film, a second picture, a formula that is not told by its signs) refuses it.

mod paragraph;
mod plain;

pub(super) use plain::{plain, plain_option};

use super::tree::{Element, Node};
use crate::{markup, mistake::Mistake};
use paragraph::{Piece, paragraph};

/// A piece of text with all that was in it.
#[derive(Debug, Default)]
pub(in crate::interchange) struct Prose {
    pub markdown: String,
    /// Source and description of every picture.
    pub pictures: Vec<(String, String)>,
    pub losses: Vec<Mistake>,
    pub refused: Vec<Mistake>,
}

/// Answers an element that is no prose (a gap to fill) by what stands for it in the text.
pub(in crate::interchange) type Replace<'r> = &'r mut dyn FnMut(&Element) -> Option<String>;

pub(in crate::interchange) fn of_nodes(nodes: &[Node], replace: Replace<'_>) -> Prose {
    let mut writer = Writer { out: Prose::default(), blocks: Vec::new(), run: Vec::new(), replace };
    writer.nodes(nodes, &Style::default());
    writer.end_block("");
    let mut prose = writer.out;
    prose.markdown = writer.blocks.join("\n\n");
    prose
}

pub(in crate::interchange) fn of_html(html: &str) -> Prose {
    of_nodes(&super::html::parse(html), &mut |_| None)
}

/// The words alone that a piece of HTML shows.
pub(in crate::interchange) fn words_of_html(html: &str) -> String {
    let root = Element { children: super::html::parse(html), ..Element::default() };
    collapse(&root.text()).trim().to_owned()
}

#[derive(Clone, Default)]
struct Style {
    prefix: String,
}

struct Writer<'r> {
    out: Prose,
    blocks: Vec<String>,
    run: Vec<Piece>,
    replace: Replace<'r>,
}

impl Writer<'_> {
    fn nodes(&mut self, nodes: &[Node], style: &Style) {
        for node in nodes {
            match node {
                Node::Text(text) => self.run.push(Piece::Text(text.clone())),
                Node::Element(element) => self.element(element, style),
            }
        }
    }

    fn element(&mut self, element: &Element, style: &Style) {
        if let Some(mark) = (self.replace)(element) {
            self.run.push(Piece::Mark(mark));
            return;
        }
        match element.name.as_str() {
            "b" | "strong" => self.around(element, style, "**"),
            "i" | "em" | "cite" | "dfn" | "var" => self.around(element, style, "*"),
            "code" | "tt" | "kbd" | "samp" => self.code(element),
            "sub" | "sup" => self.shifted(element),
            "q" => self.quoted(element, style),
            // A reading beside the word that it belongs to.
            "rt" => self.run.push(Piece::Text(format!("（{}）", collapse(&element.text()).trim()))),
            "rp" => {}
            "br" => self.run.push(Piece::Break),
            "img" => self.picture(element.attribute("src"), element.attribute("alt")),
            "object" if element.attribute("type").is_some_and(|t| t.starts_with("image/")) => {
                self.picture(element.attribute("data"), Some(element.text().trim()));
            }
            "a" => self.link(element, style),
            "ul" | "ol" => self.list(element, style),
            "pre" => self.preformatted(element, style),
            "table" => self.table(element, style),
            "hr" => self.end_block(&style.prefix),
            "math" => match markup::formula(element) {
                Some(formula) => self.run.push(Piece::Mark(formula)),
                None => self.out.refused.push(cannot_show(&element.name)),
            },
            "svg" | "object" | "audio" | "video" | "iframe" | "embed" | "canvas" | "applet" => {
                self.out.refused.push(cannot_show(&element.name));
            }
            "blockquote" => {
                self.end_block(&style.prefix);
                self.block(&element.children, &Style { prefix: format!("{}> ", style.prefix) });
            }
            "p" | "div" | "section" | "article" | "figure" | "figcaption" | "center" | "address" | "dl" | "dt"
            | "dd" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "prompt" | "rubricBlock" | "contentBody"
            | "templateBlock" | "fieldset" => {
                self.block(&element.children, style);
            }
            "feedbackInline" | "feedbackBlock" | "modalFeedback" => self.lose_feedback(),
            "templateInline" | "printedVariable" | "include" => self.out.refused.push(cannot_show(&element.name)),
            _ => self.nodes(&element.children, style),
        }
    }

    fn block(&mut self, children: &[Node], style: &Style) {
        self.end_block(&style.prefix);
        self.nodes(children, style);
        self.end_block(&style.prefix);
    }

    fn end_block(&mut self, prefix: &str) {
        let (text, emphasis_kept) = paragraph(std::mem::take(&mut self.run));
        if !emphasis_kept {
            self.lose(
                "emphasis",
                "bold or italic letters of a paragraph were kept as plain ones",
                "段落の太字や斜体を通常の文字にしました",
            );
        }
        if !text.is_empty() {
            let text = text.replace('\n', &format!("\n{prefix}"));
            self.blocks.push(format!("{prefix}{text}"));
        }
    }

    fn around(&mut self, element: &Element, style: &Style, mark: &'static str) {
        self.run.push(Piece::Open(mark));
        self.nodes(&element.children, style);
        self.run.push(Piece::Close(mark));
    }

    fn quoted(&mut self, element: &Element, style: &Style) {
        self.run.push(Piece::Text("“".into()));
        self.nodes(&element.children, style);
        self.run.push(Piece::Text("”".into()));
    }

    /// The text in which code stands, gaps and all.
    fn verbatim(&mut self, nodes: &[Node], out: &mut String) {
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => match (self.replace)(element) {
                    Some(mark) => out.push_str(&mark),
                    None if element.name == "br" => out.push('\n'),
                    None => self.verbatim(&element.children, out),
                },
            }
        }
    }

    fn code(&mut self, element: &Element) {
        let mut text = String::new();
        self.verbatim(&element.children, &mut text);
        let text = collapse(&text).trim().to_owned();
        if !text.is_empty() {
            self.run.push(Piece::Code(text));
        }
    }

    fn shifted(&mut self, element: &Element) {
        let text = element.text();
        let (from, to) = if element.name == "sup" {
            ("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
        } else {
            ("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
        };
        let moved: Option<String> =
            text.trim().chars().map(|c| from.chars().position(|f| f == c).and_then(|n| to.chars().nth(n))).collect();
        let sign = if element.name == "sup" { '^' } else { '_' };
        self.run.push(Piece::Text(moved.unwrap_or_else(|| format!("{sign}({})", text.trim()))));
    }

    fn picture(&mut self, source: Option<&str>, alt: Option<&str>) {
        let (source, alt) = (source.unwrap_or_default().trim(), alt.unwrap_or_default().trim());
        self.out.pictures.push((source.to_owned(), collapse(alt)));
        if self.out.pictures.len() == 2 {
            self.out.refused.push(several_pictures());
        }
    }

    fn link(&mut self, element: &Element, style: &Style) {
        let target = element.attribute("href").unwrap_or_default().trim().to_owned();
        let keep = ["http://", "https://"].iter().any(|s| target.starts_with(s))
            && !target.contains(['(', ')', '<', '>', ' ', '\\']);
        if !keep {
            return self.nodes(&element.children, style);
        }
        self.run.push(Piece::Mark("[".into()));
        self.nodes(&element.children, style);
        self.run.push(Piece::Mark(format!("]({target})")));
    }

    fn list(&mut self, element: &Element, style: &Style) {
        self.end_block(&style.prefix);
        let first: usize = element.attribute("start").and_then(|n| n.parse().ok()).unwrap_or(1);
        // Two lists in a row would be read as one, were their signs the same.
        let last = self.blocks.last().map(|block| block.trim_start_matches(['>', ' '])).unwrap_or_default();
        let digits = last.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = digits.len() < last.len();
        let (bullet, point) = (
            if last.starts_with("- ") { "* " } else { "- " },
            if numbered && digits.starts_with(". ") { ") " } else { ". " },
        );
        let mut items = Vec::new();
        for (n, item) in element.elements().enumerate() {
            let sign =
                if element.name == "ol" { format!("{}{point}", first.saturating_add(n)) } else { bullet.to_owned() };
            let outer = std::mem::take(&mut self.blocks);
            self.nodes(&item.children, &Style::default());
            self.end_block("");
            let inner = std::mem::replace(&mut self.blocks, outer).join("\n\n");
            if inner.is_empty() {
                continue;
            }
            let indent = " ".repeat(sign.len());
            items.push(format!("{sign}{}", inner.replace('\n', &format!("\n{indent}"))));
        }
        let list = items.join("\n").replace('\n', &format!("\n{}", style.prefix));
        if !list.is_empty() {
            self.blocks.push(format!("{}{list}", style.prefix));
        }
    }

    fn preformatted(&mut self, element: &Element, style: &Style) {
        self.end_block(&style.prefix);
        let mut text = String::new();
        self.verbatim(&element.children, &mut text);
        let fence = "`".repeat(longest_ticks(&text).max(2) + 1);
        let block = format!("{fence}\n{}\n{fence}", text.trim_matches('\n'));
        self.blocks.push(format!("{}{}", style.prefix, block.replace('\n', &format!("\n{}", style.prefix))));
    }

    fn table(&mut self, element: &Element, style: &Style) {
        self.end_block(&style.prefix);
        for caption in element.all("caption") {
            self.block(&caption.children, style);
        }
        for row in element.find(|e| e.name == "tr") {
            let mut first = true;
            for cell in row.elements() {
                if !std::mem::take(&mut first) {
                    self.run.push(Piece::Text(" | ".into()));
                }
                self.nodes(&cell.children, style);
            }
            self.end_block(&style.prefix);
        }
        self.lose("table", "a table was kept as lines of text", "表は行ごとの文にしました");
    }

    fn lose_feedback(&mut self) {
        self.lose("feedback", "feedback inside the text is not kept", "文中のフィードバックは取り込みません");
    }

    fn lose(&mut self, code: &'static str, en: &str, ja: &str) {
        if self.out.losses.iter().all(|loss| loss.code != code) {
            self.out.losses.push(Mistake::new("", code, en, ja));
        }
    }
}

/// White space as a browser shows it; a space that must not break stays.
pub(in crate::interchange) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}') {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

fn longest_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

pub(in crate::interchange) fn several_pictures() -> Mistake {
    Mistake::new(
        "/figure",
        "several_pictures",
        "the item has more than one picture, and an item here has one figure: join them into one",
        "図が2つ以上あります。設問の図は1つです。1つにまとめてください",
    )
}

fn cannot_show(name: &str) -> Mistake {
    Mistake::new(
        "/question",
        "cannot_be_shown",
        format!(
            "`<{name}>` cannot be shown in an item here, and without it the question would be another: write it as text or as a picture"
        ),
        format!("<{name}> は設問に表示できず、省くと別の問題になってしまいます。文か画像で書いてください"),
    )
}

#[cfg(test)]
mod tests {
    use super::{plain::shows, *};

    #[test]
    fn what_was_shown_is_shown() {
        for (html, markdown) in [
            ("<p>What is <b>2</b> &lt; <i>x</i>?</p>", "What is **2** \\< *x*?"),
            ("<p>R&amp;D: 5 * 3</p>", "R&D: 5 * 3"),
            ("<p>*stars*</p>", "\\*stars\\*"),
            ("one<br>two", "one\\\ntwo"),
            ("<ul><li>a</li><li>b</li></ul><p>c</p>", "- a\n- b\n\nc"),
            ("x<sup>2</sup> H<sub>2</sub>O 10<sup>ab</sup>", "x² H₂O 10^(ab)"),
            ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
            ("<code>a*b</code>", "`a*b`"),
            ("<a href='https://a.example/x'>x</a> <a href='javascript:y'>y</a>", "[x](https://a.example/x) y"),
            ("<p>1. May</p>", "1\\. May"),
            ("<div><p>a</p>b</div>", "a\n\nb"),
            ("<ul><li>a</li></ul><ul><li>b<li></ul>", "- a\n\n* b"),
            ("<q>so</q> <ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "“so” 漢字（かんじ）"),
            ("<table><caption>T</caption><tr><td>a<td>b</table>", "T\n\na | b"),
            ("<p>Is <math class='c'><mi>x</mi></math> 1?</p>", "Is <math><mi>x</mi></math> 1?"),
            ("&lt;math&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/math&gt;", "\\<math\\>\\<mi\\>x\\</mi\\>\\</math\\>"),
        ] {
            assert_eq!(of_html(html).markdown, markdown, "{html}");
        }
    }

    #[test]
    fn what_cannot_be_shown_refuses_the_item() {
        for html in ["<math><apply><ci>x</ci></apply></math>", "<video src='a'></video>", "<img src=a><img src=b>"] {
            assert_eq!(of_html(html).refused.len(), 1, "{html}");
        }
        assert_eq!(of_html("<table><tr><td>a<td>b</table>").markdown, "a | b");
        assert_eq!(of_html("<img src='a.png' alt='a lamp'>").pictures, [("a.png".to_owned(), "a lamp".to_owned())]);
    }

    proptest::proptest! {
        #![proptest_config(crate::drawn::cases(256))]

        /// Text that is only text shows as it stood, whatever signs are in it.
        #[test]
        fn plain_text_shows_as_it_stands(parts in proptest::collection::vec(proptest::sample::select(vec![
            "a", "b c", "*", "_", "#", "- ", "1.", "1)", "[x](y)", "`", "\\", "<b>", "&amp;", "!", "> ", "=", "~~", "|", "+ ", "日本", " ",
        ]), 1..12)) {
            let text = parts.concat();
            let text = collapse(text.trim());
            let text = text.trim();
            proptest::prop_assume!(!text.is_empty());
            let (stem, option) = (plain(text), plain_option(text));
            proptest::prop_assert!(shows(&markup::blocks(&stem), &format!("<p>{text}</p>\n")), "{:?}", stem);
            proptest::prop_assert!(shows(&markup::inline(&option), text), "{:?}", option);
        }

        /// What went out as HTML comes home showing the same.
        #[test]
        fn markdown_survives_the_way_out_and_home(parts in proptest::collection::vec(proptest::sample::select(vec![
            "word", " ", "**bold**", "*lean*", "`code`", "\n\n", "\n- item\n", "[x](https://a.example/)", "5 < 6", "\\*", "R&D", "日本語",
        ]), 1..12)) {
            let text = parts.join(" ");
            let out = markup::blocks(&text);
            let home = of_html(&out).markdown;
            let again = of_html(&markup::blocks(&home)).markdown;
            proptest::prop_assert_eq!(&again, &home);
        }
    }
}
