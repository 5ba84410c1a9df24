//! Options that speak of other options ("All these choices are correct", "Both A and B", 上記すべて). Shuffled freely they
//! would say something else. A text counts only if all of its words belong to such a phrase, so that "Any of the three
//! bands" or いずれの国でも通信できる do not.

mod english;
mod heard;
mod japanese;

pub(super) use heard::Speaks;

/// What `text` speaks of, in English or Japanese.
pub(super) fn speaks(text: &str) -> Option<Speaks> {
    let text: String = text.chars().map(narrow).collect();
    english::speaks(&text).or_else(|| japanese::speaks(&text))
}

/// Full-width ASCII to ASCII.
fn narrow(c: char) -> char {
    match u32::from(c) {
        n @ 0xff01..=0xff5e => char::from_u32(n - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}
