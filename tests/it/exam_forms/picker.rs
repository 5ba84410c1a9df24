//! Picking items for a fixed form out of a long list, without scripts: narrowed by domain, tag and words, and nothing ticked is lost on the way.

use serde_json::json;

use super::browser::controls;
use super::views::SETTINGS;
use super::{Filled, fill, opened, press, row};
use crate::item_bank::Desk;
use crate::support::{Store, on_both};

on_both!(the_list_is_narrowed_and_keeps_what_is_ticked);

async fn desk(store: Store) -> Desk {
    let desk = Desk::start(store).await;
    for (slug, about, domain, tags) in [
        ("a0", "the North wind", "alpha", json!(["air", "easy"])),
        ("a1", "the south wind", "alpha", json!(["air"])),
        ("b0", "the north sea", "beta", json!(["easy"])),
        ("b1", "a river", "beta", json!([])),
    ] {
        let mut item = crate::item_bank::item(slug, about);
        item["domain"] = json!(domain);
        item["tags"] = tags;
        desk.in_use(&item).await;
    }
    let mut form = opened(&desk, "/admin/exams/new?bank=sample").await;
    let alpha = row(&form, "cell", "alpha");
    fill(&mut form, &[("/slug", "sample"), (&format!("{alpha}/need"), "1"), ("/scoring/cut", "1")]);
    assert_eq!(press(&desk, &desk.author, "/admin/exams/new", &form, "publish").await.status, 303);
    desk
}

/// The items that the page lists.
fn listed(page: &str) -> Vec<&str> {
    let boxes = page.split("<input type=\"checkbox\" id=\"pick/").skip(1);
    boxes.map(|rest| rest.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id")).collect()
}

async fn the_list_is_narrowed_and_keeps_what_is_ticked(store: Store) {
    let desk = desk(store).await;
    let narrowed =
        async |form: &Filled| press(&desk, &desk.author, &format!("{SETTINGS}?lang=en"), form, "narrow").await;
    let mut form: Filled = opened(&desk, SETTINGS).await;
    fill(&mut form, &[("way", "forms")]);
    let page = narrowed(&form).await.text;
    assert_eq!(listed(&page), ["a0", "a1", "b0", "b1"]);
    assert!(page.contains("4 of 4 questions") && !page.contains('⟦'), "{page}");
    let mut form = controls(&page, SETTINGS);
    for (by, found) in [
        (["alpha", "", ""], vec!["a0", "a1"]),
        (["", "easy", ""], vec!["a0", "b0"]),
        (["", "", "NORTH"], vec!["a0", "b0"]),
        (["", "", "b1"], vec!["b1"]),
        (["beta", "easy", "north"], vec!["b0"]),
        (["alpha", "", "river"], vec![]),
        (["nowhere", "", ""], vec![]),
    ] {
        fill(&mut form, &[("pick-domain", by[0]), ("pick-tag", by[1]), ("pick-text", by[2])]);
        let page = narrowed(&form).await.text;
        assert_eq!(listed(&page), found, "{by:?}");
        assert!(page.contains(&format!("{} of 4 questions", found.len())), "{by:?}: {page}");
    }
    // Ticked under one condition, sought under another, and both are added.
    fill(&mut form, &[("pick-domain", "alpha"), ("pick-tag", ""), ("pick-text", ""), ("pick/0", "a0")]);
    let page = narrowed(&form).await.text;
    let mut form = controls(&page, SETTINGS);
    fill(&mut form, &[("pick-domain", "beta")]);
    let page = narrowed(&form).await.text;
    assert_eq!(listed(&page), ["a0", "b0", "b1"], "what is ticked stays");
    let mut form = controls(&page, SETTINGS);
    assert_eq!((form["pick/0"].as_str(), form["pick-domain"].as_str()), ("a0", "beta"));
    fill(&mut form, &[("pick/1", "b0"), ("pick-into", "new")]);
    let added = press(&desk, &desk.author, SETTINGS, &form, "pick").await.text;
    let form = controls(&added, SETTINGS);
    assert_eq!(form["form/0/items"], "a0\r\nb0");
    assert_eq!(listed(&added), ["b0", "b1"], "the list stays narrowed, and nothing stays ticked");
    assert!(form.keys().all(|name| !name.starts_with("pick/")));
}
