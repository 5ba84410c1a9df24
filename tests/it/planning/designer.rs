//! A person who never opens a terminal builds a milestone, in Japanese, without scripts; what the form cannot show is kept, what files write is shown.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::web::i18n::Locale;
use waymark::{credentials, tracks};

use super::{call, furnish, giver, helper};
use crate::contributions::{small_program, start};
use crate::exam_forms::browser::controls;
use crate::item_bank::{Answer, Desk, person};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_milestone_is_built_in_japanese_without_a_terminal,
    everything_that_a_file_says_comes_back_from_the_form,
    requirements_are_moved_by_buttons,
    a_track_kept_in_files_is_shown_and_copied,
    form_and_file_are_two_views_of_one_draft
);

pub(super) type Filled = BTreeMap<String, String>;

pub(super) async fn desk(test: TestApp) -> Desk {
    let author = person(&test, "designer@guild.example", "設計 あおい", &[Role::Admin]).await;
    let reviewer = person(&test, "issuer@guild.example", "発行 みどり", &[Role::Issuer]).await;
    let auditor = person(&test, "member@guild.example", "会員 あか", &[]).await;
    Desk { test, author, reviewer, auditor }
}

pub(super) fn form(page: &Answer, path: &str) -> Filled {
    controls(&page.text, path)
}

pub(super) async fn opened(desk: &Desk, path: &str) -> Filled {
    let page = desk.get(&desk.author, path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    form(&page, path)
}

pub(super) fn fill(form: &mut Filled, fields: &[(&str, &str)]) {
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
}

pub(super) async fn press(desk: &Desk, path: &str, form: &Filled, step: &str) -> Answer {
    let mut pairs: Vec<(&str, &str)> =
        form.iter().filter(|(name, _)| *name != "csrf").map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.push(("step", step));
    desk.post(&desk.author, path, &pairs).await
}

async fn a_milestone_is_built_in_japanese_without_a_terminal(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let member = giver(&test, "hikari", Locale::Ja, &[3, 9]).await;
    let desk = desk(test).await;
    const NEW: &str = "/admin/tracks/new?lang=ja";
    let path = "/admin/tracks/new";
    let mut filled = opened_at(&desk, NEW, path).await;
    fill(
        &mut filled,
        &[
            ("/slug", "helper"),
            ("/title/ja", "助ける人"),
            ("/criteria/ja", "変更を2件とりこむ"),
            ("/goal/ja", "助ける人を増やす"),
            ("/goal/target", "１０"),
            ("/goal/owner", "事務局"),
            ("add:/requires/all", "contributions"),
        ],
    );
    let page = press(&desk, NEW, &filled, "add:/requires/all").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let mut filled = form(&page, path);
    assert_eq!(filled["/title/ja"], "助ける人", "what was typed is still there");
    fill(
        &mut filled,
        &[
            ("/requires/all/0/contributions/type/change.merged", "yes"),
            ("/requires/all/0/contributions/at_least", "たくさん"),
        ],
    );
    let page = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(page.status, 422, "not a number");
    assert!(page.text.contains("まだ公開できません"), "{}", page.text);
    assert!(
        page.text.contains("href=\"#/requires/all/0/contributions/at_least\""),
        "the mistake leads to its field: {}",
        page.text
    );
    let mut filled = form(&page, path);
    assert_eq!(filled["/requires/all/0/contributions/at_least"], "たくさん");
    fill(&mut filled, &[("/requires/all/0/contributions/at_least", "２"), ("/requires/all/0/id", "give")]);
    let page = press(&desk, NEW, &filled, "check").await;
    assert!(page.text.contains("直すところはありません"), "{}", page.text);
    assert!(page.text.contains("貢献 2 件（"), "the summary in words: {}", page.text);
    let done = press(&desk, NEW, &form(&page, path), "publish").await;
    assert_eq!((done.status, done.location.as_str()), (303, "/admin/tracks/helper?done=published"));
    desk.test.settle().await;
    let read = desk.test.app.db.read();
    let version = tracks::by_slug(read, "helper").await.expect("read").expect("published");
    let goal = version.definition.goal.as_ref().expect("a goal");
    assert_eq!((goal.target, goal.owner.as_deref()), (10, Some("事務局")), "full-width digits are digits");
    assert_eq!(credentials::of_member(read, member).await.expect("read").len(), 1, "who had done it has the badge");
    let public = desk.get(&desk.auditor, "/p/helper?lang=ja").await;
    assert!(
        public.text.contains("助ける人を増やす") && public.text.contains("現在 1 人が保持しています"),
        "{}",
        public.text
    );
    let taken = press(&desk, NEW, &filled, "draft").await;
    assert_eq!(taken.status, 422, "a name is one track's");
    let list = desk.get(&desk.author, "/admin/tracks?lang=ja").await;
    assert!(list.text.contains("保持者 1 人／目標 10 人"), "{}", list.text);
    for (who, status) in [(&desk.reviewer, 403), (&desk.auditor, 403)] {
        assert_eq!(desk.get(who, path).await.status, status);
        assert_eq!(desk.post(who, "/admin/tracks/helper", &[("step", "discard")]).await.status, status);
    }

    let mut edited = opened(&desk, "/admin/tracks/helper").await;
    fill(&mut edited, &[("/requires/all/0/contributions/at_least", "3")]);
    let planned = press(&desk, "/admin/tracks/helper", &edited, "plan").await;
    assert_eq!(planned.location, "/admin/tracks/helper/plan");
    desk.test.settle().await;
    let plan = desk.get(&desk.author, "/admin/tracks/helper/plan?effect=lose&lang=ja").await;
    assert!(
        plan.text.contains("hikari") && plan.text.contains("2026年5月9日") && plan.text.contains("入会年別"),
        "{}",
        plan.text
    );
    assert_eq!(
        press(&desk, "/admin/tracks/helper", &edited, "draft").await.status,
        409,
        "somebody saved in the meantime"
    );
    let mut later = opened(&desk, "/admin/tracks/helper").await;
    fill(&mut later, &[("effective_on", "2026-13-01")]);
    assert_eq!(press(&desk, "/admin/tracks/helper", &later, "publish").await.status, 422, "no such day");
    fill(&mut later, &[("effective_on", "2027-01-01"), ("silent", "yes")]);
    let put_down = press(&desk, "/admin/tracks/helper", &later, "publish").await;
    assert_eq!(put_down.location, "/admin/tracks/helper?done=scheduled");
    let due = tracks::scheduled(read, "helper").await.expect("read").expect("put down");
    assert!(
        due.silent && waymark::clock::rfc3339(due.takes_effect_at) == "2026-12-31T15:00:00Z",
        "midnight in Tokyo: {due:?}"
    );
    assert_eq!(press(&desk, "/admin/tracks/helper", &Filled::new(), "take-back").await.status, 303);
    assert!(tracks::scheduled(read, "helper").await.expect("read").is_none());
    assert!(tracks::draft(read, "helper").await.expect("read").is_some(), "it is a draft again");
    assert_eq!(press(&desk, "/admin/tracks/helper", &Filled::new(), "discard").await.status, 303);
    assert!(tracks::draft(read, "helper").await.expect("read").is_none());
}

pub(super) async fn opened_at(desk: &Desk, address: &str, action: &str) -> Filled {
    let page = desk.get(&desk.author, address).await;
    assert_eq!(page.status, 200, "{}", page.text);
    form(&page, action)
}

/// Every kind of requirement with every option of it.
fn everything() -> Value {
    let counted = |more: Value| {
        let mut counted = json!({"types": ["talk.given", "change.merged", "own.type"]});
        for (key, value) in more.as_object().expect("an object") {
            counted[key] = value.clone();
        }
        counted
    };
    json!({
        "slug": "whole", "kind": "title", "title": {"ja": "題", "en": "T"}, "description": {"en": "D"}, "criteria": {"ja": "一\n二"},
        "goal": {"ja": "目標", "measure": "awards", "target": 3, "owner": "Office"},
        "requires": {"standing": {"term": {"months": 12}}, "all": [
            {"id": "a", "exam": {"slug": "e", "score": {"percent": 80}}},
            {"id": "b", "held": {"track": "t", "at": "ever"}, "text": {"ja": "も", "en": "H"}},
            {"id": "c", "tenure": {"days": 30}}, {"id": "d", "attested": {"role": "mentor"}}, {"id": "e", "panel": {"title": "fellow"}},
            {"at_least": {"n": 2, "of": [
                {"id": "f", "contributions": counted(json!({"sum": 100, "window": {"days": 30}, "per_day": 1, "per_giver": 2, "per_object": 3, "hold_days": 4}))},
                {"id": "g", "contributions": counted(json!({"active_days": 10, "window": {"calendar": "quarter"}, "accepted": "peer", "own": true, "reciprocal": 5}))},
                {"any": [
                    {"id": "h", "contributions": counted(json!({"streak": {"weeks": 4}, "sources": ["https://a.example", "https://b.example"]}))},
                    {"id": "i", "contributions": counted(json!({"at_least": 2, "distinct": "type", "window": {"since": {"award": "t"}}}))},
                    {"id": "j", "contributions": counted(json!({"at_least": 2, "window": {"since": {"event": "season.opened"}}}))},
                    {"id": "k", "contributions": counted(json!({"at_least": 2, "window": {"since": "joining"}, "per_moon": 1}))},
                    {"id": "l", "nominated": {"by": 2}},
                ]},
            ]}},
        ]},
        "validity": {"months": 24},
        "renewal": {"by": [{"id": "again", "exam": {"slug": "short"}}, {"all": [{"id": "more", "tenure": {"months": 6}}]}], "grace_days": 30, "reminders": [60, 7]},
        "level": {"ladder": "help", "step": 2}, "template": "seal", "achievement_type": "ext:Own", "tags": ["one", "two"], "colour": "red",
    })
}

async fn everything_that_a_file_says_comes_back_from_the_form(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let key = test.api_key(Role::Admin).await;
    let put = call(&test, &key, Method::PUT, "/api/v1/tracks/whole/draft", None, Some(&everything())).await;
    assert_eq!(put.0, 200, "{}", put.2);
    let desk = desk(test).await;
    let filled = opened(&desk, "/admin/tracks/whole").await;
    let saved = press(&desk, "/admin/tracks/whole", &filled, "draft").await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let draft = tracks::draft(desk.test.app.db.read(), "whole").await.expect("read").expect("there");
    assert_eq!(draft.document, everything(), "saved as it was opened");
}

/// What the tree asks, in short: `all(a, any(b))`.
fn short(node: &Value) -> String {
    let list = |children: &Value| children.as_array().into_iter().flatten().map(short).collect::<Vec<_>>().join(", ");
    match node {
        node if !node["all"].is_null() => format!("all({})", list(&node["all"])),
        node if !node["any"].is_null() => format!("any({})", list(&node["any"])),
        node if !node["at_least"].is_null() => format!("{}({})", node["at_least"]["n"], list(&node["at_least"]["of"])),
        node => node["id"].as_str().unwrap_or("?").to_owned(),
    }
}

async fn requirements_are_moved_by_buttons(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let key = test.api_key(Role::Admin).await;
    let mut track = helper(1);
    let leaf = |id: &str| json!({"id": id, "tenure": {"days": 1}});
    track["requires"] = json!({"all": [leaf("a"), {"any": [leaf("b"), leaf("c")]}, leaf("d")]});
    assert_eq!(call(&test, &key, Method::PUT, "/api/v1/tracks/moved/draft", None, Some(&track)).await.0, 200);
    let desk = desk(test).await;
    let path = "/admin/tracks/moved";
    for (step, after) in [
        ("up:/requires/all/1", "all(any(b, c), a, d)"),
        ("down:/requires/all/0", "all(any(b, c), a, d)"),
        ("out:/requires/all/1/any/0", "all(a, any(c), b, d)"),
        ("in:/requires/all/2", "all(a, any(b, c, d))"),
        ("wrap:/requires/all/0", "all(all(a), any(b, c), d)"),
        ("wrap:/requires/all/1/any/1", "all(a, any(b, all(c)), d)"),
        ("remove:/requires/all/1", "all(a, d)"),
        ("remove:/requires/all/1/any/1", "all(a, any(b), d)"),
        ("add:/requires/all/1/any", "all(a, any(b, c, r1), d)"),
        ("up:/requires/all/0", "all(a, any(b, c), d)"),
        ("in:/requires/all/0", "all(a, any(b, c), d)"),
        ("remove:/requires/all/9", "all(a, any(b, c), d)"),
    ] {
        let filled = opened(&desk, path).await;
        let page = press(&desk, path, &filled, step).await;
        assert_eq!(page.status, 200, "{step}: {}", page.text);
        // The button keeps nothing; saving the form that came back does.
        let saved = press(&desk, path, &form(&page, path), "draft").await;
        assert_eq!(saved.status, 303, "{step}: {}", saved.text);
        let draft = tracks::draft(desk.test.app.db.read(), "moved").await.expect("read").expect("there");
        assert_eq!(short(&draft.document["requires"]), after, "{step}");
        let back = call(&desk.test, &key, Method::PUT, "/api/v1/tracks/moved/draft", None, Some(&track)).await;
        assert_eq!(back.0, 200);
    }
    let mut filled = opened(&desk, path).await;
    fill(&mut filled, &[("kind:/requires/all/1", "at_least"), ("add:/renewal/by", "exam")]);
    let page = press(&desk, path, &filled, "add:/renewal/by").await;
    press(&desk, path, &form(&page, path), "draft").await;
    let draft = tracks::draft(desk.test.app.db.read(), "moved").await.expect("read").expect("there");
    assert_eq!(short(&draft.document["requires"]), "all(a, 1(b, c), d)", "a group of another kind keeps its children");
    assert_eq!(draft.document["renewal"]["by"], json!([{"id": "r1", "exam": {}}]));
}

async fn a_track_kept_in_files_is_shown_and_copied(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let desk = desk(test).await;
    let path = "/admin/tracks/giver";
    let page = desk.get(&desk.author, path).await;
    assert!(page.text.contains("slug: giver") && page.text.contains("readonly"), "{}", page.text);
    assert!(!page.text.contains("value=\"publish\""));
    for (at, step) in [(path, "draft"), (path, "publish"), (path, "plan")] {
        assert_eq!(press(&desk, at, &Filled::new(), step).await.status, 409, "{step}");
    }
    let written = [("text", "slug: giver\n"), ("step", "draft")];
    assert_eq!(desk.post(&desk.author, "/admin/tracks/giver/file", &written).await.status, 409);
    let read = desk.test.app.db.read();
    assert!(tracks::drafts(read).await.expect("read").is_empty());
    for taken in ["giver", "Not a name", "new", ""] {
        let filled = Filled::from([("copy".to_owned(), taken.to_owned())]);
        assert_eq!(press(&desk, path, &filled, "copy").await.status, 422, "{taken}");
    }
    let filled = Filled::from([("copy".to_owned(), "taker".to_owned())]);
    assert_eq!(press(&desk, path, &filled, "copy").await.location, "/admin/tracks/taker?done=draft");
    let copy = tracks::draft(read, "taker").await.expect("read").expect("there").document;
    assert_eq!((&copy["slug"], &copy["title"]["ja"]), (&json!("taker"), &json!("与える人")));
    assert_eq!(press(&desk, path, &Filled::new(), "take-over").await.status, 303);
    let mut mine = opened(&desk, path).await;
    fill(&mut mine, &[("/title/en", "Taken over")]);
    assert_eq!(press(&desk, path, &mine, "publish").await.location, "/admin/tracks/giver?done=published");
    assert_eq!(tracks::by_slug(read, "giver").await.expect("read").expect("there").number, 2);
    assert!(desk.test.audit_actions().await.contains(&"track.take_over".to_owned()));
}

async fn form_and_file_are_two_views_of_one_draft(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let key = test.api_key(Role::Admin).await;
    assert_eq!(call(&test, &key, Method::PUT, "/api/v1/tracks/helper/draft", None, Some(&helper(2))).await.0, 200);
    let desk = desk(test).await;
    let path = "/admin/tracks/helper/file";
    let mut filled = opened(&desk, path).await;
    let text = filled["text"].replace("\r\n", "\n");
    assert!(text.starts_with("slug: helper\nkind: milestone\n") && text.contains("at_least: 2"), "{text}");
    fill(&mut filled, &[("text", &text.replace("at_least: 2", "at_least: 4"))]);
    assert_eq!(press(&desk, path, &filled, "draft").await.status, 303);
    let form = opened(&desk, "/admin/tracks/helper").await;
    assert_eq!(form["/requires/all/0/contributions/at_least"], "4");
    for (wrong, said) in [("slug: [", "no YAML"), ("- a", "no mapping"), ("slug: other\n", "another name")] {
        let mut filled = opened(&desk, path).await;
        fill(&mut filled, &[("text", wrong)]);
        assert_eq!(press(&desk, path, &filled, "draft").await.status, 422, "{said}");
    }
    let mut filled = opened(&desk, path).await;
    fill(&mut filled, &[("text", &text.replace("change.merged", "change merged"))]);
    let page = press(&desk, path, &filled, "check").await;
    assert!(page.status == 200 && page.text.contains("error-summary"), "{}", page.text);
    assert_eq!(press(&desk, path, &filled, "publish").await.status, 422);
}
