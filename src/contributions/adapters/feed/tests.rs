use super::*;

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>灯台日誌</title><link>https://zenn.example/hikari</link><description>Waymark wm-0a1b2c3d</description>
<item><title>灯りの<![CDATA[保ち方]]></title><link>https://zenn.example/hikari/a1</link><guid isPermaLink="true">https://zenn.example/hikari/a1</guid>
<pubDate>Fri, 20 Nov 2026 09:00:00 +0900</pubDate><dc:creator>hikari</dc:creator><description>&lt;p&gt;本文&lt;/p&gt;</description></item>
<item><title>二つめ</title><guid>https://zenn.example/hikari/a2</guid><pubDate>never</pubDate><dc:creator>hikari</dc:creator></item>
<item><title>番地なし</title><guid isPermaLink="false">tag:x</guid></item>
<item><title>script</title><link>javascript:alert(1)</link></item>
</channel></rss>"#;

const ATOM_FEED: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>タグ</title>
<entry><title>One</title><link rel="self" href="https://qiita.example/x"/><link rel="alternate" href="https://qiita.example/hikari/items/1"/>
<published>2026-11-20T09:00:00+09:00</published><author><name>hikari</name></author><content type="html">code wm-0a1b2c3d</content></entry>
<entry><title>Two</title><link href="https://qiita.example/other/items/2"/><updated>2026-11-21T00:00:00Z</updated><author><name>other</name></author></entry>
</feed>"#;

fn links<'f>(articles: impl Iterator<Item = &'f Article>) -> Vec<&'f str> {
    articles.map(|article| article.link.as_str()).collect()
}

#[test]
fn articles_of_rss_are_read() {
    let feed = read(RSS.as_bytes()).expect("a feed");
    assert_eq!(links(feed.articles.iter()), ["https://zenn.example/hikari/a1", "https://zenn.example/hikari/a2"]);
    let first = &feed.articles[0];
    assert_eq!((first.title.as_deref(), first.at), (Some("灯りの保ち方"), parse_rfc3339("2026-11-20T00:00:00Z")));
    assert_eq!((feed.articles[1].at, first.author.as_deref()), (None, Some("hikari")));
}

#[test]
fn a_code_proves_a_feed_of_one_and_the_author_of_an_article() {
    let own = read(RSS.as_bytes()).expect("a feed");
    assert_eq!(own.written_by("wm-0a1b2c3d"), Ok(None));
    assert_eq!(own.written_by("wm-ffffffff"), Err(Unproved::NotFound));
    let many = read(ATOM_FEED.as_bytes()).expect("a feed");
    assert_eq!(many.written_by("wm-0a1b2c3d"), Ok(Some("hikari".to_owned())));
    assert_eq!(links(many.by(Some("hikari"))), ["https://qiita.example/hikari/items/1"], "and nobody else's articles");
    let planet = ATOM_FEED.replace("タグ", "wm-0a1b2c3d");
    assert_eq!(read(planet.as_bytes()).expect("a feed").written_by("wm-0a1b2c3d"), Err(Unproved::SeveralAuthors));
    let nameless = ATOM_FEED.replace("<author><name>hikari</name></author>", "");
    assert_eq!(read(nameless.as_bytes()).expect("a feed").written_by("wm-0a1b2c3d"), Err(Unproved::NoAuthor));
}

#[test]
fn what_could_unfold_is_refused() {
    let bomb =
        r#"<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>"#;
    let file =
        r#"<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>"#;
    let deep = format!("<rss>{}{}</rss>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let wide = format!("<rss {}/>", (0..5000).map(|n| format!("a{n}='' ")).collect::<String>());
    let many = format!("<rss><channel>{}</channel></rss>", "<b/>".repeat(60_000));
    for (text, why) in [
        (bomb, NotAFeed::NotXml),
        (file, NotAFeed::NotXml),
        (&deep, NotAFeed::TooMuch),
        (&wide, NotAFeed::TooMuch),
        (&many, NotAFeed::TooMuch),
        ("<rss>", NotAFeed::NotXml),
        ("<html/>", NotAFeed::Neither),
        ("<rss version='2.0'/>", NotAFeed::Neither),
        ("", NotAFeed::NotXml),
    ] {
        assert_eq!(read(text.as_bytes()), Err(why), "{}", &text[..text.len().min(60)]);
    }
    assert_eq!(read(b"\xff\xfe<rss/>"), Err(NotAFeed::NotUtf8));
    let quoted = "<rss><channel><title a='>'>t</title><!-- <a><a> --><item><link>https://a.example/1</link></item></channel></rss>";
    assert_eq!(read(quoted.as_bytes()).expect("a feed").articles.len(), 1);
}
