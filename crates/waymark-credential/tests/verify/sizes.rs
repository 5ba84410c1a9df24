//! How long an input may be: to the byte, in each container.

use waymark_credential::{
    bake::svg,
    verify::{CheckId, Code, MAX_DOCUMENT, Policy, State, Unreadable},
};

use crate::made::{NOW, World, at, credential, guild, list};

const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;

fn state(input: &str) -> Result<State, Unreadable> {
    World::of_guild(&[]).verify(input.as_bytes(), &Policy::product(), at(NOW)).map(|report| report.state())
}

fn padded(text: &str, size: usize) -> String {
    format!("{text}{}", " ".repeat(size - text.len()))
}

/// Inside the object, for what stands around it is left aside in places.
fn wide(object: &str, size: usize) -> String {
    format!("{{{}{}", " ".repeat(size - object.len()), &object[1..])
}

#[test]
fn a_document_may_be_this_long() {
    let signed = guild().embed(&credential(&guild())).to_string();
    assert_eq!(state(&padded(&signed, MAX_DOCUMENT)), Ok(State::Valid));
    let longer = Err(Unreadable::TooLarge { size: MAX_DOCUMENT + 1, limit: MAX_DOCUMENT });
    assert_eq!(state(&padded(&signed, MAX_DOCUMENT + 1)), longer);
}

#[test]
fn a_drawing_may_be_this_long() {
    let baked = svg::bake(PICTURE, &guild().embed(&credential(&guild())).to_string()).unwrap();
    assert_eq!(state(&padded(&baked, svg::MAX_BYTES)), Ok(State::Valid));
    let longer = Err(Unreadable::TooLarge { size: svg::MAX_BYTES + 1, limit: svg::MAX_BYTES });
    assert_eq!(state(&padded(&baked, svg::MAX_BYTES + 1)), longer);
}

#[test]
fn what_a_picture_carries_may_be_as_long_as_a_document() {
    let signed = guild().embed(&credential(&guild())).to_string();
    let carrying = |size: usize| svg::bake(PICTURE, &wide(&signed, size)).unwrap();
    assert_eq!(state(&carrying(MAX_DOCUMENT)), Ok(State::Valid));
    let longer = Err(Unreadable::TooLarge { size: MAX_DOCUMENT + 1, limit: MAX_DOCUMENT });
    assert_eq!(state(&carrying(MAX_DOCUMENT + 1)), longer);
}

#[test]
fn a_status_list_may_be_this_long() {
    let signed = guild().embed(&credential(&guild())).to_string();
    let listed = guild().embed(&list(&guild(), &[])).to_string();
    let judged = |size: usize| {
        let world = World::of_guild(&[]).with_list_bytes(wide(&listed, size).into_bytes());
        let report = world.verify(signed.as_bytes(), &Policy::product(), at(NOW)).unwrap();
        (report.state(), report.check(CheckId::Status).detail.code)
    };
    assert_eq!(judged(2_097_152), (State::Valid, Code::StatusClear), "2 MiB");
    assert_eq!(judged(2_097_153), (State::Unknown, Code::ListUnusable));
}
