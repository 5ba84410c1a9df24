//! Exams and blueprints as files say them: what is wrong is named with its place, all at once.

use crate::bank::bank;
use serde_json::{Value, json};
use waymark_assess::{Blueprint, ExamSpec, Mistake, blueprint::Drawable, score::Cut, spec::Release};

fn example() -> Value {
    json!({
        "slug": "foundations-exam",
        "bank": "technician",
        "blueprint": {"domains": {"security": 5, "people": 3}},
        "timing": {"minutes": 60},
        "scoring": {"cut": 6},
    })
}

fn wrong(change: impl Fn(&mut Value)) -> Vec<(String, &'static str)> {
    let mut value = example();
    change(&mut value);
    let list = |mistakes: Vec<Mistake>| mistakes.into_iter().map(|m| (m.pointer, m.code)).collect();
    ExamSpec::from_value(&value).map_or_else(list, |_| Vec::new())
}

#[test]
fn what_is_left_out_has_a_default_and_the_rest_is_read() {
    let spec = ExamSpec::from_value(&example()).unwrap();
    assert_eq!((spec.rules.attempts, spec.rules.cool_down_days, spec.timing.grace_seconds), (None, 0, 0));
    assert_eq!((spec.release, spec.title.is_none()), (Release::AtOnce, true));
    assert_eq!(ExamSpec::from_value(&spec.to_value()).unwrap(), spec);
    let mut full = example();
    full["title"] = json!({"ja": "基礎", "en": "Foundations"});
    full["description"] = json!({"ja": "資料を見てよい", "en": "Open book"});
    full["timing"]["grace_seconds"] = json!(10);
    full["domains"] = json!([{"domain": "security", "title": {"en": "Keys", "ja": "鍵"}}, {"domain": "people", "title": {"en": "People"}}]);
    full["rules"] = json!({"attempts": 3, "cool_down_days": 14});
    full["scoring"] = json!({"cut_percent": "200/3"});
    full["release"] = json!("held");
    let spec = ExamSpec::from_value(&full).unwrap();
    assert_eq!(spec.to_value(), full);
    let order: Vec<_> = ["people", "security", "craft"].map(|name| spec.domain(name).map(|(at, _)| at)).into();
    assert_eq!(order, [Some(1), Some(0), None], "in the order of the file");
    let title = json!({"en": "Keys"});
    let twice = json!([{"domain": "security", "title": title}, {"domain": "security", "title": title}]);
    assert_eq!(wrong(|v| v["domains"] = twice.clone()), [("/domains/1/domain".to_owned(), "repeated")]);
    assert_eq!(wrong(|v| v["domains"] = json!({"security": 5})), [("/domains".to_owned(), "not_a_list")]);
    let nameless = wrong(|v| v["domains"] = json!([{"title": title}]));
    assert_eq!(nameless, [("/domains/0/domain".to_owned(), "missing")]);
    assert_eq!(spec.scoring.cut, Cut::Percent("200/3".parse().unwrap()));
}

#[test]
fn each_mistake_has_its_place() {
    let one = |pointer: &str, code: &'static str| vec![(pointer.to_owned(), code)];
    assert_eq!(wrong(|_| ()), []);
    assert_eq!(wrong(|v| v["slug"] = json!("Foundations Exam")), one("/slug", "not_a_slug"));
    assert_eq!(wrong(|v| v["bank"] = json!("technician.csv")), one("/bank", "not_a_slug"));
    assert_eq!(wrong(|v| v["bank"] = Value::Null), one("/bank", "missing"));
    assert_eq!(wrong(|v| v["title"] = json!({"japanese": "x"})), one("/title", "not_a_language"));
    assert_eq!(wrong(|v| v["title"] = json!({"ja": 3})), one("/title/ja", "not_a_text"));
    assert_eq!(
        wrong(|v| v["timing"] = json!({"minuts": 60})),
        vec![("/timing/minuts".into(), "unknown_field"), ("/timing/minutes".into(), "missing")]
    );
    assert_eq!(wrong(|v| v["timing"]["minutes"] = json!(0)), one("/timing/minutes", "not_a_whole_number"));
    assert_eq!(wrong(|v| v["timing"]["minutes"] = json!(60.5)), one("/timing/minutes", "not_a_whole_number"));
    assert_eq!(
        wrong(|v| v["timing"]["grace_seconds"] = json!(301)),
        one("/timing/grace_seconds", "not_a_whole_number")
    );
    assert_eq!(wrong(|v| v["rules"] = json!({"attempts": 0})), one("/rules/attempts", "not_a_whole_number"));
    assert_eq!(wrong(|v| v["rules"] = json!([])), one("/rules", "not_an_object"));
    assert_eq!(wrong(|v| v["scoring"] = json!({})), one("/scoring", "one_cut"));
    assert_eq!(wrong(|v| v["scoring"] = json!({"cut": 6, "cut_percent": 50})), one("/scoring", "one_cut"));
    assert_eq!(
        wrong(|v| v["scoring"]["cut"] = json!(801)),
        one("/scoring/cut", "cut_out_of_reach"),
        "8 items of at most 100 points"
    );
    assert_eq!(
        wrong(|v| v["scoring"] = json!({"cut_percent": 100.5})),
        one("/scoring/cut_percent", "not_a_percentage")
    );
    assert_eq!(
        wrong(|v| v["scoring"] = json!({"cut_percent": "70%"})),
        one("/scoring/cut_percent", "not_a_percentage")
    );
    assert_eq!(wrong(|v| v["release"] = json!("at once")), one("/release", "not_one_of"));
    assert_eq!(wrong(|v| v["colour"] = json!(1)), one("/colour", "unknown_field"));
    assert_eq!(
        wrong(|v| v["blueprint"]["domains"]["security"] = json!("five")),
        one("/blueprint/domains/security", "not_a_whole_number")
    );
    assert_eq!(ExamSpec::from_value(&json!("x")).unwrap_err()[0].code, "not_an_object");
}

#[test]
fn all_mistakes_come_at_once_with_what_was_probably_meant() {
    let value = json!({"slug": "x", "bnak": "b", "blueprint": {"one_from_each": "grop", "group_by": {"id_prefix": 0}},
        "timing": {"minutes": "60"}, "scoring": {"cut": 1}});
    let mistakes = ExamSpec::from_value(&value).unwrap_err();
    let named: Vec<_> = mistakes.iter().map(|m| m.pointer.as_str()).collect();
    assert_eq!(
        named,
        ["/bnak", "/bank", "/blueprint/one_from_each", "/blueprint/group_by/id_prefix", "/timing/minutes"]
    );
    assert!(
        mistakes[0].message.contains("did you mean `bank`?") && mistakes[2].message.contains("did you mean `group`?")
    );
    assert!(mistakes.iter().all(|m| m.message_ja.chars().any(|c| c > '\u{3000}')));
}

#[test]
fn a_blueprint_says_one_thing() {
    let codes = |value: Value| {
        Blueprint::from_value(&value).map_err(|m| m.iter().map(|m| (m.pointer.clone(), m.code)).collect::<Vec<_>>())
    };
    let one = |pointer: &str, code: &'static str| Err(vec![(pointer.to_owned(), code)]);
    assert_eq!(codes(json!({})), one("", "missing"));
    assert_eq!(codes(json!({"domains": {}})), one("/domains", "not_an_object"));
    assert_eq!(codes(json!({"domains": {"a": 0}})), one("/domains/a", "not_a_whole_number"));
    assert_eq!(codes(json!({"domains": {"a": 400, "b": 101}})), one("/domains", "too_many_positions"));
    assert_eq!(codes(json!({"domains": {"a": 1}, "one_from_each": "group"})), one("/one_from_each", "contradiction"));
    assert_eq!(codes(json!({"group_by": {"id_prefix": 3}})), one("/one_from_each", "missing"));
    assert_eq!(codes(json!({"one_from_each": "group"})), one("/group_by", "missing"));
    assert_eq!(codes(json!({"group_by": {"prefix": 3}, "one_from_each": "group"})).unwrap_err().len(), 2);
    let groups = json!({"group_by": {"id_prefix": 3}, "one_from_each": "group"});
    assert_eq!(Blueprint::from_value(&groups).unwrap().to_value(), groups);
}

#[test]
fn a_cut_beyond_every_form_of_the_bank_is_refused() {
    let mut value = example();
    value["blueprint"] = json!({"group_by": {"id_prefix": 1}, "one_from_each": "group"});
    let spec = ExamSpec::from_value(&value).unwrap();
    let versions = bank(&[("security", 3), ("people", 3)]);
    assert_eq!(spec.plan(versions.iter().map(Into::into)).unwrap_err()[0].pointer, "/scoring/cut");
    value["blueprint"] = json!({"domains": {"security": 6}});
    let spec = ExamSpec::from_value(&value).unwrap();
    assert_eq!(spec.plan(versions.iter().map(Into::into)).unwrap_err()[0].pointer, "/blueprint/domains/security");
}

#[test]
fn what_a_form_is_worth_is_what_its_items_are_worth() {
    let versions = bank(&[("security", 3), ("people", 1)]);
    let mut value = example();
    value["blueprint"] = json!({"domains": {"security": 2, "people": 1}});
    let plan = |cut: u32, points: [u32; 4]| {
        let mut value = value.clone();
        value["scoring"] = json!({"cut": cut});
        let offered = versions.iter().zip(points).map(|(version, points)| Drawable::from(version).worth(points));
        ExamSpec::from_value(&value).unwrap().plan(offered).map(|plan| plan.points())
    };
    assert_eq!(plan(1, [1, 1, 1, 1]), Ok((3, 3)));
    assert_eq!(plan(9, [3, 3, 3, 3]), Ok((9, 9)));
    let mixed = plan(1, [1, 2, 6, 4]).unwrap();
    assert_eq!(mixed.1 - mixed.0, 5, "the two of security: 1 + 2 or 2 + 6");
    assert_eq!(plan(10, [3, 3, 3, 3]).unwrap_err()[0].pointer, "/scoring/cut");
    value["blueprint"] = json!({"forms": {"a": [versions[0].slug(), versions[1].slug()], "b": [versions[2].slug(), versions[3].slug()]}});
    let plan = |cuts: Value| {
        let mut value = value.clone();
        value["scoring"] = json!({"cut": 1, "cuts": cuts});
        let offered = versions.iter().map(|version| Drawable::from(version).worth(2));
        ExamSpec::from_value(&value).unwrap().plan(offered).map(|plan| plan.points())
    };
    assert_eq!(plan(json!({"a": 4, "b": 3})), Ok((4, 4)));
    assert_eq!(plan(json!({"a": 5})).unwrap_err()[0].pointer, "/scoring/cuts/a");
}
