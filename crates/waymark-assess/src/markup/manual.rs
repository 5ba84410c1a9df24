//! Pages of a manual to HTML: headings, tables and pictures besides what an item may hold. Raw HTML is shown as text, and
//! what a link or a picture names leads where the caller says, or nowhere.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// `lead` answers the address of a link or a picture as the text names it. Without an address only its words stay.
#[must_use]
pub fn manual(text: &str, lead: impl Fn(&str) -> Option<String>) -> String {
    // Whether each link or picture that is open was let through.
    let mut open = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let to = lead(&dest_url);
            open.push(to.is_some());
            to.map(|to| Event::Start(Tag::Link { link_type, dest_url: to.into(), title, id }))
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let to = lead(&dest_url);
            open.push(to.is_some());
            to.map(|to| Event::Start(Tag::Image { link_type, dest_url: to.into(), title, id }))
        }
        Event::End(TagEnd::Link | TagEnd::Image) => open.pop().unwrap_or_default().then_some(event),
        other => Some(other),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led(text: &str) -> String {
        manual(text, |to| to.strip_suffix(".md").map(|page| format!("/docs/{page}")))
    }

    #[test]
    fn links_lead_where_the_caller_says_or_nowhere() {
        assert_eq!(led("[a](b.md) [c](javascript:x)"), "<p><a href=\"/docs/b\">a</a> c</p>\n");
        assert_eq!(led("![alt](x.png)"), "<p>alt</p>\n");
        assert_eq!(led("[![alt](x.md)](y)"), "<p><img src=\"/docs/x\" alt=\"alt\" /></p>\n");
        assert!(led("[a](<b\".md>)").contains("href=\"/docs/b%22\""));
    }

    #[test]
    fn raw_html_is_text() {
        let html = led("a <script>x</script>\n\n<img src=x onerror=y>\n");
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(html.contains("&lt;script&gt;") && html.contains("&lt;img"), "{html}");
    }

    #[test]
    fn headings_tables_and_code_stay() {
        let html = led("## H\n\n| a | b |\n|---|---|\n| `c` | d |\n\n```\n<x>\n```\n");
        for part in ["<h2>H</h2>", "<table>", "<td><code>c</code></td>", "<pre><code>&lt;x&gt;\n</code></pre>"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
