//! From nothing to a passed exam of twenty questions in Japanese, by pages alone.

use serde_json::Value;
use waymark::exams;

use super::browser::controls;
use super::{fill, opened, press, row};
use crate::item_bank::{Desk, field, person};
use crate::support::{Store, on_both};

on_both!(a_person_builds_an_exam_of_twenty_and_a_member_passes_it);

const BANK: &str = "/admin/banks/kiso";

/// Writes an item by form and takes it to where it is drawn.
async fn write(desk: &Desk, n: usize, domain: &str, into: &str) {
    let question = format!("第{n}問。正しいものはどれですか。");
    let id = format!("q{n:02}");
    let new = desk.get(&desk.author, &format!("{BANK}/new?type=single_choice")).await;
    let mut form = controls(&new.text, &format!("{BANK}/new"));
    let texts = [
        ("id", id.as_str()),
        ("question.ja", &question),
        ("answers.0.text.ja", "正しい答え"),
        ("answers.1.text.ja", "誤った答え"),
        ("answers.2.text.ja", "もっと誤った答え"),
        ("answers.right", "0"),
        ("domain", domain),
        ("tags", if n.is_multiple_of(2) { "even" } else { "" }),
        ("go", "save"),
    ];
    fill(&mut form, &texts);
    form.remove("csrf");
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let written = desk.post(&desk.author, &format!("{BANK}/new"), &pairs).await;
    assert_eq!(written.status, 303, "{}", written.text);
    for (who, verb) in [(&desk.author, "submit"), (&desk.reviewer, "approve"), (&desk.reviewer, into)] {
        let page = desk.get(who, &written.path()).await;
        let step = [("verb", verb), ("revision", &field(&page.text, "revision"))];
        let done = desk.post(who, &format!("{}/step", written.path()), &step).await;
        assert_eq!(done.status, 303, "{verb}: {}", done.text);
    }
}

async fn a_person_builds_an_exam_of_twenty_and_a_member_passes_it(store: Store) {
    let desk = Desk::start(store).await;
    let opened_bank = desk.post(&desk.author, "/admin/banks", &[("slug", "kiso"), ("title", "基礎の問題")]).await;
    assert_eq!(opened_bank.status, 303, "{}", opened_bank.text);
    for n in 1..=22 {
        let domain = if n <= 11 { "きほん" } else { "おうよう" };
        write(&desk, n, domain, if n == 11 { "pretest" } else { "operate" }).await;
    }
    // First the bank, then the form: what the bank has stands beside what is asked for.
    let choose = desk.get(&desk.author, "/admin/exams/new?lang=ja").await;
    assert!(choose.text.contains("<option value=\"kiso\">基礎の問題</option>"), "{}", choose.text);
    let mut form = opened(&desk, "/admin/exams/new?bank=kiso&lang=ja").await;
    assert_eq!(form["/bank"], "kiso");
    let (basic, applied) = (row(&form, "cell", "きほん"), row(&form, "cell", "おうよう"));
    fill(
        &mut form,
        &[
            ("/slug", "kiso"),
            ("/title/ja", "基礎試験"),
            ("/description/ja", "資料を見てもかまいません。"),
            (&format!("{basic}/need"), "11"),
            (&format!("{applied}/need"), "１０"),
            ("/timing/minutes", "40"),
            ("/rules/attempts", "2"),
            ("/scoring/cut", "14"),
        ],
    );
    let panel = desk.post(&desk.author, "/admin/exams/check?lang=ja", &pairs(&form)).await;
    assert_eq!(panel.status, 200);
    assert!(panel.text.contains("1 問足りません") && !panel.text.contains("<html"), "{}", panel.text);
    let refused = press(&desk, &desk.author, "/admin/exams/new?lang=ja", &form, "publish").await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("領域「きほん」") && refused.text.contains("設問は10問ですが、出題の決まりは11問"),
        "the binding constraint is named: {}",
        refused.text
    );
    assert!(refused.text.contains("資料を見てもかまいません。"), "and nothing is lost");
    fill(&mut form, &[(&format!("{basic}/need"), "10"), ("/blueprint/pretest", "1")]);
    let even = row(&form, "tag", "even");
    fill(&mut form, &[(&format!("{even}/least"), "8"), (&format!("{even}/most"), "12")]);
    let kept = press(&desk, &desk.author, "/admin/exams/new?lang=ja", &form, "draft").await;
    assert_eq!((kept.status, kept.location.as_str()), (303, "/admin/exams/kiso/settings?done=draft"), "{}", kept.text);
    let path = "/admin/exams/kiso/settings";
    let page = desk.get(&desk.author, &format!("{path}?lang=ja")).await.text;
    assert!(page.contains("公開できます") && page.contains("1 回の出題：21 問"), "{page}");
    assert!(page.contains("14 点以上で合格です。") && page.contains("試験時間は 40 分です。"), "in words: {page}");
    let listed = desk.get(&desk.author, "/admin/exams?lang=ja").await.text;
    assert!(listed.contains(path) && listed.contains("基礎試験</a>"), "drafts are listed by title: {listed}");
    assert!(exams::find(desk.test.app.db.read(), "kiso").await.expect("read").is_none(), "a draft is no exam");
    let form = opened(&desk, path).await;
    let published = press(&desk, &desk.author, path, &form, "publish").await;
    assert_eq!(published.status, 303, "{}", published.text);
    let exam = exams::find(desk.test.app.db.read(), "kiso").await.expect("read").expect("published");
    let assembly = exam.spec.blueprint.assembly();
    assert_eq!((assembly.pretest, assembly.tags.len(), exam.spec.timing.minutes), (1, 1, 40));
    assert!(exams::drafts(desk.test.app.db.read()).await.expect("read").is_empty(), "the draft became the exam");
    pass(&desk).await;
}

fn pairs(form: &super::Filled) -> Vec<(&str, &str)> {
    form.iter().filter(|(name, _)| *name != "csrf").map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// A member sits the exam by form posts, and passes.
async fn pass(desk: &Desk) {
    let member = person(&desk.test, "hana@members.example", "受験 はな", &[]).await;
    let intro = desk.get(&member, "/exams/kiso?lang=ja").await.text;
    assert!(intro.contains("基礎試験") && intro.contains("21 問"), "{intro}");
    let begun = desk.post(&member, "/exams/kiso", &[("agree", "yes")]).await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let attempt = begun.location;
    for n in 1..=21 {
        let path = format!("{attempt}/{n}");
        let page = desk.get(&member, &path).await.text;
        let (before, _) = page.split_once(">正しい答え").unwrap_or_else(|| panic!("no answer in {page}"));
        let choice = before.rsplit_once("name=\"choice\" value=\"").expect("an option").1.split('"').next();
        let mut form = controls(&page, &path);
        form.remove("csrf");
        fill(&mut form, &[("choice", choice.expect("a handle")), ("go", "next")]);
        let saved = desk.post(&member, &path, &pairs(&form)).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
    }
    let submitted = desk.post(&member, &format!("{attempt}/submit"), &[]).await;
    assert_eq!(submitted.status, 303, "{}", submitted.text);
    let result = desk.get(&member, &format!("{attempt}/result?lang=ja")).await.text;
    assert!(result.contains("合格") && result.contains("20"), "{result}");
    let stored = desk.test.texts("SELECT stored FROM form").await;
    let form: Value = serde_json::from_str(&stored[0]).expect("JSON");
    let positions = form["positions"].as_array().expect("positions");
    let pretest: Vec<&Value> = positions.iter().filter(|position| position["unscored"] == true).collect();
    assert_eq!((positions.len(), pretest.len()), (21, 1), "{form}");
    assert_eq!(pretest[0]["slug"], "q11", "the item on trial stands in the form and counts nothing");
}
