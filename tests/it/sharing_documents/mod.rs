//! The documents behind a shared link: certificate, baked pictures, preview, embeds; in which form they are answered, and to whom.

mod embeds;

use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Principal;
use waymark::actor::Actor;
use waymark::app::App;
use waymark::credentials::{self, Credential, Reason, ReasonCode, StatusChange, Visibility};
use waymark::database::{Database, Kind};
use waymark::entropy::SeededEntropy;
use waymark::ids::MemberId;
use waymark::operations::{self, Level};
use waymark::web::i18n::{Locale, Words};
use waymark::{access, members, router};
use waymark_credential::bake;

use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    every_form_has_its_type,
    private_and_unknown_answer_alike_in_every_new_place,
    baked_pictures_hold_the_signed_bytes,
    the_certificate_is_the_same_until_something_changes,
    a_name_that_cannot_be_drawn_is_refused_by_hand_and_noted_when_earned,
    what_is_kept_in_memory_never_outlives_its_permission
);

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().expect("text"))
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }
}

async fn ask(guild: &Guild, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = guild.test.http.get(guild.test.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.expect("answered");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Answer { status, headers, body: answer.bytes().await.expect("bytes").to_vec() }
}

async fn get(guild: &Guild, path: &str, accept: &str) -> Answer {
    ask(guild, path, &[("accept", accept)]).await
}

async fn show(guild: &Guild, credential: &Credential, visibility: Visibility) {
    let member = credential.member;
    let who = Principal::Session { member, roles: vec![], csrf: String::new() };
    let mut ch = guild.test.app.db.change(Actor::Member(member), Kind::Ordinary).await.expect("the door opens");
    credentials::show_to(&mut ch, credential.id, &who, false, visibility).await.expect("shown");
    ch.commit().await.expect("committed");
}

async fn published(guild: &Guild, visibility: Visibility) -> Credential {
    let credential = guild.released("hikari@members.example").await;
    show(guild, &credential, visibility).await;
    credential
}

async fn revoke(guild: &Guild, credential: &Credential) {
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason { code: ReasonCode::IssuedInError, public: None, internal: None };
    let revoked = credentials::change_status(&guild.test.app, &mut ch, credential.id, StatusChange::Revoke, &reason);
    revoked.await.expect("revoked");
    ch.commit().await.expect("committed");
    guild.test.settle().await;
}

/// A cookie of the member's session.
async fn session(guild: &Guild, member: MemberId) -> String {
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let token = access::start_session(&mut ch, member).await.expect("started");
    ch.commit().await.expect("committed");
    format!("waymark-session={token}")
}

async fn every_form_has_its_type(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let path = format!("/c/{}", credential.share_id);
    for (suffix, kind) in [
        (".json", "application/vc"),
        (".jwt", "application/vc+jwt"),
        (".png", "image/png"),
        (".svg", "image/svg+xml"),
        (".pdf", "application/pdf"),
        (".qr.svg", "image/svg+xml"),
        (".og.png", "image/png"),
    ] {
        let answer = get(&guild, &format!("{path}{suffix}"), "text/html").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{suffix}");
        assert_eq!((answer.header("cache-control"), answer.header("vary")), ("no-cache", "accept"), "{suffix}");
        let tag = answer.header("etag").to_owned();
        let again = ask(&guild, &format!("{path}{suffix}"), &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag.as_str()), "{suffix}");
    }
    for (accept, kind) in [
        ("application/vc", "application/vc"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/html;q=0.4, application/vc+jwt;q=0.5", "application/vc+jwt"),
        ("text/html, application/pdf;q=0.9", "text/html; charset=utf-8"),
        ("application/pdf", "application/pdf"),
        ("image/*", "image/png"),
        ("*/*", "text/html; charset=utf-8"),
    ] {
        let answer = get(&guild, &path, accept).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{accept}");
        assert!(answer.header("vary").contains("accept"), "{accept}: {}", answer.header("vary"));
    }
    let refused = get(&guild, &path, "text/csv").await;
    assert_eq!(refused.status, 406);
    assert_eq!(serde_json::from_slice::<Value>(&refused.body).expect("JSON")["code"], "not_acceptable");
}

async fn private_and_unknown_answer_alike_in_every_new_place(store: Store) {
    let guild = Guild::start(store).await;
    let private = guild.released("hikari@members.example").await;
    let unknown = "0".repeat(26);
    let base = guild.test.base.clone();
    for place in
        ["/c/{}.pdf", "/c/{}.og.png", "/c/{}/badge.svg", "/embed/{}", "/oembed?url={base}/c/{}&format=json", "/c/{}"]
    {
        let at = |id: &str| place.replace("{base}", &base).replace("{}", id);
        for accept in ["text/html", "text/csv"] {
            let answers = [get(&guild, &at(&private.share_id), accept).await, get(&guild, &at(&unknown), accept).await];
            let [of_private, of_unknown] = answers.map(|answer| {
                let text = answer.text().replace(&private.share_id, "x").replace(&unknown, "x");
                let text = text.split("req_").next().unwrap_or_default().to_owned();
                (answer.status, text, answer.header("cache-control").to_owned())
            });
            assert_eq!(of_private, of_unknown, "{place}, {accept}");
            assert_eq!(of_private.0, 404, "{place}, {accept}");
        }
    }
    let cookie = session(&guild, private.member).await;
    let own = ask(&guild, &format!("/me/credentials/{}/files/pdf", private.id), &[("cookie", &cookie)]).await;
    assert_eq!((own.status, own.header("content-type")), (200, "application/pdf"), "the holder has it all the same");
    let other = guild.released("kaede@members.example").await;
    let foreign = ask(&guild, &format!("/me/credentials/{}/files/pdf", other.id), &[("cookie", &cookie)]).await;
    assert_eq!(foreign.status, 404);
}

async fn baked_pictures_hold_the_signed_bytes(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let path = format!("/c/{}", credential.share_id);
    let signed = credentials::signed_json(guild.test.app.db.read(), &credential).await.expect("signed");
    assert_eq!(get(&guild, &format!("{path}.json"), "*/*").await.text(), signed);
    let png = get(&guild, &format!("{path}.png"), "*/*").await;
    assert_eq!(bake::png::unbake(&png.body).expect("baked"), signed);
    let svg = get(&guild, &format!("{path}.svg"), "*/*").await;
    assert_eq!(bake::svg::unbake(svg.text()).expect("baked"), signed);
}

/// Everything that the PDF's streams hold, inflated where they are deflated.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let find = |from: usize, what: &[u8]| pdf[from..].windows(what.len()).position(|w| w == what).map(|at| from + at);
    let mut found = vec![];
    let mut from = 0;
    while let Some(start) = find(from, b"\nstream") {
        let data = start + 7 + pdf[start + 7..].iter().take_while(|b| b"\r\n".contains(b)).count();
        let end = find(data, b"endstream").expect("a stream ends");
        let mut inflated = vec![];
        let deflated = flate2::read::ZlibDecoder::new(&pdf[data..end]).read_to_end(&mut inflated).is_ok();
        found.push(if deflated { inflated } else { pdf[data..end].to_vec() });
        from = end;
    }
    found
}

/// The characters that the PDF says its glyphs stand for: what is found, copied and read aloud.
pub fn readable(pdf: &[u8]) -> String {
    let mut text = String::new();
    for stream in streams(pdf) {
        let stream = String::from_utf8_lossy(&stream).into_owned();
        for block in stream.split("beginbfchar").skip(1) {
            let lines = block.split("endbfchar").next().unwrap_or_default().lines();
            for hex in lines.filter_map(|line| line.rsplit('<').next()?.strip_suffix('>')) {
                let units: Vec<u16> =
                    (0..hex.len() / 4).filter_map(|n| u16::from_str_radix(&hex[n * 4..n * 4 + 4], 16).ok()).collect();
                text.push_str(&String::from_utf16_lossy(&units));
            }
        }
    }
    text
}

async fn the_certificate_is_the_same_until_something_changes(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let path = format!("/c/{}.pdf", credential.share_id);
    let first = get(&guild, &path, "*/*").await;
    assert_eq!(first.status, 200);
    assert!(first.body.starts_with(b"%PDF-") && first.body.len() < 120_000, "{} bytes", first.body.len());
    assert_eq!(first.header("content-disposition"), format!("inline; filename=\"{}.pdf\"", credential.number));
    let plain = String::from_utf8_lossy(&first.body).into_owned();
    assert!(plain.contains("/Lang(ja)"), "readers that speak are told the language");
    assert!(!plain.contains("/CreationDate"), "nothing of when it was made");
    let fonts: Vec<&str> = plain.match_indices("/BaseFont/").map(|(at, _)| &plain[at + 10..at + 17]).collect();
    assert!(!fonts.is_empty());
    for font in &fonts {
        let subset = font.ends_with('+') && font[..6].bytes().all(|b| b.is_ascii_uppercase());
        assert!(subset, "{font} is a subset");
    }
    assert_eq!(plain.matches("/FontFile2").count() * 2, fonts.len(), "each is embedded");
    let text = readable(&first.body);
    let said = "認定証七瀬ひかり基礎上記について所定の基準を満たしたことをここに認定する2026年11月21日例の会";
    for c in said.chars().chain(credential.number.chars()).chain(credential.check_code.chars()) {
        assert!(text.contains(c), "{c} can be found in the text");
    }
    assert!(!text.contains('殿'), "a certificate of this kind takes no honorific");
    assert!(!text.contains('消'), "it stands");
    // Days later, it is still the same sheet.
    guild.test.clock.advance(Duration::days(3));
    assert_eq!(get(&guild, &path, "*/*").await.body, first.body);
    revoke(&guild, &credential).await;
    let revoked = get(&guild, &path, "*/*").await;
    assert!(readable(&revoked.body).contains('消'), "a revoked one says so in print");
}

async fn a_name_that_cannot_be_drawn_is_refused_by_hand_and_noted_when_earned(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let body = json!({"track": "foundations",
        "recipient": {"name": "七瀬 𠁅 ひかり", "email": "odd@members.example", "locale": "ja"}});
    for (path, idempotency) in [("/api/v1/credentials", Some("odd")), ("/api/v1/credentials?dry_run=true", None)] {
        let (status, answer) = guild.post(&key, path, idempotency, &body).await;
        assert_eq!((status, &answer["code"]), (422, &json!("validation_failed")), "{path}: {answer}");
        let fault = &answer["errors"][0];
        assert_eq!((&fault["code"], &fault["pointer"]), (&json!("glyphs_missing"), &json!("/recipient/name")));
        assert!(fault["detail"].as_str().is_some_and(|d| d.contains("𠁅") && d.contains("U+20045")), "{fault}");
    }
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM credential").await, 0);
    let rare = json!({"track": "foundations",
        "recipient": {"name": "髙﨑 邉子", "email": "rare@members.example", "locale": "ja"}});
    assert_eq!(
        guild.post(&key, "/api/v1/credentials", Some("rare"), &rare).await.0,
        201,
        "rare kanji of names are there"
    );
    let level = async |guild: &Guild| {
        let found = operations::examine(&guild.test.app, Words::new(Locale::En)).await;
        found.into_iter().find(|f| f.check == "glyphs").map(|f| (f.level, f.text)).expect("examined")
    };
    assert_eq!(level(&guild).await.0, Level::Ok);

    // Earned: it is not lost.
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let member =
        members::find_or_enrol(&mut ch, "earned@members.example", "七瀬 𠁅", Locale::Ja).await.expect("enrolled");
    ch.commit().await.expect("committed");
    let id = guild.award(member.id).await;
    assert!(credentials::release(&guild.test.app, id).await.expect("released"));
    let credential = guild.credential(id).await;
    show(&guild, &credential, Visibility::Link).await;
    let (found, text) = level(&guild).await;
    assert_eq!(found, Level::Note);
    assert!(text.contains(&credential.number) && text.contains('𠁅'), "{text}");
    let pdf = get(&guild, &format!("/c/{}.pdf", credential.share_id), "*/*").await;
    let problem: Value = serde_json::from_slice(&pdf.body).expect("JSON");
    assert_eq!((pdf.status, &problem["code"]), (409, &json!("glyphs_missing")));
    assert_eq!(problem["characters"], json!(["𠁅"]));
    assert_eq!(get(&guild, &format!("/c/{}.png", credential.share_id), "*/*").await.status, 200, "all else is there");
}

async fn what_is_kept_in_memory_never_outlives_its_permission(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, Visibility::Link).await;
    let path = format!("/c/{}.json", credential.share_id);
    let first = get(&guild, &path, "*/*").await;
    assert_eq!(get(&guild, &path, "*/*").await.body, first.body);

    // Another process on the same store.
    let config = guild.test.app.config.clone();
    let entropy = Arc::new(SeededEntropy::new(b"another process"));
    let db = Database::open(&config.database.url, guild.test.clock.clone(), entropy).await.expect("the store opens");
    let other = App::new(db, config).expect("the capabilities are there");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let there = format!("http://{}{path}", listener.local_addr().expect("bound"));
    let service = router::build(other).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let elsewhere = async || guild.test.http.get(&there).send().await.expect("answered").status().as_u16();
    assert_eq!(elsewhere().await, 200);

    show(&guild, &credential, Visibility::Private).await;
    assert_eq!(get(&guild, &path, "*/*").await.status, 404, "at once where it was done");
    guild.test.clock.advance(Duration::milliseconds(1001));
    assert_eq!(elsewhere().await, 404, "within a second everywhere");
    show(&guild, &credential, Visibility::Public).await;
    guild.test.clock.advance(Duration::milliseconds(1001));
    assert_eq!((elsewhere().await, get(&guild, &path, "*/*").await.body), (200, first.body.clone()));

    // Reinstating signs a new document; the old bytes are not answered again.
    for step in [StatusChange::Suspend, StatusChange::Reinstate] {
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let reason = Reason { code: ReasonCode::Other, public: None, internal: None };
        credentials::change_status(&guild.test.app, &mut ch, credential.id, step, &reason).await.expect("changed");
        ch.commit().await.expect("committed");
        guild.test.settle().await;
    }
    let anew = get(&guild, &path, "*/*").await;
    assert_ne!(anew.body, first.body);
    let tag = first.header("etag").to_owned();
    assert_eq!(ask(&guild, &path, &[("if-none-match", &tag)]).await.status, 200, "the old tag is no longer known");
    server.abort();
}
