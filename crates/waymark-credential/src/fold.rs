//! What people type, brought to one way of writing, so that the same name or address written twice compares equal.

use unicode_normalization::UnicodeNormalization as _;

/// Compatibility forms in their one width (UAX #15, NFKC): `ＥＧ－１` and `EG-1` are one.
pub fn width(text: &str) -> String {
    text.nfkc().collect()
}

/// E-mail addresses are compared in one width and in lower case.
pub fn email(email: &str) -> String {
    width(email).trim().to_lowercase()
}

/// Names are compared in one width, without white space and marks between parts, and by one kana, so that 山田 太郎, 山田　太郎 and
/// 山田太郎 are one, and やまだ, ヤマダ and ﾔﾏﾀﾞ too.
pub fn name(name: &str) -> String {
    let between = |c: &char| c.is_whitespace() || matches!(c, '・' | '･' | '·' | '\u{200b}' | '\u{feff}');
    let katakana = |c: char| match c {
        '\u{3041}'..='\u{3096}' | '\u{309d}' | '\u{309e}' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    };
    name.nfkc().filter(|c| !between(c)).flat_map(char::to_lowercase).map(katakana).collect()
}

/// The ways in which somebody else may have written a name or an address before they hashed it: as it was typed, in one width, with single
/// spaces, in lower case, and folded by `fold`. Each once.
pub(crate) fn spellings(text: &str, fold: fn(&str) -> String) -> Vec<String> {
    let wide = width(text);
    let single = wide.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut all = vec![text.trim().to_owned(), single.to_lowercase(), single.replace(' ', ""), single, fold(text)];
    all.sort();
    all.dedup();
    all
}
