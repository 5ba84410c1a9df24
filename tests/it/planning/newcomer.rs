//! What whoever writes a first track by form runs into: each way leads on, and what is wrong is said with its place.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::issuer::{self, IssuerProfile};
use waymark::program::{self, FileSet};
use waymark::tracks;

use super::designer::{Filled, desk, fill, form, opened, opened_at, press};
use super::{call, furnish, helper};
use crate::contributions::start;
use crate::item_bank::Desk;
use crate::support::{Store, on_both};

on_both!(
    a_first_draft_with_a_mistake_has_a_page_of_its_own,
    requirements_are_named_where_nobody_names_them,
    what_is_wrong_is_told_with_its_place,
    a_title_is_chosen_and_one_that_nobody_gives_is_refused,
    what_never_counts_is_not_offered,
    one_language_is_asked_for_where_the_program_has_one
);

pub(super) const NEW: &str = "/admin/tracks/new?lang=ja";
pub(super) const PATH: &str = "/admin/tracks/new";

/// The form of a new track with its texts, and one requirement of this kind.
pub(super) async fn begun(desk: &Desk, kind: &str) -> Filled {
    let mut filled = opened_at(desk, NEW, PATH).await;
    let typed = [("/slug", "megumi"), ("/title/ja", "めぐみ"), ("/criteria/ja", "続ける"), ("add:/requires/all", kind)];
    fill(&mut filled, &typed);
    let page = press(desk, NEW, &filled, "add:/requires/all").await;
    assert_eq!(page.status, 200, "{}", page.text);
    form(&page, PATH)
}

pub(super) async fn draft_of(desk: &Desk, slug: &str) -> Value {
    tracks::draft(desk.test.app.db.read(), slug).await.expect("read").expect("there").document
}

async fn a_first_draft_with_a_mistake_has_a_page_of_its_own(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let mut filled = begun(&desk, "tenure").await;
    fill(&mut filled, &[("/title/ja", "")]);
    let kept = press(&desk, NEW, &filled, "plan").await;
    assert_eq!((kept.status, kept.location.as_str()), (303, "/admin/tracks/megumi?done=not-yet"), "{}", kept.text);
    let page = desk.get(&desk.author, "/admin/tracks/megumi?done=not-yet&lang=ja").await;
    assert!(page.text.contains("下書きとして保存しました") && page.text.contains("error-summary"), "{}", page.text);
    let path = "/admin/tracks/megumi";
    let mut again = form(&page, path);
    fill(&mut again, &[("/title/ja", "めぐみ")]);
    let planned = press(&desk, path, &again, "plan").await;
    assert_eq!((planned.status, planned.location.as_str()), (303, "/admin/tracks/megumi/plan"), "{}", planned.text);
}

async fn requirements_are_named_where_nobody_names_them(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let mut filled = begun(&desk, "tenure").await;
    assert_eq!(filled["/requires/all/0/id"], "r1");
    fill(&mut filled, &[("add:/requires/all", "tenure")]);
    let mut filled = form(&press(&desk, NEW, &filled, "add:/requires/all").await, PATH);
    assert_eq!(filled["/requires/all/1/id"], "r2");
    fill(&mut filled, &[("/requires/all/1/id", "long"), ("/requires/all/1/tenure/n", "6")]);
    let filled = form(&press(&desk, NEW, &filled, "up:/requires/all/1").await, PATH);
    let done = press(&desk, NEW, &filled, "publish").await;
    assert_eq!((done.status, done.location.as_str()), (303, "/admin/tracks/megumi?done=published"), "{}", done.text);
    let path = "/admin/tracks/megumi";
    let filled = opened(&desk, path).await;
    assert_eq!((filled["/requires/all/0/id"].as_str(), filled["/requires/all/1/id"].as_str()), ("long", "r1"));
    let filled = form(&press(&desk, path, &filled, "remove:/requires/all/1").await, path);
    let filled = form(&press(&desk, path, &filled, "add:/requires/all").await, path);
    assert_eq!(filled["/requires/all/1/id"], "r2", "the name of what is published is not given to something else");
}

async fn what_is_wrong_is_told_with_its_place(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let mut filled = opened_at(&desk, NEW, PATH).await;
    fill(&mut filled, &[("/slug", "megumi"), ("/title/ja", "めぐみ"), ("/criteria/ja", "続ける")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("<a href=\"#/requires/all\">要件を一つ以上加えてください。</a>"), "{}", page.text);
    assert!(page.text.contains("id=\"/requires/all\""), "the link leads somewhere: {}", page.text);
    let mut filled = begun(&desk, "tenure").await;
    fill(&mut filled, &[("/requires/all/0/id", "No Name")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    assert!(
        page.text.contains("1 番目の要件（入会からの期間）の「要件の名前」："),
        "the summary names the field: {}",
        page.text
    );
    assert!(page.text.contains("<details class=\"fold\" open><summary>説明と名前"), "the fold is open: {}", page.text);
}

async fn a_title_is_chosen_and_one_that_nobody_gives_is_refused(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let key = test.api_key(Role::Admin).await;
    let desk = desk(test).await;
    let mut filled = begun(&desk, "panel").await;
    fill(&mut filled, &[("/requires/all/0/panel/title", "fellow")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(page.status, 422, "no such title: {}", page.text);
    assert!(page.text.contains("この要件はだれにも満たせません"), "{}", page.text);
    let mut filled = form(&page, PATH);
    fill(&mut filled, &[("/kind", "title"), ("/requires/all/0/panel/title", "own:")]);
    let page = press(&desk, NEW, &filled, "check").await;
    let filled = form(&page, PATH);
    assert_eq!(filled["/requires/all/0/panel/title"], "own:", "its own title stays chosen");
    let done = press(&desk, NEW, &filled, "publish").await;
    assert_eq!((done.status, done.location.as_str()), (303, "/admin/tracks/megumi?done=published"), "{}", done.text);
    let version = tracks::by_slug(desk.test.app.db.read(), "megumi").await.expect("read").expect("published");
    assert_eq!(version.definition.requires["all"][0]["panel"]["title"], "megumi");
    assert!(version.definition.is_decided_title());
    let mut other = helper(1);
    other["requires"] = json!({"id": "named", "panel": {"title": "megumi"}});
    let publish = "/api/v1/tracks/other/publish";
    assert_eq!(call(&desk.test, &key, Method::POST, publish, None, Some(&other)).await.0, 200, "a title that there is");
    other["requires"]["panel"]["title"] = json!("another");
    let publish = "/api/v1/tracks/another/publish";
    let refused = call(&desk.test, &key, Method::POST, publish, None, Some(&other)).await;
    assert_eq!(refused.0, 422, "{}", refused.2);
    assert!(refused.2.to_string().contains("unknown_title"), "{}", refused.2);
}

async fn what_never_counts_is_not_offered(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let mut filled = begun(&desk, "contributions").await;
    let page = press(&desk, NEW, &filled, "check").await;
    let kind = |name: &str| format!("id=\"/requires/all/0/contributions/type/{name}\"");
    assert!(page.text.contains(&kind("answer.accepted")), "{}", page.text);
    for activity in waymark::contributions::ACTIVITIES {
        assert!(!page.text.contains(&kind(activity)), "{activity}");
    }
    fill(&mut filled, &[("/requires/all/0/contributions/types:own", "answer.posted, question.asked")]);
    let refused = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("いつまでも数えられません"), "{}", refused.text);
    assert!(refused.text.contains("<a href=\"#/requires/all/0/contributions/types:own\">"), "{}", refused.text);
    fill(&mut filled, &[("/requires/all/0/contributions/types:own", "answer.posted, change.merged")]);
    let refused = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(refused.status, 422, "one of them counts, and the other never does");
    assert!(refused.text.contains("「answer.posted」は"), "{}", refused.text);
    fill(&mut filled, &[("/requires/all/0/contributions/types:own", "change.merged")]);
    assert_eq!(press(&desk, NEW, &filled, "publish").await.status, 303);
}

async fn one_language_is_asked_for_where_the_program_has_one(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let profile = json!({
        "issuer": {"name": {"ja": "例の会"}, "url": "https://guild.example"}, "time_zone": "Asia/Tokyo", "locales": ["ja"],
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    issuer::keep(&mut ch, &IssuerProfile::from_value(&profile).expect("valid")).await.expect("kept");
    ch.commit().await.expect("committed");
    let key = test.api_key(Role::Admin).await;
    let desk = desk(test).await;
    let filled = begun(&desk, "tenure").await;
    assert!(filled.contains_key("/title/ja") && !filled.keys().any(|name| name.ends_with("/en")), "{filled:?}");
    let both = helper(1);
    let put = call(&desk.test, &key, Method::PUT, "/api/v1/tracks/helper/draft", None, Some(&both)).await;
    assert_eq!(put.0, 200, "{}", put.2);
    let filled = opened(&desk, "/admin/tracks/helper").await;
    assert_eq!(filled["/title/en"], "Helper", "what is said in another language is shown");
    assert!(!filled.contains_key("/description/en"));
    assert_eq!(press(&desk, "/admin/tracks/helper", &filled, "draft").await.status, 303);
    assert_eq!(draft_of(&desk, "helper").await["title"], both["title"]);
}

/// A program of one track with this requirement.
fn checked(kind: &str, title: &str) -> Vec<&'static str> {
    let program = "issuer: {name: {en: Guild}, url: https://guild.example}\ntime_zone: UTC\n";
    let track = format!(
        "slug: megumi\nkind: {kind}\ntitle: {{en: T}}\ncriteria: {{en: C}}\nrequires: {{id: r, panel: {{title: {title}}}}}\n"
    );
    let files = [("program.yaml", program.to_owned()), ("tracks/megumi.yaml", track)];
    let files = FileSet::of(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    program::validate(files).err().unwrap_or_default().iter().map(|mistake| mistake.code).collect()
}

#[test]
fn files_are_told_of_a_title_that_nobody_decides_on() {
    let notes = |kind: &str| {
        let program = "issuer: {name: {en: Guild}, url: https://guild.example}\ntime_zone: UTC\n";
        let track = format!(
            "slug: megumi\nkind: {kind}\ntitle: {{en: T}}\ncriteria: {{en: C}}\nrequires: {{id: r, tenure: {{days: 3}}}}\n"
        );
        let files = [("program.yaml", program.to_owned()), ("tracks/megumi.yaml", track)];
        let files = FileSet::of(files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
        let read = program::validate(files).expect("valid");
        read.notes.iter().map(|note| note.code).collect::<Vec<_>>()
    };
    assert_eq!(notes("title"), ["title_not_decided"]);
    assert_eq!(notes("milestone"), Vec::<&str>::new());
}

#[test]
fn files_are_refused_a_title_that_nobody_gives() {
    assert_eq!(checked("title", "megumi"), Vec::<&str>::new());
    assert_eq!(checked("title", "fellow"), ["unknown_title"]);
    assert_eq!(checked("milestone", "megumi"), ["unknown_title"]);
}
