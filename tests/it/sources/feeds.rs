//! Feeds of members: proved by their author, read when they are due, each article once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::json;
use time::Duration;
use waymark::actor::Actor;
use waymark::config::DidMethod;
use waymark::contributions::fetch_due;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::issuer;
use waymark::outbound::{Connector, FetchError};
use waymark::tracks::{self, TrackDefinition};

use super::{keep, of};
use crate::contributions::{enrol, small_program, start};
use crate::home::Visitor;
use crate::support::{Store, TestApp, on_both};

on_both!(
    an_article_counts_once_its_feed_is_proved,
    only_the_author_of_an_article_is_credited,
    a_feed_is_one_members,
    a_feed_that_fails_is_asked_more_and_more_seldom,
    what_cannot_be_named_says_why,
    where_no_feed_is_read_the_page_leads_to_the_links
);

const URL: &str = "https://zenn.example/hikari/feed";

/// What stands at addresses, and how often each was asked for.
#[derive(Clone, Default)]
struct Web(Arc<Mutex<HashMap<String, (String, usize)>>>);

impl Web {
    fn put(&self, url: &str, body: impl Into<String>) {
        self.0.lock().expect("unharmed").entry(url.to_owned()).or_default().0 = body.into();
    }

    fn asked(&self, url: &str) -> usize {
        self.0.lock().expect("unharmed").get(url).map_or(0, |(_, n)| *n)
    }

    async fn start(&self, store: Store) -> TestApp {
        let web = self.clone();
        let connector = Connector::answering(move |url, accept| {
            assert!(accept.contains("atom"), "{accept}");
            let mut all = web.0.lock().expect("unharmed");
            let found = all.get_mut(url).ok_or(FetchError::Status(404))?;
            found.1 += 1;
            if found.0 == "same" { Err(FetchError::Status(304)) } else { Ok(found.0.clone().into_bytes()) }
        });
        let test = TestApp::start_reaching(store, connector, |config| config.issuer.did_method = DidMethod::Key).await;
        small_program(&test).await;
        keep(&test, json!({"source": "https://articles.example", "title": "Articles", "adapter": "feed", "from": ["zenn.example", "qiita.example"]})).await;
        test
    }
}

fn rss(about: &str, items: &[(&str, &str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(link, title, author)| {
            format!("<item><title>{title}</title><link>{link}</link><dc:creator>{author}</dc:creator><pubDate>Fri, 20 Nov 2026 09:00:00 +0900</pubDate></item>")
        })
        .collect();
    format!(
        r#"<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title><description>{about}</description>{items}</channel></rss>"#
    )
}

async fn name_feed(me: &Visitor<'_>, url: &str) -> u16 {
    let csrf = me.csrf("/me/feeds").await;
    me.post("/me/feeds", json!({"csrf": csrf, "source": "https://articles.example", "url": url})).await
}

/// The code and the id of the member's feed.
async fn feed(test: &TestApp, member: MemberId) -> (String, String) {
    let column = |name: &str| format!("SELECT {name} FROM member_feed WHERE member = '{member}'");
    (test.texts(&column("code")).await.remove(0), test.texts(&column("id")).await.remove(0))
}

async fn check(me: &Visitor<'_>, id: &str) {
    let csrf = me.csrf("/me/feeds").await;
    assert_eq!(me.post(&format!("/me/feeds/{id}/check"), json!({"csrf": csrf})).await, 303);
}

async fn an_article_counts_once_its_feed_is_proved(store: Store) {
    let web = Web::default();
    let test = web.start(store).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    for (language, text) in [("en", "You have named no feed yet."), ("ja", "登録したフィードはまだありません。")]
    {
        assert!(me.page("/me/feeds", language).await.contains(text));
    }
    web.put(URL, rss("no code", &[("https://zenn.example/hikari/a1", "灯り", "hikari")]));
    assert_eq!(name_feed(&me, URL).await, 303);
    assert_eq!(
        fetch_due(&test.app, test.app.db.now()).await.expect("fetched"),
        0,
        "nothing unproved is read by itself"
    );
    let (code, id) = feed(&test, member).await;
    check(&me, &id).await;
    let html = me.page("/me/feeds", "ja").await;
    assert!(html.contains(&code) && html.contains("コードが見つかりません"), "{html}");
    assert!(of(&test, member).await.is_empty());

    // However the feed writes the address, it is the page that a link would name.
    web.put(URL, rss(&code, &[("https://zenn.example/hikari/a1/?utm_source=rss", "灯り", "hikari")]));
    check(&me, &id).await;
    assert_eq!(web.asked(URL), 1, "pressing again at once asks nobody");
    test.clock.advance(Duration::MINUTE);
    check(&me, &id).await;
    let given = of(&test, member).await;
    assert_eq!((given.len(), given[0].kind.as_str()), (1, "content.published"));
    assert_eq!(given[0].object, "https://zenn.example/hikari/a1");
    assert_eq!(waymark::clock::rfc3339(given[0].happened_at), "2026-11-20T00:00:00Z");
    assert!(me.page("/me/feeds", "en").await.contains("Yours, and read every hour"));

    // The code may go again; a further article comes, the first one stays.
    web.put(
        URL,
        rss(
            "",
            &[
                ("https://zenn.example/hikari/a2", "潮", "hikari"),
                ("https://zenn.example/hikari/a1/?utm_source=rss", "灯り", "hikari"),
            ],
        ),
    );
    let due = async || fetch_due(&test.app, test.app.db.now()).await.expect("fetched");
    assert_eq!(due().await, 0, "not before its time");
    test.clock.advance(Duration::HOUR);
    assert_eq!((due().await, of(&test, member).await.len()), (1, 2));
    web.put(URL, "same");
    test.clock.advance(Duration::HOUR);
    assert_eq!((due().await, of(&test, member).await.len()), (1, 2));
    assert_eq!(
        test.count("SELECT COUNT(*) FROM source_day WHERE outcome = 'duplicate'").await,
        0,
        "an article that stays is no repetition"
    );
    let csrf = me.csrf("/me/feeds").await;
    assert_eq!(me.post(&format!("/me/feeds/{id}/remove"), json!({"csrf": csrf})).await, 303);
    assert_eq!((test.count("SELECT COUNT(*) FROM member_feed").await, of(&test, member).await.len()), (0, 2));
}

async fn only_the_author_of_an_article_is_credited(store: Store) {
    let web = Web::default();
    let test = web.start(store).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    assert_eq!(name_feed(&me, URL).await, 303);
    let (code, id) = feed(&test, member).await;
    let own = ("https://zenn.example/hikari/a1", "mine", "hikari");
    let others = ("https://zenn.example/other/b1", "theirs", "other");
    web.put(URL, rss(&code, &[own, others]));
    check(&me, &id).await;
    assert!(me.page("/me/feeds", "en").await.contains("Several people write in this feed"));
    assert!(of(&test, member).await.is_empty(), "whoever keeps a feed of many did not write it");
    let titled = format!("about {code}");
    web.put(URL, rss("", &[("https://zenn.example/hikari/a1", &titled, "hikari"), others]));
    test.clock.advance(Duration::MINUTE);
    check(&me, &id).await;
    let given = of(&test, member).await;
    assert_eq!((given.len(), given[0].object.as_str()), (1, "https://zenn.example/hikari/a1"));
}

async fn a_feed_is_one_members(store: Store) {
    let web = Web::default();
    let test = web.start(store).await;
    let mut pages = vec![];
    for handle in ["hikari", "tsukumo"] {
        let member = enrol(&test, handle).await;
        let me = Visitor::signed_in(&test, member).await;
        assert_eq!(name_feed(&me, URL).await, 303);
        let (code, id) = feed(&test, member).await;
        web.put(URL, rss(&code, &[("https://zenn.example/hikari/a1", "t", "hikari")]));
        check(&me, &id).await;
        pages.push((member, me, id));
    }
    assert_eq!(of(&test, pages[0].0).await.len(), 1);
    assert!(of(&test, pages[1].0).await.is_empty());
    assert!(pages[1].1.page("/me/feeds", "en").await.contains("Somebody else has proved this feed"));
    let csrf = pages[1].1.csrf("/me/feeds").await;
    for step in ["check", "remove"] {
        let foreign = format!("/me/feeds/{}/{step}", pages[0].2);
        assert_eq!(pages[1].1.post(&foreign, json!({"csrf": csrf})).await, 404, "nobody else's feed is there");
    }
}

async fn a_feed_that_fails_is_asked_more_and_more_seldom(store: Store) {
    let web = Web::default();
    let test = web.start(store).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    assert_eq!(name_feed(&me, URL).await, 303);
    let (code, id) = feed(&test, member).await;
    web.put(URL, rss(&code, &[]));
    check(&me, &id).await;
    web.put(URL, "<html>moved</html>");
    let begun = web.asked(URL);
    let mut hours = vec![];
    for hour in 1..=80 {
        test.clock.advance(Duration::HOUR);
        if fetch_due(&test.app, test.app.db.now()).await.expect("fetched") > 0 {
            hours.push(hour);
        }
    }
    assert_eq!(hours, [1, 3, 7, 15, 31, 55, 79], "twice as long each time, a day at most");
    assert_eq!(web.asked(URL) - begun, hours.len());
    assert!(me.page("/me/feeds", "en").await.contains("neither RSS 2.0 nor Atom"));
    web.put(URL, rss("", &[("https://zenn.example/hikari/a1", "t", "hikari")]));
    test.clock.advance(Duration::hours(24));
    assert_eq!(fetch_due(&test.app, test.app.db.now()).await.expect("fetched"), 1);
    assert_eq!(of(&test, member).await.len(), 1, "and is well again");
}

async fn where_no_feed_is_read_the_page_leads_to_the_links(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    let page = me.page("/me/feeds", "ja").await;
    assert!(page.contains("まだ記事を貢献として数えていません") && !page.contains("リンクを届け出る"), "{page}");
    let track = json!({
        "slug": "writer", "kind": "milestone", "title": {"ja": "書く人"}, "criteria": {"ja": "記事を書く"},
        "requires": {"id": "write", "contributions": {"types": ["content.published"], "at_least": 1}},
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    let track = TrackDefinition::from_value(&track).expect("valid");
    tracks::publish(&mut ch, own.id, &track).await.expect("published");
    ch.commit().await.expect("committed");
    let page = me.page("/me/feeds", "ja").await;
    assert!(page.contains("記事を貢献として数えています") && page.contains("リンクを届け出る"), "{page}");
}

async fn what_cannot_be_named_says_why(store: Store) {
    let web = Web::default();
    let test = web.start(store).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    for url in [
        "",
        "http://zenn.example/feed",
        "https://127.0.0.1/feed",
        "https://elsewhere.example/feed",
        "not an address",
        "https://zenn.example/feed#x",
    ] {
        assert_eq!(name_feed(&me, url).await, 422, "{url}");
    }
    for n in 0..5 {
        assert_eq!(name_feed(&me, &format!("{URL}/{n}")).await, 303);
    }
    assert_eq!(name_feed(&me, &format!("{URL}/0")).await, 422, "twice");
    assert_eq!(name_feed(&me, &format!("{URL}/5")).await, 422, "too many");
    let csrf = me.csrf("/me/feeds").await;
    let other = me.post("/me/feeds", json!({"csrf": csrf, "source": "https://community.example", "url": URL})).await;
    assert_eq!(other, 404, "that source takes no articles");
    let unguarded = me.post("/me/feeds", json!({"csrf": "x", "source": "https://articles.example", "url": URL})).await;
    assert_eq!(unguarded, 403);
}
