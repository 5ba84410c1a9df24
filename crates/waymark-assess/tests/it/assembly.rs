//! Forms by ALGORITHM 2: every rule is kept, the same seed gives the same form, and what cannot be met is named.

use crate::bank::{bank, fields, item};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use waymark_assess::{
    Blueprint, ExamSpec, Form, ItemVersion, Seed,
    blueprint::Drawable,
    form::{Circumstances, Plan, Relaxed},
    grade::{Scale, Terms, Treatment},
    response::Response,
    score::{Cut, KeySet, score_on},
};

fn marked(id: &str, domain: &str, marks: &Value) -> ItemVersion {
    let mut fields = fields(id, domain, 0);
    for (name, value) in marks.as_object().expect("an object") {
        fields[name] = value.clone();
    }
    item(&fields)
}

fn plan(versions: &[ItemVersion], blueprint: &Value) -> Result<Plan, Vec<(String, &'static str, String)>> {
    let blueprint = Blueprint::from_value(blueprint).expect("test blueprints are well-formed");
    let plan = blueprint.plan(versions.iter().map(Into::into));
    plan.map_err(|wrong| wrong.into_iter().map(|m| (m.pointer, m.code, m.message)).collect())
}

fn slugs(form: &Form) -> BTreeSet<String> {
    form.positions().iter().map(|p| p.slug.clone()).collect()
}

/// Tags t0 to t9 by the last digit of the number.
fn tagged(domains: &[&str], each: usize) -> Vec<ItemVersion> {
    let of = |domain: &&str| {
        let domain = (*domain).to_owned();
        (0..each).map(move |n| marked(&format!("{domain}-{n:04}"), &domain, &json!({"tags": [format!("t{}", n % 10)]})))
    };
    domains.iter().flat_map(of).collect()
}

#[test]
fn weights_tags_and_a_single_rule_more_make_algorithm_2() {
    let versions = tagged(&["a", "b"], 30);
    let plain = plan(&versions, &json!({"domains": {"a": 6, "b": 4}})).unwrap();
    let weighted = plan(&versions, &json!({"weights": {"a": 60, "b": 40}, "items": 10})).unwrap();
    assert_eq!((plain.algorithm(), weighted.algorithm()), (1, 2));
    let counts = weighted.sections().map(|(name, take, there)| (name.to_owned(), take, there)).collect::<Vec<_>>();
    assert_eq!(counts, [("a".to_owned(), 6, 30), ("b".to_owned(), 4, 30)]);
    let form = weighted.draw(Seed([1; 32]));
    assert_eq!(Form::from_stored(&form.to_stored()).unwrap(), form);
    assert_eq!((form.algorithm(), form.positions().len(), form.relaxed()), (2, 10, &[][..]));
}

#[test]
fn a_blueprint_says_what_is_wrong_with_it() {
    let codes = |value: Value| {
        let read = Blueprint::from_value(&value).map(|_| ());
        read.map_err(|m| m.into_iter().map(|m| (m.pointer, m.code)).collect::<Vec<_>>())
    };
    let one = |pointer: &str, code: &'static str| Err(vec![(pointer.to_owned(), code)]);
    assert_eq!(codes(json!({"weights": {"a": 60, "b": 30}, "items": 10})), one("/weights", "weights_not_100"));
    assert_eq!(codes(json!({"weights": {"a": "33.333", "b": 66}, "items": 10})), one("/weights/a", "not_a_percentage"));
    assert_eq!(codes(json!({"weights": {"a": 99, "b": 1}, "items": 10})), one("/weights/b", "weight_without_items"));
    assert_eq!(codes(json!({"weights": {"a": 100}})), one("/items", "missing"));
    assert_eq!(codes(json!({"domains": {"a": 1}, "weights": {"a": 100}, "items": 3})).unwrap_err().len(), 1);
    assert_eq!(
        codes(json!({"domains": {"a": 1}, "tags": {"t": {"at_least": 3, "at_most": 2}}})),
        one("/tags/t", "contradiction")
    );
    assert_eq!(codes(json!({"domains": {"a": 1}, "tags": {"t": {}}})), one("/tags/t", "missing"));
    assert_eq!(
        codes(json!({"domains": {"a": 1}, "avoid": {"last_attempts": 0}})),
        one("/avoid/last_attempts", "not_a_whole_number")
    );
    assert_eq!(codes(json!({"forms": {"a": ["x", "x"]}})), one("/forms/a/1", "repeated"));
    assert_eq!(codes(json!({"forms": {"a": ["x"]}, "pretest": 2})), one("/pretest", "contradiction"));
    let full = json!({"weights": {"a": "62.5", "b": "37.25", "c": "0.25"}, "items": 400, "pretest": 3, "exposure": {"at_most": 9},
        "avoid": {"last_attempts": 2}, "tags": {"t": 5, "u": {"at_least": 1}, "v": {"at_least": 0, "at_most": 4}}});
    assert_eq!(Blueprint::from_value(&full).unwrap().to_value(), full);
    let fixed = json!({"forms": {"a": ["x", "y"], "b": ["z"]}});
    assert_eq!(Blueprint::from_value(&fixed).unwrap().to_value(), fixed);
}

#[test]
fn what_binds_is_named_with_have_and_need() {
    let versions = tagged(&["a", "b"], 20);
    let wrong = |blueprint: Value| plan(&versions, &blueprint).unwrap_err().remove(0);
    let (pointer, code, message) = wrong(json!({"weights": {"a": 90, "b": 10}, "items": 30}));
    assert_eq!((pointer.as_str(), code), ("/weights/a", "too_few_items"));
    assert!(message.contains("has 20 items") && message.contains("asks for 27"), "{message}");
    let (pointer, code, message) = wrong(json!({"domains": {"a": 5, "b": 5}, "tags": {"t1": 5}}));
    assert_eq!((pointer.as_str(), code), ("/tags/t1", "tag_out_of_reach"), "two of a and two of b");
    assert!(message.contains("can hold 4 items") && message.contains("at least 5"), "{message}");
    let (pointer, code, _) = wrong(json!({"domains": {"a": 19}, "tags": {"t1": {"at_most": 0}}}));
    assert_eq!((pointer.as_str(), code), ("/tags/t1", "tag_forced"));
    let (pointer, code, _) = wrong(json!({"domains": {"a": 5}, "tags": {"t99": 1}}));
    assert_eq!((pointer.as_str(), code), ("/tags/t99", "unknown_tag"));
    let (pointer, code, message) = wrong(json!({"domains": {"a": 5}, "pretest": 2}));
    assert_eq!((pointer.as_str(), code), ("/pretest", "too_few_items"));
    assert!(message.contains("0 items in pretest") && message.contains("needs 2"), "{message}");
    let together = wrong(json!({"domains": {"a": 2}, "tags": {"t1": {"at_least": 2}, "t2": {"at_least": 1}}}));
    assert_eq!(together.1, "tag_binds");
    let (pointer, code, _) = wrong(json!({"forms": {"x": ["a-0001", "a-0l01"]}}));
    assert_eq!((pointer.as_str(), code), ("/forms/x/1", "unknown_item"));
}

#[test]
fn earlier_forms_and_used_items_give_way_in_the_declared_order() {
    let versions = tagged(&["a"], 10);
    let rules = json!({"domains": {"a": 5}, "exposure": {"at_most": 3}, "avoid": {"last_attempts": 2}});
    let plan = plan(&versions, &rules).unwrap();
    let some = |range: std::ops::Range<usize>| range.map(|n| format!("a-{n:04}")).collect::<BTreeSet<_>>();
    let drawn = |earlier: Vec<BTreeSet<String>>, used: BTreeSet<String>| {
        let used = used.into_iter().map(|slug| (slug, 3)).collect();
        let form = plan.assemble(Seed([3; 32]), &Circumstances { earlier, used });
        (slugs(&form), form.relaxed().to_vec())
    };
    assert_eq!(drawn(vec![some(0..5)], BTreeSet::new()), (some(5..10), vec![]));
    let (form, gave) = drawn(vec![some(0..4), some(4..8)], BTreeSet::new());
    assert_eq!(gave, [Relaxed::Avoided(1)]);
    assert!(form.is_disjoint(&some(0..4)), "the older of the two forms gives way first: {form:?}");
    assert_eq!(drawn(vec![some(0..5), some(5..10)], BTreeSet::new()).1, [Relaxed::Avoided(1)]);
    assert_eq!(
        drawn(vec![BTreeSet::new(), BTreeSet::new(), some(0..10)], BTreeSet::new()).1,
        [],
        "only the last two count"
    );
    assert_eq!(drawn(vec![], some(0..5)), (some(5..10), vec![]));
    assert_eq!(drawn(vec![], some(0..6)).1, [Relaxed::Exposure]);
    assert_eq!(drawn(vec![some(0..5)], some(5..10)), (some(0..5), vec![Relaxed::Avoided(1)]), "a form before the cap");
    assert_eq!(plan.used_up(&some(0..6).into_iter().map(|s| (s, 3)).collect()), [("a".to_owned(), 4, 5)]);
}

#[test]
fn fixed_forms_are_what_they_list_and_have_their_own_cut() {
    let versions = tagged(&["a", "b"], 10);
    let spec = json!({"slug": "x", "bank": "x", "timing": {"minutes": 5}, "scoring": {"cut": 2, "cuts": {"second": 3}},
        "blueprint": {"forms": {"first": ["b-0001", "a-0001"], "second": ["a-0002", "a-0003", "b-0002"]}, "avoid": {"last_attempts": 1}}});
    let spec = ExamSpec::from_value(&spec).unwrap();
    assert_eq!(ExamSpec::from_value(&spec.to_value()).unwrap(), spec);
    let plan = spec.plan(versions.iter().map(Into::into)).unwrap();
    assert_eq!((plan.positions(), plan.scored()), (3, 2));
    let mut met = BTreeMap::new();
    for n in 0..40 {
        let form = plan.draw(Seed([n; 32]));
        let listed: Vec<String> = form.positions().iter().map(|p| p.slug.clone()).collect();
        met.insert(form.name().unwrap().to_owned(), (listed, spec.scoring.cut_of(&form)));
    }
    let list = |slugs: &[&str]| slugs.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    assert_eq!(met["first"], (list(&["b-0001", "a-0001"]), Cut::Points(2)));
    assert_eq!(met["second"], (list(&["a-0002", "a-0003", "b-0002"]), Cut::Points(3)));
    let earlier = vec![["a-0002".to_owned()].into()];
    for n in 0..20 {
        let again = plan.assemble(Seed([n; 32]), &Circumstances { earlier: earlier.clone(), used: BTreeMap::new() });
        assert_eq!(again.name(), Some("first"), "the other one was sat before");
    }
    let mut high = spec.to_value();
    high["scoring"]["cuts"]["first"] = json!(201);
    assert_eq!(ExamSpec::from_value(&high).unwrap_err()[0].pointer, "/scoring/cuts/first");
}

#[test]
fn sections_stand_in_their_order_and_agree_with_the_rest() {
    let value = |change: &dyn Fn(&mut Value)| {
        let mut value = json!({"slug": "x", "bank": "x", "timing": {"minutes": 60}, "scoring": {"cut": 3},
            "blueprint": {"domains": {"a": 2, "b": 2, "c": 2}}, "sections": [
                {"name": "late", "domains": ["c"], "minutes": 20, "navigation": "locked", "break_minutes": 10},
                {"name": "early", "title": {"en": "Early"}, "domains": ["b", "a"], "minutes": 40, "navigation": "free"}]});
        change(&mut value);
        value
    };
    let spec = ExamSpec::from_value(&value(&|_| ())).unwrap();
    assert_eq!(ExamSpec::from_value(&spec.to_value()).unwrap(), spec);
    let versions = bank(&[("a", 5), ("b", 5), ("c", 5)]);
    let form = spec.plan(versions.iter().map(Into::into)).unwrap().draw(Seed([1; 32]));
    let order: Vec<&str> = form.positions().iter().map(|p| p.section.as_str()).collect();
    assert_eq!(order, ["c", "c", "a", "a", "b", "b"]);
    assert_eq!(spec.sections_of(&form).collect::<Vec<_>>(), ["late", "late", "early", "early", "early", "early"]);
    let wrong = |change: &dyn Fn(&mut Value)| {
        let found = ExamSpec::from_value(&value(change)).unwrap_err().remove(0);
        (found.pointer, found.code)
    };
    let is = |pointer: &str, code| (pointer.to_owned(), code);
    assert_eq!(wrong(&|v| v["sections"][0]["minutes"] = json!(19)), is("/timing/minutes", "minutes_differ"));
    assert_eq!(wrong(&|v| v["sections"][0]["minutes"] = Value::Null), is("/sections", "some_minutes"));
    assert_eq!(wrong(&|v| v["sections"][1]["domains"] = json!(["b"])), is("/sections", "domain_without_section"));
    assert_eq!(wrong(&|v| v["sections"][0]["domains"] = json!(["c", "a"])), is("/sections/1/domains/1", "repeated"));
    assert_eq!(
        wrong(&|v| v["sections"][0]["domains"] = json!(["c", "d"])),
        is("/sections/0/domains/1", "unknown_domain")
    );
    assert_eq!(wrong(&|v| v["sections"][0]["navigation"] = json!("lockd")), is("/sections/0/navigation", "not_one_of"));
    assert_eq!(wrong(&|v| v["release"] = json!({"on": "2027-04-01"})), is("/release/on", "not_a_time"));
    assert_eq!(
        wrong(&|v| v["scoring"]["scale"] = json!({"min": 5, "cut": 5, "max": 9})),
        is("/scoring/scale", "scale_out_of_order")
    );
    assert_eq!(wrong(&|v| v["scoring"]["cuts"] = json!({"a": 1})), is("/scoring/cuts", "contradiction"));
    let dated = ExamSpec::from_value(&value(&|v| v["release"] = json!({"on": "2027-04-01T09:00:00+09:00"}))).unwrap();
    assert_eq!(dated.to_value()["release"], json!({"on": "2027-04-01T00:00:00Z"}));
}

#[test]
fn pretest_and_voided_items_change_what_counts_and_nothing_else() {
    let versions = bank(&[("d", 6)]);
    let pretest = ["d-4", "d-5"];
    let offered = versions.iter().map(|v| {
        let item = Drawable::from(v);
        if pretest.contains(&v.slug()) { item.as_pretest() } else { item }
    });
    let blueprint = Blueprint::from_value(&json!({"domains": {"d": 4}, "pretest": 2})).unwrap();
    let form = blueprint.plan(offered).unwrap().draw(Seed([5; 32]));
    assert_eq!(Form::from_stored(&form.to_stored()).unwrap(), form);
    let unscored: BTreeSet<&str> = form.positions().iter().filter(|p| !p.scored).map(|p| p.slug.as_str()).collect();
    assert_eq!(unscored, pretest.into());
    let keys: KeySet = versions.iter().collect();
    let right = |slug: &str| {
        let position = form.positions().iter().find(|p| p.slug == slug).unwrap();
        let key: Value =
            serde_json::from_str(&versions.iter().find(|v| v.slug() == slug).unwrap().key().to_stored()).unwrap();
        let handle = position.options().iter().find(|o| key["options"][0] == o.option.as_str()).unwrap();
        (position.number, Response::check(&json!([handle.handle.as_str()]), position).unwrap())
    };
    let hash = |slug: &str| versions.iter().find(|v| v.slug() == slug).unwrap().hash();
    let scale = Some(Scale { min: 0, cut: 50, max: 100 });
    let told = |answered: &[&str], voided: &[(&str, Treatment)]| {
        let terms = Terms { cut: Cut::Points(3), scale, voided: voided.iter().map(|(s, t)| (hash(s), *t)).collect() };
        let scored =
            score_on(&form, &keys, &answered.iter().map(|s| right(s)).collect(), &BTreeMap::new(), &terms).unwrap();
        let s = scored.summary().clone();
        (s.points.to_string(), s.max.to_string(), s.passed, s.scaled.unwrap().score)
    };
    let is = |points: &str, max: &str, passed, scaled| (points.to_owned(), max.to_owned(), passed, scaled);
    assert_eq!(told(&["d-0", "d-1", "d-4", "d-5"], &[]), is("2", "4", false, 33), "pretest items count nowhere");
    assert_eq!(told(&["d-0", "d-1", "d-2"], &[]), is("3", "4", true, 50));
    assert_eq!(told(&["d-0", "d-1"], &[("d-3", Treatment::FullCredit)]), is("3", "4", true, 50));
    assert_eq!(
        told(&["d-0", "d-1"], &[("d-3", Treatment::Drop)]),
        is("2", "3", false, 44),
        "9/4 of 3 points are needed"
    );
    assert_eq!(told(&["d-0", "d-1", "d-3"], &[("d-3", Treatment::Drop)]), is("2", "3", false, 44), "a pass that falls");
    assert_eq!(told(&["d-0", "d-1"], &[("d-4", Treatment::FullCredit)]), is("2", "4", false, 33), "it never counted");
}

/// 2,000 items in 20 domains, 10 bounds on tags and 10 enemy sets: 40 constraints.
fn large() -> (Vec<ItemVersion>, Value) {
    let domains: Vec<String> = (0..20).map(|n| format!("d{n:02}")).collect();
    let mut versions = vec![];
    for (n, domain) in domains.iter().enumerate() {
        for i in 0..100 {
            let marks = json!({"tags": [format!("t{}", (i + n) % 10)]});
            let version = marked(&format!("{domain}-{i:03}"), domain, &marks);
            let mut content = version.content().clone();
            content.enemies.extend((i % 10 == 0).then(|| format!("e{}", n % 10)));
            versions.push(ItemVersion::new(content, version.key().clone(), None).expect("an item"));
        }
    }
    let counts: serde_json::Map<String, Value> =
        domains.iter().enumerate().map(|(n, d)| (d.clone(), json!(if n < 5 { 4 } else { 3 }))).collect();
    let tags: serde_json::Map<String, Value> =
        (0..10).map(|n| (format!("t{n}"), json!({"at_least": 5, "at_most": 8}))).collect();
    (versions, json!({"domains": counts, "tags": tags}))
}

#[test]
fn sixty_five_of_two_thousand_keep_forty_constraints() {
    let (versions, blueprint) = large();
    let plan = plan(&versions, &blueprint).expect("a plan");
    let forms: Vec<Form> = (0..100).map(|n| plan.draw(Seed([n; 32]))).collect();
    for form in &forms {
        assert_eq!((form.positions().len(), form.relaxed()), (65, &[][..]));
        holds(form, &versions, &blueprint);
    }
}

/// Counts, tags and enemies of a form, worked out from the items themselves.
fn holds(form: &Form, versions: &[ItemVersion], blueprint: &Value) {
    let known: BTreeMap<&str, &ItemVersion> = versions.iter().map(|v| (v.slug(), v)).collect();
    let of = |p: &str| known[p].content();
    for (domain, need) in blueprint["domains"].as_object().expect("an object") {
        let have =
            form.positions().iter().filter(|p| p.scored && of(&p.slug).domain.as_deref() == Some(domain)).count();
        assert_eq!(have as u64, need.as_u64().expect("a number"), "{domain}");
    }
    for (tag, bounds) in blueprint["tags"].as_object().into_iter().flatten() {
        let have = form.positions().iter().filter(|p| p.scored && of(&p.slug).tags.contains(tag)).count() as u64;
        assert!(
            have >= bounds["at_least"].as_u64().expect("a number")
                && have <= bounds["at_most"].as_u64().expect("a number"),
            "{tag}: {have}"
        );
    }
    let mut met = BTreeSet::new();
    let sets = form.positions().iter().flat_map(|p| &of(&p.slug).enemies);
    assert!(sets.into_iter().all(|set| met.insert(set)), "enemies meet");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_form_keeps_every_rule(seed: [u8; 32], a in 1_u32..8, b in 1_u32..8, least in 0_u32..3, room in 0_u32..4, pretest in 0_u32..4) {
        let versions = tagged(&["a", "b"], 20);
        let rules = json!({"domains": {"a": a, "b": b}, "tags": {"t3": {"at_least": least, "at_most": least + room}}, "pretest": pretest});
        let blueprint = Blueprint::from_value(&rules).unwrap();
        let offer = |v: &ItemVersion| if v.slug().ends_with('9') { Drawable::from(v).as_pretest() } else { v.into() };
        let mut offered: Vec<Drawable> = versions.iter().map(offer).collect();
        match blueprint.plan(offered.iter().cloned()) {
            Ok(plan) => {
                let form = plan.draw(Seed(seed));
                holds(&form, &versions, &rules);
                prop_assert_eq!(form.positions().len() as u32, a + b + pretest);
                prop_assert_eq!(slugs(&form).len(), form.positions().len());
                prop_assert!(form.positions().iter().all(|p| p.scored != p.slug.ends_with('9')));
                let sections: Vec<&str> = form.positions().iter().map(|p| p.section.as_str()).collect();
                prop_assert!(sections.is_sorted());
                offered.reverse();
                prop_assert_eq!(&blueprint.plan(offered).unwrap().draw(Seed(seed)), &form, "the order of the bank makes no difference");
                prop_assert_eq!(&Form::from_stored(&form.to_stored()).unwrap(), &form);
            }
            Err(wrong) => {
                let reach = 2_u32.min(a) + 2_u32.min(b);
                prop_assert!(least > reach, "refused without need: {:?}", wrong);
            }
        }
    }
}
