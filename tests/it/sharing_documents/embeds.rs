//! What other sites show of a credential.

use serde_json::{Value, json};
use time::Duration;
use waymark::credentials::{Credential, Visibility};

use super::{ask, get, published, revoke, session, show};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    the_page_tells_other_sites_what_to_show,
    a_preview_names_the_holder_of_a_public_credential_only,
    others_may_frame_the_card_and_nothing_else,
    the_live_badge_says_how_it_stands,
    oembed_leads_to_the_card,
    the_holder_finds_codes_to_copy
);

async fn the_page_tells_other_sites_what_to_show(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let path = format!("/c/{}", credential.share_id);
    let address = guild.test.url(&path);
    let page = get(&guild, &path, "text/html").await;
    for line in [
        format!(r#"<meta property="og:image" content="{address}.og.png">"#),
        r#"<meta property="og:image:width" content="1200">"#.to_owned(),
        r#"<meta property="og:image:height" content="630">"#.to_owned(),
        r#"<meta property="og:image:alt" content="基礎"#.to_owned(),
        r#"<meta property="og:locale" content="ja_JP">"#.to_owned(),
        r#"<meta name="twitter:card" content="summary_large_image">"#.to_owned(),
        r#"type="application/json+oembed" href=""#.to_owned(),
        r#"<meta name="robots" content="noindex">"#.to_owned(),
        format!(r#"href="{path}.pdf" download="{}.pdf""#, credential.number),
    ] {
        assert!(page.text().contains(&line), "{line}");
    }
    assert!(page.header("x-robots-tag").contains("noindex"));
    show(&guild, &credential, Visibility::Public).await;
    let page = get(&guild, &path, "text/html").await;
    assert!(!page.header("x-robots-tag").contains("noindex") && !page.text().contains("noindex"));
}

async fn a_preview_names_the_holder_of_a_public_credential_only(store: Store) {
    let guild = Guild::start(store).await;
    let (one, two) = (guild.released("hikari@members.example").await, guild.released("kaede@members.example").await);
    show(&guild, &one, Visibility::Link).await;
    show(&guild, &two, Visibility::Link).await;
    guild.test.run_sql(&format!("UPDATE credential SET name = '別の 名前' WHERE id = '{}'", two.id)).await;
    let preview =
        async |credential: &Credential| get(&guild, &format!("/c/{}.og.png", credential.share_id), "*/*").await.body;
    let by_link = preview(&one).await;
    let size = |at: usize| u32::from_be_bytes(by_link[at..at + 4].try_into().expect("four bytes"));
    assert_eq!((&by_link[1..4], size(16), size(20)), (&b"PNG"[..], 1200, 630));
    assert_eq!(by_link, preview(&two).await, "no name is in it");
    revoke(&guild, &two).await;
    assert_eq!(by_link, preview(&two).await, "nor how it stands: others keep it for weeks");
    show(&guild, &one, Visibility::Public).await;
    assert_ne!(by_link, preview(&one).await, "a public one names its holder");
}

async fn others_may_frame_the_card_and_nothing_else(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let cookie = session(&guild, credential.member).await;
    let path = format!("/embed/{}?lang=ja", credential.share_id);
    let card = ask(&guild, &path, &[("accept", "text/html"), ("cookie", &cookie)]).await;
    assert_eq!(card.status, 200);
    let csp = card.header("content-security-policy");
    assert!(
        csp.contains("frame-ancestors *") && csp.contains("default-src 'none'") && !csp.contains("script"),
        "{csp}"
    );
    assert_eq!(card.headers.get("set-cookie"), None);
    let text = card.text();
    assert!(text.contains("有効な認定です") && text.contains("七瀬 ひかり") && text.contains("基礎"));
    assert!(!text.contains("<script") && !text.contains("csrf") && !text.contains("style="), "nothing runs in it");
    for other in [format!("/c/{}", credential.share_id), "/".to_owned(), "/verify".to_owned(), "/embed/x".to_owned()] {
        let page = get(&guild, &other, "text/html").await;
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{other}");
    }
    revoke(&guild, &credential).await;
    let card = get(&guild, &path, "text/html").await;
    assert!(card.text().contains("chip--revoked") && !card.text().contains("有効な認定です"));
}

async fn the_live_badge_says_how_it_stands(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let path = format!("/c/{}/badge.svg", credential.share_id);
    let valid = get(&guild, &path, "*/*").await;
    assert_eq!((valid.status, valid.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(valid.header("cache-control"), "max-age=300");
    assert_eq!(valid.header("cross-origin-resource-policy"), "cross-origin");
    assert!(valid.text().contains("<title>基礎: 有効な認定です</title>") && !valid.text().contains("七瀬"));
    guild.test.clock.advance(Duration::days(1200));
    assert!(get(&guild, &path, "*/*").await.text().contains("期限"), "it is as old as its reader");
    revoke(&guild, &credential).await;
    assert!(get(&guild, &path, "*/*").await.text().contains("取り消され"));
}

async fn oembed_leads_to_the_card(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let address = guild.test.url(&format!("/c/{}", credential.share_id));
    let page = get(&guild, &format!("/c/{}", credential.share_id), "text/html").await;
    let href = page.text().split("application/json+oembed\" href=\"").nth(1).and_then(|r| r.split('"').next());
    let href = href.expect("discovery").replace("&#38;", "&").replace("&amp;", "&");
    let href = href.strip_prefix(&guild.test.base).expect("ours");
    let answer = get(&guild, href, "*/*").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let said: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!((&said["type"], &said["version"], &said["title"]), (&json!("rich"), &json!("1.0"), &json!("基礎")));
    assert!(said["html"].as_str().is_some_and(|h| h.contains(&format!("/embed/{}", credential.share_id))), "{said}");
    assert!(!said.to_string().contains("七瀬"));
    let narrow = get(&guild, &format!("{href}&maxwidth=300&maxheight=150"), "*/*").await;
    let said: Value = serde_json::from_slice(&narrow.body).expect("JSON");
    assert_eq!((&said["width"], &said["height"]), (&json!(300), &json!(150)));
    for (query, status) in [
        (format!("?url={address}&format=xml"), 501),
        (format!("?url={address}.png"), 200),
        ("?url=https://elsewhere.example/c/x".to_owned(), 404),
        (format!("?url={}/verify", guild.test.base), 404),
        (format!("?url={}.evil.example/c/{}", guild.test.base, credential.share_id), 404),
        (String::new(), 422),
    ] {
        assert_eq!(get(&guild, &format!("/oembed{query}"), "*/*").await.status, status, "{query}");
    }
}

async fn the_holder_finds_codes_to_copy(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let cookie = session(&guild, credential.member).await;
    let path = format!("/me/credentials/{}", credential.id);
    let page = ask(&guild, &path, &[("accept", "text/html"), ("cookie", &cookie)]).await;
    let text = page.text().replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
    let frame = format!("<iframe src=\"{}\"", guild.test.url(&format!("/embed/{}", credential.share_id)));
    assert!(text.contains(&frame), "{frame}");
    assert!(
        text.contains(&format!("<img src=\"{}/badge.svg\"", guild.test.url(&format!("/c/{}", credential.share_id))))
    );
    assert!(text.contains("files/pdf"));
    show(&guild, &credential, Visibility::Private).await;
    let page = ask(&guild, &path, &[("accept", "text/html"), ("cookie", &cookie)]).await;
    assert!(!page.text().contains("iframe"), "there is nothing to embed");
}
