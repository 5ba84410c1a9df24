//! What the form says on the way: at the very field, in words that tell what to do, and nothing that was typed goes away unsaid.

use reqwest::Method;
use serde_json::json;
use waymark::access::Role;
use waymark::tracks;

use super::designer::{Filled, desk, fill, form, opened, opened_at, press};
use super::newcomer::{NEW, PATH, begun, draft_of};
use super::{call, furnish, helper};
use crate::contributions::start;
use crate::item_bank::{Answer, Desk};
use crate::support::{Store, on_both};

on_both!(
    what_is_missing_is_asked_for_at_its_field,
    a_renewal_that_is_half_written_is_named,
    what_does_not_apply_is_kept_and_told,
    a_title_is_shown_as_it_is_stored,
    a_title_that_nobody_decides_on_is_refused,
    courses_and_roles_are_offered,
    a_name_that_is_taken_leads_to_what_has_it,
    the_sort_of_achievement_goes_by_the_kind,
    what_no_source_sends_is_told
);

const LEAF: &str = "/requires/all/0/contributions";

/// The form of a new track that counts one merged change.
async fn counting(desk: &Desk) -> Filled {
    let mut filled = begun(desk, "contributions").await;
    fill(&mut filled, &[(&format!("{LEAF}/type/change.merged"), "yes")]);
    filled
}

/// The page says in its summary that this field is wrong, and how.
fn told(page: &Answer, field: &str, text: &str) {
    let link = format!("<a href=\"#{field}\">");
    let summary = page.text.split("error-summary").nth(1).and_then(|rest| rest.split("</ul>").next());
    let said = summary.unwrap_or_default().split("<li>").find(|line| line.starts_with(&link));
    assert!(said.is_some_and(|line| line.contains(text)), "{field}: {text}: {}", page.text);
    assert!(page.text.contains(&format!("id=\"{field}\"")), "the link leads somewhere: {}", page.text);
}

async fn what_is_missing_is_asked_for_at_its_field(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let at = |name: &str| format!("{LEAF}/{name}");
    let mut filled = begun(&desk, "contributions").await;
    fill(&mut filled, &[(&at("window"), "days"), (&at("measure"), "streak-weeks"), (&at("at_least"), "")]);
    fill(&mut filled, &[("/requires/standing", "term")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(page.status, 422);
    told(&page, &at("types"), "1 番目の要件（貢献）の「数えるもの」：何も選ばれていません");
    told(&page, &at("at_least"), "必要な量を数で書いてください");
    told(&page, &at("window/days"), "直近の何日を数えるのかを書いてください");
    told(&page, "/requires/standing/months", "任期（か月）：空のままです");
    assert!(!page.text.contains("形が違います"), "{}", page.text);
    let again = form(&page, PATH);
    assert_eq!((again[&at("measure")].as_str(), again[&at("window")].as_str()), ("streak-weeks", "days"));
    assert_eq!(again["/requires/standing"], "term", "what was chosen stays chosen");

    let mut filled = begun(&desk, "exam").await;
    fill(&mut filled, &[("/requires/all/0/exam/score", "points")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    told(&page, "/requires/all/0/exam/slug", "試験を選んでください");
    told(&page, "/requires/all/0/exam/score/value", "何点以上かを書くか");
    let mut filled = begun(&desk, "tenure").await;
    fill(&mut filled, &[("/requires/all/0/tenure/n", ""), ("/requires/all/0/tenure/unit", "days")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    told(&page, "/requires/all/0/tenure/n", "期間を数で書いてください");
    assert_eq!(form(&page, PATH)["/requires/all/0/tenure/unit"], "days");
    fill(&mut filled, &[("/requires/all/0/tenure/n", "たくさん")]);
    told(&press(&desk, NEW, &filled, "publish").await, "/requires/all/0/tenure/n", "整数を書いてください");
    let mut filled = begun(&desk, "tenure").await;
    fill(&mut filled, &[("kind:/requires", "at_least")]);
    let mut filled = form(&press(&desk, NEW, &filled, "check").await, PATH);
    assert_eq!(filled["/requires/at_least/n"], "1");
    fill(&mut filled, &[("/requires/at_least/n", "")]);
    told(&press(&desk, NEW, &filled, "publish").await, "/requires/at_least/n", "いくつ必要かを数で書いてください");
}

async fn a_renewal_that_is_half_written_is_named(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let mut filled = counting(&desk).await;
    fill(&mut filled, &[("/validity/months", "12"), ("/renewal/grace_days", "30")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(page.status, 422);
    told(&page, "/renewal/by", "更新の条件：猶予や知らせる日があるのに");
    fill(&mut filled, &[("/validity/months", "")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    told(&page, "/validity/months", "有効期間（か月）：更新の条件や猶予が書かれているのに");
    fill(&mut filled, &[("/renewal/grace_days", "")]);
    assert_eq!(press(&desk, NEW, &filled, "publish").await.status, 303);
}

async fn what_does_not_apply_is_kept_and_told(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let days = format!("{LEAF}/window/days");
    let mut filled = counting(&desk).await;
    fill(&mut filled, &[(&days, "30"), ("/requires/standing/months", "6")]);
    assert_eq!(press(&desk, NEW, &filled, "draft").await.status, 303);
    let path = "/admin/tracks/megumi";
    let page = desk.get(&desk.author, "/admin/tracks/megumi?lang=ja").await;
    told(&page, &days, "「直近の日数」を選んでください");
    told(&page, "/requires/standing/months", "この任期は使われません");
    let mut filled = form(&page, path);
    assert_eq!((filled[&days].as_str(), filled["/requires/standing/months"].as_str()), ("30", "6"));
    assert_eq!(press(&desk, path, &filled, "publish").await.status, 422, "nothing is published and dropped");
    fill(&mut filled, &[(&format!("{LEAF}/window"), "days"), ("/requires/standing/months", "")]);
    assert_eq!(press(&desk, path, &filled, "publish").await.location, "/admin/tracks/megumi?done=published");
    let version = tracks::by_slug(desk.test.app.db.read(), "megumi").await.expect("read").expect("published");
    assert_eq!(version.definition.requires["all"][0]["contributions"]["window"], json!({"days": 30}));
    assert!(!version.definition.requires.to_string().contains("unused"));

    let mut filled = begun(&desk, "exam").await;
    fill(&mut filled, &[("/slug", "other"), ("/requires/all/0/exam/score/value", "80")]);
    let page = press(&desk, NEW, &filled, "check").await;
    told(&page, "/requires/all/0/exam/score/value", "この点数は使われません");
    assert_eq!(form(&page, PATH)["/requires/all/0/exam/score/value"], "80");
    fill(&mut filled, &[("/requires/all/0/exam/score", "percent")]);
    assert_eq!(press(&desk, NEW, &filled, "draft").await.status, 303);
    assert_eq!(draft_of(&desk, "other").await["requires"]["all"][0]["exam"], json!({"score": {"percent": 80}}));
}

async fn a_title_is_shown_as_it_is_stored(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let title = "/requires/all/0/panel/title";
    let mut filled = begun(&desk, "panel").await;
    assert_eq!(filled[title], "", "nothing is chosen for anybody");
    let page = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(page.status, 422);
    told(&page, title, "称号を選んでください");
    assert!(page.text.contains("<option value=\"own:\">このコースの称号</option>"), "whatever the sort: {}", page.text);
    fill(&mut filled, &[(title, "own:")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    told(&page, title, "この要件はだれにも満たせません");
    fill(&mut filled, &[("/slug", "")]);
    let page = press(&desk, NEW, &filled, "check").await;
    assert_eq!(form(&page, PATH)[title], "own:", "it stays chosen while there is no name");
    fill(&mut filled, &[("/slug", "megumi"), ("/kind", "title")]);
    assert_eq!(filled["/requires/standing"], "", "it goes by the sort");
    let done = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(done.location, "/admin/tracks/megumi?done=published", "{}", done.text);
    assert_eq!(opened(&desk, "/admin/tracks/megumi").await["/requires/standing"], "decided");

    let page = desk.get(&desk.auditor, "/p/megumi?lang=ja").await;
    assert!(page.text.contains("贈るたびに、いつまでかを二人が決めます"), "{}", page.text);
    assert!(!page.text.contains("有効期限はありません"), "{}", page.text);
    assert!(page.text.contains("運営の一人が推薦し、別の一人が承認する"), "{}", page.text);
    assert!(!page.text.contains("称号「めぐみ」"), "a title is not told by itself: {}", page.text);

    let mut filled = opened_at(&desk, NEW, PATH).await;
    fill(&mut filled, &[("/kind", "title"), ("add:/requires/all", "panel")]);
    let filled = form(&press(&desk, NEW, &filled, "add:/requires/all").await, PATH);
    assert_eq!(filled[title], "own:", "what a title asks for is its own");
}

async fn a_title_that_nobody_decides_on_is_refused(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let key = test.api_key(Role::Admin).await;
    let desk = desk(test).await;
    let mut filled = counting(&desk).await;
    fill(&mut filled, &[("/kind", "title")]);
    let page = press(&desk, NEW, &filled, "publish").await;
    assert_eq!(page.status, 422);
    told(&page, "/kind", "それを決める要件がありません");
    let mut track = helper(1);
    track["kind"] = json!("title");
    let refused = call(&desk.test, &key, Method::POST, "/api/v1/tracks/helper/publish", None, Some(&track)).await;
    assert_eq!(refused.0, 422);
    assert!(refused.2.to_string().contains("title_not_decided"), "{}", refused.2);
}

async fn courses_and_roles_are_offered(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let key = test.api_key(Role::Admin).await;
    let mut vouched = helper(1);
    vouched["requires"] = json!({"id": "word", "attested": {"role": "mentor"}});
    let done = call(&test, &key, Method::POST, "/api/v1/tracks/helper/publish", None, Some(&vouched)).await;
    assert_eq!(done.0, 200, "{}", done.2);
    let desk = desk(test).await;
    let mut filled = counting(&desk).await;
    fill(&mut filled, &[(&format!("{LEAF}/window"), "award")]);
    let page = press(&desk, NEW, &filled, "check").await;
    told(&page, &format!("{LEAF}/window/award"), "どのバッジの授与から数えるのかを選んでください");
    assert!(page.text.contains("<option value=\"helper\">助ける人（helper）</option>"), "{}", page.text);
    fill(&mut filled, &[(&format!("{LEAF}/window/award"), "helper")]);
    assert_eq!(press(&desk, NEW, &filled, "draft").await.status, 303);
    let window = &draft_of(&desk, "megumi").await["requires"]["all"][0]["contributions"]["window"];
    assert_eq!(*window, json!({"since": {"award": "helper"}}));
    let mut filled = opened_at(&desk, NEW, PATH).await;
    fill(&mut filled, &[("add:/requires/all", "attested")]);
    let page = press(&desk, NEW, &filled, "add:/requires/all").await;
    assert!(page.text.contains("<option value=\"mentor\"></option>"), "{}", page.text);
    assert!(page.text.contains("いま使われている役割：mentor"), "{}", page.text);
}

async fn a_name_that_is_taken_leads_to_what_has_it(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let filled = counting(&desk).await;
    assert_eq!(press(&desk, NEW, &filled, "draft").await.status, 303);
    let page = press(&desk, NEW, &filled, "draft").await;
    assert_eq!(page.status, 422);
    told(&page, "/slug", "ほかのコースか下書きが使っています");
    assert!(page.text.contains("<a href=\"/admin/tracks/megumi\">「めぐみ」を開く</a>"), "{}", page.text);
    let mut filled = form(&page, PATH);
    fill(&mut filled, &[("/slug", "new")]);
    let page = press(&desk, NEW, &filled, "draft").await;
    told(&page, "/slug", "この名前は使えません");
}

async fn the_sort_of_achievement_goes_by_the_kind(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let mut filled = counting(&desk).await;
    let page = press(&desk, NEW, &filled, "check").await;
    assert!(page.text.contains("種別に合わせる（いまの種別では：バッジ（Badge））"), "{}", page.text);
    assert!(page.text.contains("<option value=\"Award\">表彰（Award）</option>"), "{}", page.text);
    fill(&mut filled, &[("/kind", "certification")]);
    assert_eq!(press(&desk, NEW, &filled, "draft").await.status, 303);
    assert_eq!(draft_of(&desk, "megumi").await["achievement_type"], "Certification");
    let path = "/admin/tracks/megumi";
    let mut filled = opened(&desk, path).await;
    assert_eq!(filled["/achievement_type"], "");
    fill(&mut filled, &[("/achievement_type", "License")]);
    assert_eq!(press(&desk, path, &filled, "draft").await.status, 303);
    let mut filled = opened(&desk, path).await;
    assert_eq!(filled["/achievement_type"], "License");
    fill(&mut filled, &[("/kind", "learning")]);
    assert_eq!(press(&desk, path, &filled, "draft").await.status, 303);
    assert_eq!(draft_of(&desk, "megumi").await["achievement_type"], "License", "what was chosen stays");
}

async fn what_no_source_sends_is_told(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let desk = desk(test).await;
    let mut filled = counting(&desk).await;
    let unsent = "まだどこからも届かない種類です";
    let page = press(&desk, NEW, &filled, "check").await;
    assert!(!page.text.contains(unsent), "the square sends merged changes: {}", page.text);
    fill(&mut filled, &[(&format!("{LEAF}/type/talk.given"), "yes"), (&format!("{LEAF}/type/answer.accepted"), "yes")]);
    let page = press(&desk, NEW, &filled, "check").await;
    let told = page.text.split(unsent).nth(1).and_then(|rest| rest.split("</p>").next()).expect("a hint");
    assert!(told.contains("採用された回答"), "{told}");
    assert!(!told.contains("登壇"), "members hand in links to talks: {told}");
    assert!(told.contains("<a href=\"/admin/sources\">"), "{told}");
    assert!(page.text.contains("直すところはありません"), "it is no mistake: {}", page.text);
}
