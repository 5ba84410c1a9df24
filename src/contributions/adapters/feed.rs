//! RSS 2.0 and Atom (RFC 4287): the articles of a feed, their authors, and the text in which a member shows that it is theirs.
//!
//! What arrives was written by a stranger: bytes are capped by who fetches, nesting and attributes are counted before anything is parsed, a document type is refused,
//! and of each article a few plain texts are taken. No markup is kept.

use roxmltree::{Document, Node, ParsingOptions};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use url::Url;

use crate::clock::{Timestamp, from_millis, millis, parse_rfc3339};

/// A feed as far as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// Its own title and description.
    pub about: String,
    pub articles: Vec<Article>,
}

/// One article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its permanent address.
    pub link: String,
    pub title: Option<String>,
    pub at: Option<Timestamp>,
    pub author: Option<String>,
    /// Title and summary, to look for a code in.
    pub text: String,
}

/// Why a document is no feed that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAFeed {
    NotUtf8,
    /// Nesting, attributes or nodes beyond any feed's.
    TooMuch,
    NotXml,
    Neither,
}

impl NotAFeed {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotUtf8 => "not_utf8",
            Self::TooMuch => "too_much",
            Self::NotXml => "not_xml",
            Self::Neither => "not_a_feed",
        }
    }
}

const DEEPEST: u32 = 32;
const MOST_ATTRIBUTES: usize = 64;
const MOST_NODES: u32 = 50_000;
const MOST_ARTICLES: usize = 200;
const LONGEST_LINK: usize = 500;
const LONGEST_TITLE: usize = 500;
const LONGEST_AUTHOR: usize = 200;
const LONGEST_TEXT: usize = 20_000;
const ATOM: &str = "http://www.w3.org/2005/Atom";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";

/// Reads a feed.
///
/// # Errors
/// It is none, or is larger than any.
pub fn read(bytes: &[u8]) -> Result<Feed, NotAFeed> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotAFeed::NotUtf8)?.trim_start_matches('\u{feff}');
    if is_too_much(text) {
        return Err(NotAFeed::TooMuch);
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|wrong| match wrong {
        roxmltree::Error::NodesLimitReached => NotAFeed::TooMuch,
        _ => NotAFeed::NotXml,
    })?;
    let root = document.root_element();
    match (root.tag_name().namespace(), root.tag_name().name()) {
        (None, "rss") => rss(root),
        (Some(ATOM), "feed") => Ok(atom(root)),
        _ => Err(NotAFeed::Neither),
    }
}

/// Counts nesting and attributes without building anything: a parser takes a stack frame for the one and the square of the other.
fn is_too_much(text: &str) -> bool {
    let (mut rest, mut depth) = (text, 0_u32);
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = after(rest, "-->");
        } else if rest.starts_with("<![CDATA[") {
            rest = after(rest, "]]>");
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            rest = after(rest, ">");
        } else {
            let tag = &rest[..end_of_tag(rest)];
            if tag.starts_with("</") {
                depth = depth.saturating_sub(1);
            } else if !tag.ends_with("/>") {
                depth += 1;
            }
            if depth > DEEPEST || tag.matches('=').count() > MOST_ATTRIBUTES {
                return true;
            }
            rest = &rest[tag.len()..];
        }
    }
    false
}

fn after<'t>(text: &'t str, end: &str) -> &'t str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// Where a tag ends: at the first `>` that stands in no quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn child<'a, 'i>(of: Node<'a, 'i>, namespace: Option<&str>, name: &str) -> Option<Node<'a, 'i>> {
    of.children()
        .find(|node| node.is_element() && node.tag_name().namespace() == namespace && node.tag_name().name() == name)
}

/// All text below a node as one line; markup that stands in it as text stays text.
fn content(node: Node<'_, '_>, longest: usize) -> String {
    let text: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(longest).collect()
}

fn said(of: Node<'_, '_>, namespace: Option<&str>, name: &str, longest: usize) -> Option<String> {
    child(of, namespace, name).map(|node| content(node, longest)).filter(|text| !text.is_empty())
}

fn link(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let fits = matches!(url.scheme(), "http" | "https") && url.has_host() && text.len() <= LONGEST_LINK;
    fits.then(|| url.to_string()).filter(|url| url.len() <= LONGEST_LINK)
}

fn rss(root: Node<'_, '_>) -> Result<Feed, NotAFeed> {
    let channel = child(root, None, "channel").ok_or(NotAFeed::Neither)?;
    let part = |node, name| said(node, None, name, LONGEST_TEXT).unwrap_or_default();
    let about = format!("{} {}", part(channel, "title"), part(channel, "description"));
    let items = channel.children().filter(|node| node.has_tag_name("item")).take(MOST_ARTICLES);
    let articles = items.filter_map(|item| {
        let guid = child(item, None, "guid").filter(|guid| guid.attribute("isPermaLink") != Some("false"));
        let link = said(item, None, "link", LONGEST_LINK).and_then(|text| link(&text));
        let link = link.or_else(|| guid.map(|guid| content(guid, LONGEST_LINK)).and_then(|text| self::link(&text)))?;
        let at = said(item, None, "pubDate", 100).and_then(|text| date(&text));
        let author = said(item, Some(DUBLIN_CORE), "creator", LONGEST_AUTHOR)
            .or_else(|| said(item, None, "author", LONGEST_AUTHOR));
        let title = said(item, None, "title", LONGEST_TITLE);
        let text = format!("{} {}", part(item, "title"), part(item, "description"));
        Some(Article { link, title, at, author, text })
    });
    Ok(Feed { about, articles: articles.collect() })
}

fn atom(root: Node<'_, '_>) -> Feed {
    let part = |node, name| said(node, Some(ATOM), name, LONGEST_TEXT).unwrap_or_default();
    let author =
        |node| child(node, Some(ATOM), "author").and_then(|node| said(node, Some(ATOM), "name", LONGEST_AUTHOR));
    let about = format!("{} {}", part(root, "title"), part(root, "subtitle"));
    let of_all = author(root);
    let entries = root.children().filter(|node| node.has_tag_name((ATOM, "entry"))).take(MOST_ARTICLES);
    let articles = entries.filter_map(|entry| {
        let mut links = entry.children().filter(|node| node.has_tag_name((ATOM, "link")));
        let link = links.find(|node| node.attribute("rel").is_none_or(|rel| rel == "alternate"));
        let link = link.and_then(|node| node.attribute("href")).and_then(self::link)?;
        let when = said(entry, Some(ATOM), "published", 100).or_else(|| said(entry, Some(ATOM), "updated", 100));
        let text = format!("{} {} {}", part(entry, "title"), part(entry, "summary"), part(entry, "content"));
        let title = said(entry, Some(ATOM), "title", LONGEST_TITLE);
        let at = when.and_then(|text| parse_rfc3339(&text));
        Some(Article { link, title, at, author: author(entry).or_else(|| of_all.clone()), text })
    });
    Feed { about, articles: articles.collect() }
}

/// RSS writes times as mail does (RFC 2822); some write RFC 3339.
fn date(text: &str) -> Option<Timestamp> {
    let mailed = OffsetDateTime::parse(text, &Rfc2822).ok().and_then(OffsetDateTime::checked_to_utc);
    mailed.map(|t| from_millis(millis(t))).or_else(|| parse_rfc3339(text))
}

impl Feed {
    /// Who wrote the code into this feed: the feed as a whole, or the author of the article that has it.
    ///
    /// # Errors
    /// Why it proves nothing.
    pub fn written_by(&self, code: &str) -> Result<Option<String>, Unproved> {
        let mut authors: Vec<&str> = self.articles.iter().filter_map(|article| article.author.as_deref()).collect();
        authors.sort_unstable();
        authors.dedup();
        if self.about.contains(code) {
            // Whoever keeps a feed of many writes its description, and not what they write.
            return if authors.len() > 1 { Err(Unproved::SeveralAuthors) } else { Ok(None) };
        }
        let article = self.articles.iter().find(|article| article.text.contains(code)).ok_or(Unproved::NotFound)?;
        match &article.author {
            Some(author) => Ok(Some(author.clone())),
            None => Err(Unproved::NoAuthor),
        }
    }

    /// The articles of this author; all where the feed is one person's.
    pub fn by(&self, author: Option<&str>) -> impl Iterator<Item = &Article> {
        self.articles.iter().filter(move |article| author.is_none() || article.author.as_deref() == author)
    }
}

/// Why a code in a feed does not show whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproved {
    NotFound,
    /// It stands in the description of a feed with articles of several people.
    SeveralAuthors,
    /// It stands in an article, and the feed does not say who wrote it.
    NoAuthor,
}

impl Unproved {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "code_not_found",
            Self::SeveralAuthors => "several_authors",
            Self::NoAuthor => "no_author",
        }
    }
}

#[cfg(test)]
mod tests;
