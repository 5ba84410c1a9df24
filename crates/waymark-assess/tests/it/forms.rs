//! Forms: the blueprint is met, the same seed gives the same form, and scores are exact.

use crate::bank::{bank, fields, item};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use waymark_assess::{
    Blueprint, Form, ItemVersion, Rational, Seed,
    form::Position,
    item::Interaction,
    response::Response,
    score::{Cut, KeySet, NotScorable, Outcome, score},
};

fn blueprint(value: &Value) -> Blueprint {
    Blueprint::from_value(value).expect("test blueprints are well-formed")
}

fn draw(versions: &[ItemVersion], blueprint: &Blueprint, seed: u8) -> Form {
    blueprint.plan(versions.iter().map(Into::into)).expect("the bank is large enough").draw(Seed([seed; 32]))
}

fn by_slug(versions: &[ItemVersion]) -> BTreeMap<&str, &ItemVersion> {
    versions.iter().map(|version| (version.slug(), version)).collect()
}

/// The handles of the right options, worked out from the stored key.
fn right_handles(form: &Form, number: u32, versions: &[ItemVersion]) -> Value {
    let position = form.position(number).expect("a position of the form");
    let key: Value =
        serde_json::from_str(&by_slug(versions)[position.slug.as_str()].key().to_stored()).expect("canonical JSON");
    let right: Vec<&str> = key["options"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    position.options().iter().filter(|o| right.contains(&o.option.as_str())).map(|o| o.handle.as_str()).collect()
}

#[test]
fn this_seed_gives_this_form_for_good() {
    let mut versions = bank(&[("people", 6), ("security", 9)]);
    let domains = blueprint(&json!({"domains": {"security": 3, "people": 2}}));
    let form = draw(&versions, &domains, 7);
    // Worked out from the documented rules by another program with a ChaCha20 of its own.
    let golden = [
        ("people-0", "a78419c5c9de06e2=b fa1212c00e11dbd2=c 843227057a821856=d d13d320940865401=a"),
        ("people-4", "0e0b340ff327d45c=c a6878054cd6c326e=b 64d2b7b303360b21=d 8a4cb4193b2c8044=a"),
        ("security-2", "ff53d597569cf1b2=b a0ad3f57dfcfed91=d 53d5d36c88b05dd0=a d468a0cd735552bc=c"),
        ("security-5", "1734de600bf51bf6=a b1ae4eb77c2235f1=c ba7f6d90e55545c0=d 17a0f9e8d01e8ca2=b"),
        ("security-6", "4ffa362576b814fb=c 8409b7f956277628=d 7245080c828cea03=b 302ed44bb0d557bb=a"),
    ];
    assert_eq!(form.positions().len(), golden.len());
    for ((number, position), (slug, options)) in (1..).zip(form.positions()).zip(golden) {
        let drawn: Vec<_> = position.options().iter().map(|o| format!("{}={}", o.handle, o.option)).collect();
        assert_eq!((position.number, position.slug.as_str(), drawn.join(" ").as_str()), (number, slug, options));
        assert!(slug.starts_with(&position.section));
    }
    versions.reverse();
    assert_eq!(draw(&versions, &domains, 7), form, "the order of the bank makes no difference");
    assert_eq!(Form::from_stored(&form.to_stored()).expect("just stored"), form);
}

#[test]
fn a_blueprint_that_the_bank_cannot_fill_names_what_binds() {
    let versions = bank(&[("people", 1), ("security", 3)]);
    let refuse = |value: Value| blueprint(&value).plan(versions.iter().map(Into::into)).unwrap_err();
    let mistakes = refuse(json!({"domains": {"security": 5, "people": 1, "secruity": 1}}));
    let named: Vec<_> = mistakes.iter().map(|m| (m.pointer.as_str(), m.message.as_str())).collect();
    assert_eq!(
        named,
        [
            ("/domains/secruity", "domain `secruity` has 0 items, the blueprint asks for 1; did you mean `security`?"),
            ("/domains/security", "domain `security` has 3 items, the blueprint asks for 5"),
        ]
    );
    let by_group = |n: u32| json!({"group_by": {"id_prefix": n}, "one_from_each": "group"});
    assert_eq!(refuse(by_group(9))[0].code, "id_too_short");
    assert_eq!(blueprint(&by_group(3)).plan([]).unwrap_err()[0].code, "empty_bank");
    let twice = versions.iter().chain(&versions).map(Into::into);
    assert_eq!(blueprint(&by_group(3)).plan(twice).unwrap_err()[0].code, "duplicate_item");
    let wide = bank(&[("d", 501)]);
    assert_eq!(
        blueprint(&by_group(5))
            .plan(wide.iter().filter(|v| v.slug().len() >= 5).map(Into::into))
            .map(|p| p.positions()),
        Ok(401)
    );
    let wide = bank(&[("domain", 1001)]).into_iter().filter(|v| v.slug().len() == 10).collect::<Vec<_>>();
    assert_eq!(blueprint(&by_group(10)).plan(wide.iter().map(Into::into)).unwrap_err()[0].code, "too_many_positions");
}

#[test]
fn a_damaged_form_does_not_read_back() {
    let form = draw(&bank(&[("d", 3)]), &blueprint(&json!({"domains": {"d": 2}})), 1);
    let stored: Value = serde_json::from_str(&form.to_stored()).expect("canonical JSON");
    let damaged = |change: &dyn Fn(&mut Value)| {
        let mut value = stored.clone();
        change(&mut value);
        Form::from_stored(&value.to_string()).is_err()
    };
    assert!(!damaged(&|_| ()));
    assert!(damaged(&|form| form["positions"] = json!([])));
    assert!(damaged(&|form| form["positions"] = Value::Array(vec![form["positions"][0].clone(); 501])));
    assert!(damaged(&|form| form["positions"][1]["choice"] = form["positions"][0]["choice"].clone()), "handles twice");
    assert!(damaged(&|form| form["positions"][0]["item"] = json!("00")));
    assert!(damaged(&|form| form["positions"][0]["choice"]["options"][0][1] = json!("no id")));
    assert!(damaged(&|form| form["seed"] = json!("07")));
    assert!(damaged(&|form| form["scored"] = json!(true)));
}

#[test]
fn all_or_nothing_and_the_cut_are_exact() {
    let mut many = fields("m", "d", 0);
    many["correct"] = json!([0, 2]);
    let versions = [item(&many), item(&fields("s", "d", 1))];
    let form = draw(&versions, &blueprint(&json!({"domains": {"d": 2}})), 1);
    let keys: KeySet = versions.iter().collect();
    let at = |slug: &str| form.positions().iter().find(|p| p.slug == slug).expect("both are drawn");
    let handles = |options: &[&str]| -> Value {
        at("m").options().iter().filter(|o| options.contains(&o.option.as_str())).map(|o| o.handle.as_str()).collect()
    };
    let outcome = |options: &[&str]| {
        let response = Response::check(&handles(options), at("m")).expect("its own handles");
        let scored = score(&form, &keys, &BTreeMap::from([(at("m").number, response)]), Cut::Points(1))
            .expect("they belong together");
        scored.positions().iter().find(|(number, _)| *number == at("m").number).expect("scored").1
    };
    assert_eq!(outcome(&["a", "c"]), Outcome::Right);
    assert_eq!(outcome(&["a"]), Outcome::Wrong);
    assert_eq!(outcome(&["a", "b", "c"]), Outcome::Wrong);
    assert_eq!(outcome(&["a", "b", "c", "d"]), Outcome::Wrong);
    assert_eq!(outcome(&[]), Outcome::Omitted);
    let percent = |text: &str| Cut::Percent(text.parse().expect("a fraction"));
    let (one, two, three) = (Rational::from(1), Rational::from(2), Rational::from(3));
    assert!(
        percent("200/3").is_passed_by(two, three)
            && !percent("66.67").is_passed_by(two, three)
            && percent("66.66").is_passed_by(two, three)
    );
    assert!(Cut::Points(1).is_passed_by(one, three) && !Cut::Points(2).is_passed_by(one, three));
}

#[test]
fn what_does_not_belong_together_is_not_scored() {
    let versions = bank(&[("d", 4)]);
    let (form, other) = (
        draw(&versions, &blueprint(&json!({"domains": {"d": 2}})), 1),
        draw(&versions, &blueprint(&json!({"domains": {"d": 3}})), 2),
    );
    let keys: KeySet = versions.iter().collect();
    let foreign = Response::check(&right_handles(&other, 1, &versions), other.position(1).unwrap()).unwrap();
    let refuse = |keys: &KeySet, number, response: &Response| {
        score(&form, keys, &BTreeMap::from([(number, response.clone())]), Cut::Points(1))
    };
    assert_eq!(refuse(&keys, 1, &foreign), Err(NotScorable::ForeignHandle(1)));
    assert_eq!(refuse(&keys, 3, &Response::cleared()), Err(NotScorable::NoSuchPosition(3)));
    assert_eq!(refuse(&KeySet::default(), 1, &Response::cleared()), Err(NotScorable::KeyMissing(1)));
}

#[test]
fn responses_are_checked_against_the_form() {
    let mut chosen_two = fields("m", "d", 0);
    (chosen_two["correct"], chosen_two["choose"]) = (json!([0, 2]), json!(2));
    let versions = [item(&chosen_two)];
    let form = draw(&versions, &blueprint(&json!({"domains": {"d": 1}})), 1);
    let position = form.position(1).unwrap();
    let handle: Vec<&str> = position.options().iter().map(|o| o.handle.as_str()).collect();
    let refused = |value: Value| Response::check(&value, position).map_err(|m| (m[0].pointer.clone(), m[0].code));
    assert_eq!(refused(json!(handle[..3])), Err((String::new(), "too_many_choices")));
    assert_eq!(refused(json!([handle[0], handle[0]])), Err(("/1".into(), "duplicate_handle")));
    assert_eq!(refused(json!([handle[0], "a"])), Err(("/1".into(), "unknown_handle")));
    assert_eq!(refused(json!([7])), Err(("/0".into(), "unknown_handle")));
    assert_eq!(refused(json!("a")), Err((String::new(), "not_a_list")));
    assert_eq!(refused(json!([handle[3], handle[1]])), refused(json!([handle[1], handle[3]])));
    assert!(refused(json!([])).unwrap().is_cleared());
    assert!(form.position(0).is_none() && form.position(2).is_none());
}

proptest! {
    #[test]
    fn every_form_meets_the_blueprint(seed: [u8; 32], security in 1_u32..20, people in 1_u32..10) {
        let mut versions = bank(&[("people", 10), ("security", 20), ("other", 5)]);
        let mut above = fields("security-above", "security", 0);
        above["answers"][3] = json!("None of the above");
        versions.push(item(&above));
        let domains = blueprint(&json!({"domains": {"security": security, "people": people}}));
        let plan = domains.plan(versions.iter().map(Into::into)).unwrap();
        let form = plan.draw(Seed(seed));
        prop_assert_eq!(&form, &plan.draw(Seed(seed)));
        let drawn = |domain: &str| form.positions().iter().filter(|p| p.section == domain).count();
        prop_assert_eq!((drawn("security"), drawn("people"), form.positions().len()),
            (security as usize, people as usize, (security + people) as usize));
        let slugs: BTreeSet<_> = form.positions().iter().map(|p| &p.slug).collect();
        prop_assert_eq!(slugs.len(), form.positions().len());
        let handles: BTreeSet<_> = form.positions().iter().flat_map(Position::options).map(|o| &o.handle).collect();
        prop_assert_eq!(handles.len(), 4 * form.positions().len());
        let known = by_slug(&versions);
        for (n, position) in (1..).zip(form.positions()) {
            let version = known[position.slug.as_str()];
            prop_assert_eq!((position.number, position.item), (n, version.hash()));
            prop_assert_eq!(version.content().domain.as_deref(), Some(position.section.as_str()));
            let Interaction::Choice(choice) = &version.content().interaction else { unreachable!() };
            let shown: BTreeSet<_> = position.options().iter().map(|o| &o.option).collect();
            prop_assert_eq!(shown, choice.options.iter().map(|o| &o.id).collect());
            for (option, placed) in choice.options.iter().zip(position.options()) {
                prop_assert!(!option.fixed || option.id == placed.option);
            }
        }
    }

    #[test]
    fn points_are_the_right_answers_and_reruns_are_identical(seed: [u8; 32], choices in proptest::collection::vec(0_usize..6, 8)) {
        let versions = bank(&[("a", 6), ("b", 6)]);
        let form = blueprint(&json!({"domains": {"a": 4, "b": 4}})).plan(versions.iter().map(Into::into)).unwrap().draw(Seed(seed));
        let keys: KeySet = versions.iter().collect();
        let (mut responses, mut right) = (BTreeMap::new(), 0_u32);
        for (position, choice) in form.positions().iter().zip(&choices) {
            // 0 to 3 an option, 4 cleared, 5 never answered.
            if *choice == 5 { continue }
            let sent: Value = position.options().get(*choice).map(|o| json!([o.handle.as_str()])).unwrap_or(json!([]));
            right += u32::from(sent == right_handles(&form, position.number, &versions));
            responses.insert(position.number, Response::check(&sent, position).unwrap());
        }
        let cut = Cut::Points(5);
        let scored = score(&form, &keys, &responses, cut).unwrap();
        let summary = scored.summary();
        prop_assert_eq!(summary.points, Rational::from(right));
        prop_assert_eq!((summary.max, summary.passed), (Rational::from(8), right >= 5));
        prop_assert_eq!(summary.sections.iter().map(|s| (s.section.as_str(), s.of)).collect::<Vec<_>>(), [("a", 4), ("b", 4)]);
        prop_assert_eq!(summary.sections.iter().map(|s| s.right).sum::<u32>(), right);
        let again = score(&Form::from_stored(&form.to_stored()).unwrap(), &versions.iter().rev().collect(), &responses, cut).unwrap();
        prop_assert_eq!(scored.to_stored(), again.to_stored());
    }
}
