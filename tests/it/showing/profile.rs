//! `/m/{handle}`.

use waymark::access::Principal;
use waymark::actor::Actor;
use waymark::credentials::{StatusChange, Visibility};
use waymark::database::Kind;
use waymark::error::Code;
use waymark::selections::{self as selection, Step, Wanted};
use waymark::sharing::profile;
use waymark::sharing::switches::{self, Switches};

use super::{Holder, change, is_nowhere, stranger};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    the_holder_reads_titles_in_the_language_of_their_pages,
    a_profile_is_there_only_while_its_member_publishes_it,
    what_is_saved_while_it_is_ended_leaves_it_ended,
    nothing_private_stands_on_a_profile,
    nobody_shows_what_is_anothers,
    the_order_is_the_members,
    a_handle_is_one_members_for_good,
    search_engines_stay_out_unless_asked_in,
    a_token_of_staff_publishes_nothing
);

const NEVER: &str = "/m/nobody-ever";

async fn publish(holder: &Holder<'_>, handle: &str) {
    assert_eq!(holder.post("/me/profile", &[("handle", handle), ("about", "Hello <b>")]).await.0, 303);
    assert_eq!(holder.post("/me/profile/publish", &[]).await.0, 303);
}

async fn a_profile_is_there_only_while_its_member_publishes_it(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    assert_eq!(holder.post("/me/profile/publish", &[]).await.0, 422, "there is no address yet");
    assert_eq!(holder.post("/me/profile", &[("handle", "Hikari-N")]).await.0, 303);
    is_nowhere(&guild, "/m/hikari-n", NEVER).await;
    is_nowhere(&guild, "/m/hikari-n.qr.svg", "/m/nobody-ever.qr.svg").await;
    assert!(holder.page("/me/profile/preview").await.contains("七瀬 ひかり"), "its member looks before");
    publish(&holder, "hikari-n").await;
    for path in ["/m/hikari-n", "/M/HIKARI-N"] {
        let (status, _, page) = stranger(&guild, path, "text/html").await;
        assert!(status == 200 && page.contains("七瀬 ひかり") && page.contains("Hello &#60;b&#62;"), "{path} {page}");
    }
    let (status, _, qr) = stranger(&guild, "/M/HIKARI-N.QR.SVG", "*/*").await;
    assert!(status == 200 && qr.starts_with("<svg"));
    assert_eq!(holder.post("/me/profile/end", &[]).await.0, 303);
    is_nowhere(&guild, "/m/hikari-n", NEVER).await;
    is_nowhere(&guild, "/m/hikari-n.qr.svg", "/m/nobody-ever.qr.svg").await;
}

async fn what_is_saved_while_it_is_ended_leaves_it_ended(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    publish(&holder, "hikari").await;
    let app = &guild.test.app;
    let mut ending = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    profile::end(&mut ending, &holder.in_person(), false).await.expect("ended");
    let saving = tokio::spawn({
        let (app, who) = (app.clone(), holder.in_person());
        async move {
            let mut saving = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
            profile::write(&mut saving, &who, false, "hikari", "Since then", true).await.expect("written");
            saving.commit().await.expect("committed");
        }
    });
    guild.test.somebody_waits().await;
    ending.commit().await.expect("committed");
    saving.await.expect("saved");
    let known = profile::of_member(app.db.read(), holder.member).await.expect("read");
    assert_eq!((known.about.as_str(), known.found, known.published_at), ("Since then", true, None));
    is_nowhere(&guild, "/m/hikari", NEVER).await;
}

async fn nothing_private_stands_on_a_profile(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let (one, two) = (holder.earns(1).await, holder.earns(2).await);
    publish(&holder, "hikari").await;
    let choose =
        [("credential", &*one.id.to_string()), ("credential", &*two.id.to_string())].map(|(n, v)| (n, v.to_owned()));
    let choose: Vec<(&str, &str)> = choose.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let (status, _, page) = holder.posted("/me/profile/credentials", &choose).await;
    assert!(status == 422 && page.contains("One of them is private"), "{page}");
    holder.shows(&one, Visibility::Link).await;
    holder.shows(&two, Visibility::Public).await;
    assert_eq!(holder.post("/me/profile/credentials", &choose).await.0, 303);
    let shown = async || stranger(&guild, "/m/hikari", "text/html").await.2;
    let page = shown().await;
    assert!(page.contains(&one.share_id) && page.contains(&two.share_id), "{page}");
    holder.shows(&one, Visibility::Private).await;
    let page = shown().await;
    assert!(!page.contains(&one.share_id) && page.contains(&two.share_id), "chosen before, private now: {page}");
    assert!(!page.contains(&one.id.to_string()) && !page.contains(&one.number));
    assert_eq!(page.matches("badge-card__title").count(), 1);
    change(&guild, &two, StatusChange::Revoke).await;
    let page = shown().await;
    assert!(page.contains("chip--revoked") && page.contains("Revoked"), "what was revoked says so: {page}");
}

async fn nobody_shows_what_is_anothers(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    let theirs = other.earns(1).await;
    other.shows(&theirs, Visibility::Public).await;
    publish(&holder, "hikari").await;
    let id = theirs.id.to_string();
    assert_eq!(holder.post("/me/profile/credentials", &[("credential", &id)]).await.0, 404);
    assert_eq!(holder.post("/me/profile/order", &[("credential", &id), ("step", "up")]).await.0, 404);
    assert_eq!(guild.test.count("SELECT count(*) FROM profile_entry").await, 0);
    // Whatever came into the table, the page asks whose it is.
    guild
        .test
        .run_sql(&format!(
            "INSERT INTO profile_entry (member, credential, place) VALUES ('{}', '{id}', 0)",
            holder.member
        ))
        .await;
    let (_, _, page) = stranger(&guild, "/m/hikari", "text/html").await;
    assert!(!page.contains(&theirs.share_id), "{page}");
}

async fn the_order_is_the_members(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let mut held = vec![];
    for term in 1..=3 {
        let one = holder.earns(term).await;
        holder.shows(&one, Visibility::Link).await;
        held.push(one);
    }
    publish(&holder, "hikari").await;
    let ids: Vec<String> = held.iter().map(|c| c.id.to_string()).collect();
    let choose: Vec<(&str, &str)> = ids.iter().map(|id| ("credential", id.as_str())).collect();
    assert_eq!(holder.post("/me/profile/credentials", &choose).await.0, 303);
    let (_, _, page) = stranger(&guild, "/m/hikari", "text/html").await;
    let places = |page: &str| held.iter().map(|c| page.find(&c.share_id)).collect::<Vec<_>>();
    let before = places(&page);
    assert!(before[0] < before[1] && before[1] < before[2], "{before:?}");
    assert_eq!(holder.post("/me/profile/order", &[("credential", &ids[2]), ("step", "up")]).await.0, 303);
    assert_eq!(holder.post("/me/profile/order", &[("credential", &ids[0]), ("step", "up")]).await.0, 303);
    assert_eq!(holder.post("/me/profile/order", &[("credential", &ids[0]), ("step", "sideways")]).await.0, 422);
    let (_, _, page) = stranger(&guild, "/m/hikari", "text/html").await;
    let after = places(&page);
    assert!(after[0] < after[2] && after[2] < after[1], "{after:?}");
    assert_eq!(holder.post("/me/profile/credentials", &choose[..2]).await.0, 303);
    let (_, _, page) = stranger(&guild, "/m/hikari", "text/html").await;
    assert!(!page.contains(&held[2].share_id), "taken off");
}

async fn a_handle_is_one_members_for_good(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    publish(&holder, "hikari").await;
    for (handle, why) in [
        ("hikari", "is taken"),
        ("h1kari", "looks like it"),
        ("hlkari", "looks like it"),
        ("hi-kari", "looks like it"),
        ("admin", "taken for the site itself"),
        ("ﾋｶﾘ", "3 to 30"),
        ("hikаri", "3 to 30"),
        ("ab", "3 to 30"),
    ] {
        let (status, _, page) = other.posted("/me/profile", &[("handle", handle)]).await;
        assert!(status == 422 && page.contains(why) && page.contains("error-summary"), "{handle} {page}");
        assert!(!page.contains(&holder.member.to_string()), "nothing says whose it is");
    }
    for about in ["\u{202E}evil".to_owned(), "あ".repeat(1_001)] {
        let (status, _, page) = holder.posted("/me/profile", &[("handle", "hikari"), ("about", &about)]).await;
        assert!(status == 422 && page.contains("1,000 characters"), "{page}");
    }
    assert_eq!(holder.post("/me/profile", &[("handle", "nanase")]).await.0, 303);
    assert_eq!(other.post("/me/profile", &[("handle", "hikari")]).await.0, 422, "an old address leads to nobody else");
    is_nowhere(&guild, "/m/hikari", NEVER).await;
    assert_eq!(stranger(&guild, "/m/nanase", "text/html").await.0, 200);
    for handle in ["third-name", "fourth-name", "fifth-name"] {
        assert_eq!(holder.post("/me/profile", &[("handle", handle)]).await.0, 303);
    }
    assert_eq!(holder.post("/me/profile", &[("handle", "sixth-name")]).await.0, 422, "names are not hoarded");
    assert_eq!(holder.post("/me/profile", &[("handle", "hikari")]).await.0, 303, "one's own can be taken again");
}

async fn search_engines_stay_out_unless_asked_in(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    publish(&holder, "hikari").await;
    let robots = async || {
        let (_, headers, page) = stranger(&guild, "/m/hikari", "text/html").await;
        let header = headers.into_iter().find(|(name, _)| name == "x-robots-tag").expect("told").1;
        (header.contains("noindex"), page.contains("content=\"noindex"))
    };
    assert_eq!(robots().await, (true, true));
    assert_eq!(holder.post("/me/profile", &[("handle", "hikari"), ("found", "yes")]).await.0, 303);
    assert_eq!(robots().await, (false, false));
}

async fn a_token_of_staff_publishes_nothing(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    publish(&holder, "hikari").await;
    assert_eq!(holder.post("/me/profile/end", &[]).await.0, 303);
    let app = &guild.test.app;
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let (token, _) = waymark::access::mint_member_token(&mut ch, holder.member).await.expect("made");
    ch.commit().await.expect("committed");
    let by_token = Principal::Token { member: holder.member };
    let one = holder.earns(1).await.id.to_string();
    let wanted = Wanted { credentials: vec![one.clone()], note: String::new(), until: None, private_too: true };
    let made = holder.post("/me/selections", &[("credential", &one), ("private_too", "yes")]).await.1;
    let made = made.rsplit('/').next().expect("an id");
    let mut ch = app.db.change(Actor::Member(holder.member), Kind::Ordinary).await.expect("the door opens");
    let ids = std::slice::from_ref(&one);
    let refused = [
        profile::publish(&mut ch, &by_token, false).await.err(),
        profile::end(&mut ch, &by_token, false).await.err(),
        profile::write(&mut ch, &by_token, false, "other-name", "", true).await.err(),
        profile::choose(&mut ch, &by_token, false, ids).await.err(),
        profile::order(&mut ch, &by_token, false, &one, Step::Up).await.err(),
        selection::begin(&mut ch, &by_token, false, &wanted).await.err(),
        selection::publish(&mut ch, &by_token, false, made).await.err(),
        selection::order(&mut ch, &by_token, false, made, &one, Step::Up).await.err(),
        selection::end(&mut ch, &by_token, false, made).await.err(),
        switches::set(&mut ch, &one, &by_token, false, Switches::default()).await.err(),
    ];
    for (at, refused) in refused.into_iter().enumerate() {
        assert_eq!(refused.map(|e| e.code()), Some(Code::Forbidden), "verb {at}");
    }
    ch.undo().await.expect("undone");
    for path in ["/me/profile/publish", "/me/profile", "/me/selections", "/me/profile/end"] {
        let form = [("csrf", ""), ("handle", "other-name")];
        let answer = guild.test.http.post(guild.test.url(path)).bearer_auth(&token).form(&form).send().await;
        assert_eq!(answer.expect("answered").status(), 403, "{path}");
    }
    is_nowhere(&guild, "/m/hikari", NEVER).await;
}

async fn the_holder_reads_titles_in_the_language_of_their_pages(store: Store) {
    let guild = Guild::start(store).await;
    // Awarded in Japanese to somebody who reads English pages.
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Public).await;
    let english = "lang=\"en\">Foundations</";
    let own = format!("/me/credentials/{}", one.id);
    for path in ["/me/profile", "/me/selections/new", own.as_str()] {
        let page = holder.page(path).await;
        assert!(page.contains(english), "{path}: {page}");
        assert!(!page.contains("例の会"), "the issuer stands there in the same language: {path}: {page}");
    }
    let page = holder.page(&own).await;
    assert!(page.contains("<span lang=\"ja\">基礎</span>"), "and what is signed is told once: {page}");
    let japanese = holder.page(&format!("{own}?lang=ja")).await;
    assert!(japanese.contains("lang=\"ja\">基礎</h1>") && !japanese.contains("Foundations"), "{japanese}");
    // Others read what is signed.
    publish(&holder, "hikari").await;
    let (_, _, page) = stranger(&guild, "/m/hikari", "text/html").await;
    assert!(!page.contains(english), "{page}");
}
