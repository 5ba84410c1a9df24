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

/// Forms of one character that stand in family registers beside the usual one: a résumé has 高橋 where the register has 髙橋.
const OTHER_FORMS: [(char, char); 30] = [
    ('髙', '高'),
    ('﨑', '崎'),
    ('𠮷', '吉'),
    ('邊', '辺'),
    ('邉', '辺'),
    ('齋', '斎'),
    ('齊', '斉'),
    ('濱', '浜'),
    ('濵', '浜'),
    ('澤', '沢'),
    ('櫻', '桜'),
    ('廣', '広'),
    ('眞', '真'),
    ('國', '国'),
    ('德', '徳'),
    ('惠', '恵'),
    ('榮', '栄'),
    ('壽', '寿'),
    ('瀨', '瀬'),
    ('黑', '黒'),
    ('曾', '曽'),
    ('關', '関'),
    ('學', '学'),
    ('實', '実'),
    ('彥', '彦'),
    ('淸', '清'),
    ('增', '増'),
    ('圓', '円'),
    ('澁', '渋'),
    ('圡', '土'),
];

/// Names are compared in one width, without white space and marks between parts, by one kana, and by the usual form of a character, so that
/// 山田 太郎, 山田　太郎 and 山田太郎 are one, and やまだ, ヤマダ and ﾔﾏﾀﾞ, and 髙橋 and 高橋.
pub fn name(name: &str) -> String {
    let between = |c: &char| c.is_whitespace() || matches!(c, '・' | '･' | '·' | '\u{200b}' | '\u{feff}');
    let katakana = |c: char| match c {
        '\u{3041}'..='\u{3096}' | '\u{309d}' | '\u{309e}' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    };
    let usual = |c: char| OTHER_FORMS.iter().find(|(other, _)| *other == c).map_or(c, |(_, usual)| *usual);
    // a selector of the form (U+E0100 and on) chooses a glyph, not a character
    let selector = |c: &char| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    name.nfkc()
        .filter(|c| !between(c) && !selector(c))
        .flat_map(char::to_lowercase)
        .map(|c| usual(katakana(c)))
        .collect()
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
