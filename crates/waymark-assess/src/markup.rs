//! Item texts to HTML: a subset of Markdown (paragraphs, emphasis, code, lists, quotations, links), and formulas in
//! presentation `MathML`. Other raw HTML is shown as text, pictures are replaced by their description, links lead to http(s)
//! or to this site.

mod in_words;
mod manual;
mod math;
mod source;

pub(crate) use in_words::without_tags;
pub use manual::manual;
pub(crate) use math::written as formula;

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};
use source::{Part, Source};
use std::collections::VecDeque;

/// A stem: any number of blocks.
pub(crate) fn blocks(text: &str) -> String {
    let source = Source::of(text);
    render(Parser::new(&source.text), &source)
}

/// An option: one paragraph, without its `<p>`. A text that Markdown would read as something else ("- 5 dB", "1. May",
/// "# 3") is shown as it stands: taking a leading sign for a list would change the answer.
pub(crate) fn inline(text: &str) -> String {
    let source = Source::of(text);
    let events: Vec<_> = Parser::new(&source.text).collect();
    let one_paragraph = matches!(events.first(), Some(Event::Start(Tag::Paragraph)))
        && events.iter().filter(|event| matches!(event, Event::End(TagEnd::Paragraph))).count() == 1
        && matches!(events.last(), Some(Event::End(TagEnd::Paragraph)));
    if !one_paragraph {
        let part = |part: &Part<'_>| match part {
            Part::Text(text) => escape(text).replace('\n', "<br />"),
            Part::Formula(formula) => formula.html.clone(),
        };
        return source.parts(&source.text).iter().map(part).collect();
    }
    let inner = events.len() - 1;
    render(events.into_iter().take(inner).skip(1), &source)
}

/// Whether tags are written in a text, which a reader would see as they are typed.
pub(crate) fn has_tags(text: &str) -> bool {
    let source = Source::of(text);
    Parser::new(&source.text).any(|event| match event {
        Event::InlineHtml(tag) => !tag.starts_with("<!--"),
        Event::Html(line) => !line.starts_with("<!--"),
        _ => false,
    })
}

/// Enclose the number of a mark while Markdown is read; no author can write them.
const MARK: (char, char) = ('\u{e000}', '\u{e001}');
/// The same around the number of a formula.
const FORMULA: [char; 2] = ['\u{e002}', '\u{e003}'];
const PRIVATE: [char; 4] = [MARK.0, MARK.1, FORMULA[0], FORMULA[1]];

/// Blocks in which each mark `{{id}}` has become what `fill` gives for it, in the order of the text. A mark inside of a
/// tag, as in the address of a link, is dropped.
pub(crate) fn blocks_with_marks(text: &str, mut fill: impl FnMut(&str) -> String) -> String {
    let (text, ids) = with_numbers(text);
    let html = blocks(&text);
    let (mut out, mut in_tag) = (String::with_capacity(html.len()), false);
    let mut chars = html.chars();
    while let Some(c) = chars.next() {
        if c == MARK.0 {
            let number: String = chars.by_ref().take_while(|c| *c != MARK.1).collect();
            if let (false, Some(id)) = (in_tag, number.parse().ok().and_then(|n: usize| ids.get(n))) {
                out.push_str(&fill(id));
            }
            continue;
        }
        in_tag = match c {
            '<' => true,
            '>' => false,
            _ => in_tag,
        };
        out.push(c);
    }
    out
}

/// The ids of the marks that a reader would meet, in the order of the text.
pub(crate) fn marks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    blocks_with_marks(text, |id| {
        found.push(id.to_owned());
        String::new()
    });
    found
}

fn with_numbers(text: &str) -> (String, Vec<String>) {
    let text: String = text.chars().filter(|c| ![MARK.0, MARK.1].contains(c)).collect();
    let (mut out, mut ids, mut rest) = (String::new(), Vec::new(), text.as_str());
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let id = after.split_once("}}").filter(|(id, _)| crate::option_id::OptionId::new(id).is_some());
        match id {
            Some((id, tail)) => {
                out.extend([MARK.0.to_string(), ids.len().to_string(), MARK.1.to_string()]);
                ids.push(id.to_owned());
                rest = tail;
            }
            None => {
                out.push_str("{{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    (out, ids)
}

fn render<'t>(events: impl Iterator<Item = Event<'t>>, source: &'t Source) -> String {
    let mut html = String::new();
    let ready = VecDeque::new();
    pulldown_cmark::html::push_html(
        &mut html,
        Filter { events, source, ready, in_code: false, links: Vec::new(), in_image: 0 },
    );
    html
}

struct Filter<'t, I: Iterator<Item = Event<'t>>> {
    events: I,
    source: &'t Source,
    /// What a text came to.
    ready: VecDeque<Event<'t>>,
    /// Whether a block of code is open.
    in_code: bool,
    /// For each open link, whether it was let through.
    links: Vec<bool>,
    in_image: usize,
}

impl<'t, I: Iterator<Item = Event<'t>>> Filter<'t, I> {
    fn text(&mut self, text: CowStr<'t>) {
        if !text.contains(FORMULA[0]) {
            self.ready.push_back(Event::Text(text));
        } else if self.in_code {
            self.ready.push_back(Event::Text(self.source.as_written(&text).into()));
        } else {
            let part = |part: Part<'_>| match part {
                Part::Text(text) => Event::Text(text.to_owned().into()),
                Part::Formula(formula) => Event::InlineHtml(formula.html.clone().into()),
            };
            self.ready.extend(self.source.parts(&text).into_iter().map(part));
        }
    }
}

impl<'t, I: Iterator<Item = Event<'t>>> Iterator for Filter<'t, I> {
    type Item = Event<'t>;

    fn next(&mut self) -> Option<Event<'t>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let event = match self.events.next()? {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                    self.text(text);
                    continue;
                }
                Event::Code(code) => Event::Code(self.source.as_written(&code).into()),
                Event::Start(Tag::CodeBlock(kind)) => {
                    self.in_code = true;
                    Event::Start(Tag::CodeBlock(kind))
                }
                Event::End(TagEnd::CodeBlock) => {
                    self.in_code = false;
                    Event::End(TagEnd::CodeBlock)
                }
                // A heading inside a question would break the outline of the page around it.
                Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
                Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
                Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
                Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
                Event::Start(Tag::Image { .. }) => {
                    self.in_image += 1;
                    continue;
                }
                Event::End(TagEnd::Image) => {
                    self.in_image = self.in_image.saturating_sub(1);
                    continue;
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let open = leads_somewhere_harmless(&dest_url);
                    self.links.push(open);
                    if !open {
                        continue;
                    }
                    let tag = format!(r#"<a href="{}" rel="noopener noreferrer nofollow">"#, escape(&dest_url));
                    Event::InlineHtml(CowStr::from(tag))
                }
                Event::End(TagEnd::Link) => {
                    if !self.links.pop().unwrap_or_default() {
                        continue;
                    }
                    Event::InlineHtml(CowStr::Borrowed("</a>"))
                }
                other => other,
            };
            return Some(event);
        }
    }
}

/// http, https, or a path on this site; nothing that a browser could read as another scheme or host.
fn leads_somewhere_harmless(url: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\' || FORMULA.contains(&c);
    if url.is_empty() || url.starts_with("//") || url.chars().any(odd) {
        return false;
    }
    let before_path = &url[..url.find(['/', '?', '#']).unwrap_or(url.len())];
    match before_path.split_once(':') {
        Some((scheme, _)) => ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)),
        None => true,
    }
}

/// Text made safe for element content and double-quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_subset() {
        assert_eq!(
            blocks("Is *this* `a < b`?\n\n- one\n- two"),
            "<p>Is <em>this</em> <code>a &lt; b</code>?</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        );
        assert_eq!(inline("R&D, **bold**, x < 5"), "R&amp;D, <strong>bold</strong>, x &lt; 5");
        assert_eq!(blocks("# Title"), "<p>Title</p>\n");
    }

    #[test]
    fn an_option_keeps_its_sign_and_number() {
        assert_eq!(inline("- 5 dB"), "- 5 dB");
        assert_eq!(inline("+ 5 V"), "+ 5 V");
        assert_eq!(inline("2. May"), "2. May");
        assert_eq!(inline("# 3"), "# 3");
        assert_eq!(inline("> 3"), "&gt; 3");
        assert_eq!(inline("28.050 MHz to 28.150 MHz"), "28.050 MHz to 28.150 MHz");
        assert_eq!(inline("a\n\nb"), "a<br /><br />b");
    }

    #[test]
    fn marks_are_filled_where_a_reader_meets_them() {
        let fill = |text: &str| blocks_with_marks(text, |id| format!("[{id}]"));
        assert_eq!(fill("A {{a_1}} and *{{b}}*"), "<p>A [a_1] and <em>[b]</em></p>\n");
        assert_eq!(fill("`let {{x}} = 1;`"), "<p><code>let [x] = 1;</code></p>\n");
        assert_eq!(fill("    {{x}} < 1"), "<pre><code>[x] &lt; 1</code></pre>\n");
        assert_eq!(fill("{{no id}} {{ {{a}}"), "<p>{{no id}} {{ [a]</p>\n");
        assert_eq!(fill("\u{e000}0\u{e001}{{a}}"), "<p>0[a]</p>\n");
        assert_eq!(marks("[x](https://a.example/{{a}}) {{b}} <i title={{c}}>"), ["b", "c"]);
    }

    #[test]
    fn raw_html_is_text() {
        for (text, html) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a <img src=x onerror=alert(1)> b", "a &lt;img src=x onerror=alert(1)&gt; b"),
            ("![chart](https://elsewhere.example/pixel.png)", "chart"),
            ("[x](javascript:alert(1))", "x"),
            ("[x](JaVaScRiPt:alert(1))", "x"),
            ("[x](//elsewhere.example)", "x"),
            ("[x](data:text/html,hi)", "x"),
            ("[x](/docs)", "<a href=\"/docs\" rel=\"noopener noreferrer nofollow\">x</a>"),
            (
                "[x](https://a.example/?a=1&b=%22)",
                "<a href=\"https://a.example/?a=1&amp;b=%22\" rel=\"noopener noreferrer nofollow\">x</a>",
            ),
            ("[x](<https://a.example/\" onclick=\"f()>)", "x"),
        ] {
            assert_eq!(inline(text), html, "{text}");
        }
        assert!(!blocks("<div onclick=f()>\nhi\n</div>").contains("<div"));
    }

    #[test]
    fn no_control_character_hides_a_scheme() {
        assert!(!leads_somewhere_harmless("java\nscript:alert(1)"));
        assert!(!leads_somewhere_harmless("\u{1}javascript:alert(1)"));
        assert!(!leads_somewhere_harmless("/\\elsewhere.example"));
        assert!(leads_somewhere_harmless("a/b:c"));
    }

    #[test]
    fn a_formula_is_shown_and_its_markup_in_code_too() {
        let x = "<math><mi>x</mi></math>";
        assert_eq!(blocks(&format!("*Is* {x} > 1?")), format!("<p><em>Is</em> {x} &gt; 1?</p>\n"));
        assert_eq!(inline(x), x);
        assert_eq!(inline(&format!("- {x}")), format!("- {x}"));
        assert_eq!(blocks(&format!("`{x}`")), format!("<p><code>{}</code></p>\n", escape(x)));
        assert_eq!(blocks(&format!("```\n{x}\n```")), format!("<pre><code>{}\n</code></pre>\n", escape(x)));
        assert_eq!(blocks(&format!("\\{x}")), format!("<p>{}</p>\n", escape(x)));
        assert_eq!(blocks(&format!("<div>\n{x}\n</div>")).matches(x).count(), 1);
        assert_eq!(inline(&format!("[a]({x})")), "a");
        let tags = [x, "a < b", "`<b>`", "a <b>b</b>", "<div>\nx\n</div>", "<!-- a -->"];
        assert_eq!(tags.map(has_tags), [false, false, false, true, true, false]);
        assert_eq!(marks("<math><mi>{{a}}</mi></math> {{b}}"), ["a", "b"]);
    }

    proptest::proptest! {
        #![proptest_config(crate::drawn::cases(256))]

        /// Whatever an author writes, every tag in the output is one of ours, with our attributes.
        #[test]
        fn only_known_tags_come_out(parts in proptest::collection::vec(proptest::sample::select(vec![
            "<", ">", "\"", "'", "&", "script", "img", " onerror=", "x", "[", "]", "(", ")", "!", "javascript:", "https://a.example",
            "`", "```", "*", "_", "#", "- ", "1. ", "\n", "\n\n", "    ", "> ", "\\", "&lt;", "&#60;", "<!--", "-->", "</p>", "|",
            "<math>", "<math display='block' onclick='x'>", "<mi>", "</mi>", "</math>", "<mtext><img src=x>", "\u{e002}0\u{e003}",
        ]), 0..40)) {
            let text = parts.concat();
            for html in [blocks(&text), inline(&text)] {
                let mut rest = html.as_str();
                while let Some(at) = rest.find('<') {
                    rest = &rest[at + 1..];
                    let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
                    let link = tag.strip_prefix("a href=\"").and_then(|tag| tag.strip_suffix("\" rel=\"noopener noreferrer nofollow\""));
                    let list = tag.strip_prefix("ol start=\"").and_then(|tag| tag.strip_suffix('"'));
                    let code = tag.strip_prefix("code class=\"language-").and_then(|tag| tag.strip_suffix('"'));
                    let known = ["p", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a", "math", "mi"];
                    let alone = ["br /", "hr /", "math display=\"block\""];
                    let simple = known.contains(&tag.trim_start_matches('/')) || alone.contains(&tag);
                    let value = link.filter(|url| leads_somewhere_harmless(url)).or(list).or(code);
                    proptest::prop_assert!(simple || value.is_some_and(|value| !value.contains('"')), "<{}> of {:?}", tag, text);
                }
            }
        }
    }
}
