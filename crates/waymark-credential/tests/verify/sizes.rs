//! How long an input may be: to the byte, in each container.

use waymark_credential::{
    bake::svg,
    verify::{MAX_DOCUMENT, Policy, State, Unreadable},
};

use crate::made::{NOW, World, at, credential, guild};

const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;

fn state(input: &str) -> Result<State, Unreadable> {
    World::of_guild(&[]).verify(input.as_bytes(), &Policy::product(), at(NOW)).map(|report| report.state())
}

fn padded(text: &str, size: usize) -> String {
    format!("{text}{}", " ".repeat(size - text.len()))
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
    // inside the object, for what stands around it is not carried
    let wide = |size: usize| format!("{{{}{}", " ".repeat(size - signed.len()), &signed[1..]);
    let carrying = |size: usize| svg::bake(PICTURE, &wide(size)).unwrap();
    assert_eq!(state(&carrying(MAX_DOCUMENT)), Ok(State::Valid));
    let longer = Err(Unreadable::TooLarge { size: MAX_DOCUMENT + 1, limit: MAX_DOCUMENT });
    assert_eq!(state(&carrying(MAX_DOCUMENT + 1)), longer);
}
