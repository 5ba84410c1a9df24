//! Names that mean to be taken for others: hidden letters, letters of several scripts in one word, the look of a name that is known
//! (Unicode UTS #39). A finding here is a warning; it never changes a state.

use std::slice;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection as _, confusable_detection::skeleton};

use super::{
    detail::{Code, Detail},
    policy::TrustedIssuer,
};

/// What is suspicious about `name`, which an issuer under `id` gives itself, beside the issuers that the reader knows.
pub(super) fn warning(id: &str, name: &str, known: &[TrustedIssuer]) -> Option<Detail> {
    let warn = |code| Some(Detail::of(code).with("name", name).with("issuer", id));
    if name.chars().any(is_hidden) {
        return warn(Code::IssuerNameHidden);
    }
    let names_of = |other: &TrustedIssuer| [slice::from_ref(&other.name), other.earlier_names.as_slice()].concat();
    let others = known.iter().filter(|other| other.id != id).flat_map(names_of);
    if let Some(other) = others.into_iter().find(|other| resemble(other, name)) {
        return warn(Code::IssuerNameResembles).map(|detail| detail.with("other", other));
    }
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mixed = words.map(|word| word.nfkc().collect::<String>()).any(|word| {
        // Latin beside Han and kana is how Japanese writes names
        word.detect_restriction_level() > RestrictionLevel::HighlyRestrictive && !word.chars().all(is_ordinary)
    });
    if mixed { warn(Code::IssuerNameMixed) } else { None }
}

/// Controls, characters without width or ink, and those that turn the direction of writing. Variation selectors are left out: names are written
/// with them (kanji of one shape or another, emoji).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
        )
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fe00}'..='\u{fe0d}' | '\u{e0000}'..='\u{e00ff}')
}

/// What the tables of identifiers leave out and names use: kanji of all planes and the marks of Japanese writing.
fn is_ordinary(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '々' | '〆' | 'ー' | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The one among `names` that a reader takes `name` for.
pub(super) fn alike<'n>(name: &str, names: &'n [String]) -> Option<&'n str> {
    names.iter().find(|other| resemble(other, name)).map(String::as_str)
}

/// Whether the names look alike: as they are written (a capital I is an l to the eye, a nought an O), or with all letters small.
fn resemble(one: &str, other: &str) -> bool {
    let small = |name: &str| {
        let lower: String = name.chars().flat_map(char::to_lowercase).collect();
        skeleton(&lower).collect::<String>()
    };
    let (one, other) = (inked(one), inked(other));
    let as_written = |name: &str| small(&skeleton(name).collect::<String>());
    small(&one) == small(&other) || as_written(&one) == as_written(&other)
}

/// The characters of a name that leave ink, in their ordinary form.
fn inked(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace() && !is_hidden(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> Option<Code> {
        let known = [
            TrustedIssuer {
                id: "did:web:guild.example".into(),
                name: "Example Guild".into(),
                earlier_names: vec!["Lantern Makers".into(), "灯りの会".into(), "Oxford Tool Org".into()],
                ..TrustedIssuer::default()
            },
            TrustedIssuer { id: "did:web:guild.example".into(), name: "例の会".into(), ..TrustedIssuer::default() },
        ];
        warning("did:web:other.example", name, &known).map(|detail| detail.code)
    }

    #[test]
    fn ordinary_names_raise_nothing() {
        for name in [
            "Another Guild",
            "株式会社ABC",
            "サイボウズ公式",
            "髙﨑の会",
            "Österreichischer Verein",
            "Яндекс",
            "ΑΒΓ Labs",
            "認定NPO法人 佐々木ファンド",
            "Université de Montréal 2026",
            "한국 협회",
            "LG전자",
            "جمعية",
            "A & B, Inc.",
        ] {
            assert_eq!(found(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_mean_to_be_taken_for_others_are_named() {
        for (name, code) in [
            ("Another\u{200b} Guild", Code::IssuerNameHidden),
            ("Guild \u{202e}elpmaxE", Code::IssuerNameHidden),
            ("Another\u{ad} Guild", Code::IssuerNameHidden),
            ("Another\u{feff} Guild", Code::IssuerNameHidden),
            ("Another\u{7} Guild", Code::IssuerNameHidden),
            ("Another\u{2060} Guild", Code::IssuerNameHidden),
            ("Another\u{e0041} Guild", Code::IssuerNameHidden),
            ("Exаmple Club", Code::IssuerNameMixed),
            ("Googlе", Code::IssuerNameMixed),
            ("Exampl\u{435} Guild", Code::IssuerNameResembles),
            ("example  guild", Code::IssuerNameResembles),
            ("ＥＸＡＭＰＬＥ Guild", Code::IssuerNameResembles),
            ("例の会", Code::IssuerNameResembles),
            ("lantern makers", Code::IssuerNameResembles),
            ("灯りの会", Code::IssuerNameResembles),
            ("ExampIe GuiId", Code::IssuerNameResembles),
            ("0xford T00l 0rg", Code::IssuerNameResembles),
            ("LANTERN makers", Code::IssuerNameResembles),
        ] {
            assert_eq!(found(name), Some(code), "{name}");
        }
        let own = [TrustedIssuer {
            id: "did:web:guild.example".into(),
            name: "Example Guild".into(),
            ..TrustedIssuer::default()
        }];
        assert_eq!(warning("did:web:guild.example", "Example Guild", &own), None, "it is that one");
    }
}
