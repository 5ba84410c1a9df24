//! Bringing typed text into one form before it is compared. What is ignored is said by each key; the steps come in this
//! order, always: Unicode form, invisible characters, case, kana, quotation marks and dashes, spaces, final stop.
//!
//! Whatever is ignored, texts are compared in composed form (NFC), without invisible format characters, with runs of white
//! space as one space and none at either end. No step knows a locale, so that a server in Istanbul scores like any other.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;

/// What makes no difference between a typed and an accepted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// Upper and lower case, by the simple mapping of every letter, `ß` as `ss`. `İ` counts as `i`; the dotless `ı` is a
    /// letter of its own.
    Case,
    /// Width and other compatibility forms (NFKC): `Ａ` is `A`, `ｱ` is `ア`, `㎏` is `kg`, `²` is `2`.
    Width,
    /// Hiragana and katakana.
    Kana,
    /// The shape of quotation marks, apostrophes, dashes and the wave dash.
    Quotes,
    /// All spaces.
    Spaces,
    /// Full stops at the end, `.` or `。`.
    FinalStop,
}

impl Ignored {
    pub const ALL: [Self; 6] = [Self::Case, Self::Width, Self::Kana, Self::Quotes, Self::Spaces, Self::FinalStop];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Width => "width",
            Self::Kana => "kana",
            Self::Quotes => "quotes",
            Self::Spaces => "spaces",
            Self::FinalStop => "final_stop",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// What an item ignores that does not say: case, width, quotes and the final stop.
    pub fn usual() -> BTreeSet<Self> {
        BTreeSet::from([Self::Case, Self::Width, Self::Quotes, Self::FinalStop])
    }
}

/// `text` as it is compared.
pub(crate) fn normalized(text: &str, ignored: &BTreeSet<Ignored>) -> String {
    let ignores = |what: Ignored| ignored.contains(&what);
    let composed =
        |text: &str| -> String { if ignores(Ignored::Width) { text.nfkc().collect() } else { text.nfc().collect() } };
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let mut out = composed(&visible);
    if ignores(Ignored::Case) {
        let lower: String = out.chars().flat_map(lower).collect();
        // The dot that İ leaves behind is dropped; what is left may compose anew.
        out = composed(&lower.replace("i\u{307}", "i"));
    }
    if ignores(Ignored::Kana) {
        out = out.chars().map(hiragana).collect();
    }
    if ignores(Ignored::Quotes) {
        out = out.chars().map(plain_mark).collect();
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    out = composed(&words.join(if ignores(Ignored::Spaces) { "" } else { " " }));
    if ignores(Ignored::FinalStop) {
        out.truncate(out.trim_end_matches(['.', '。', '．', '｡', ' ']).len());
    }
    out
}

fn lower(c: char) -> Vec<char> {
    match c {
        'ı' => vec!['ı'],
        'ß' | 'ẞ' => vec!['s', 's'],
        'ς' => vec!['σ'],
        other => other.to_lowercase().collect(),
    }
}

/// Soft hyphen, zero-width space, joiners, direction marks, word joiner and the like, variation selectors.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        'ヽ' => 'ゝ',
        'ヾ' => 'ゞ',
        other => other,
    }
}

fn plain_mark(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '`' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '〜' => '~',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(ignored: &[Ignored], a: &str, b: &str) -> bool {
        let ignored = ignored.iter().copied().collect();
        normalized(a, &ignored) == normalized(b, &ignored)
    }

    #[test]
    fn each_thing_ignored_makes_no_difference_and_else_it_does() {
        use Ignored::*;
        for (what, a, b) in [
            (Case, "Paris", "pARIS"),
            (Case, "straße", "STRASSE"),
            (Case, "ΣΊΣΥΦΟΣ", "σίσυφος"),
            (Case, "İstanbul", "istanbul"),
            (Case, "İ", "i\u{307}"),
            (Width, "ＴＣＰ／ＩＰ", "TCP/IP"),
            (Width, "ｶﾞｲﾄﾞ", "ガイド"),
            (Width, "１０㎏", "10kg"),
            (Width, "m²", "m2"),
            (Width, "ﬁle", "file"),
            (Kana, "さーばー", "サーバー"),
            (Kana, "ヴェネツィア", "ゔぇねつぃあ"),
            (Quotes, "it’s", "it's"),
            (Quotes, "“a”", "\"a\""),
            (Quotes, "Smith–Jones", "Smith-Jones"),
            (Quotes, "3〜5", "3~5"),
            (Spaces, "東京 タワー", "東京タワー"),
            (Spaces, "New York", "NewYork"),
            (FinalStop, "Paris.", "Paris"),
            (FinalStop, "東京です。", "東京です"),
        ] {
            assert!(same(&[what], a, b), "{what:?}: {a} and {b}");
            assert!(!same(&[], a, b), "nothing ignored: {a} and {b}");
        }
    }

    #[test]
    fn some_things_never_make_a_difference() {
        for (a, b) in [
            (" Paris\t", "Paris"),
            ("New \u{a0} York", "New York"),
            ("東\u{3000}京", "東 京"),
            ("e\u{301}", "é"),
            ("か\u{3099}", "が"),
            ("pass\u{200b}word", "password"),
            ("\u{200f}abc\u{200e}", "abc"),
            ("\u{feff}abc", "abc"),
            ("co\u{ad}operate", "cooperate"),
        ] {
            assert!(same(&[], a, b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn what_differs_stays_different() {
        let usual: Vec<Ignored> = Ignored::usual().into_iter().collect();
        for (a, b) in [
            ("Paris", "Pariss"),
            ("résumé", "resume"),
            ("ひと", "ヒト"),
            ("ısı", "isi"),
            ("か", "が"),
            ("ビール", "ビル"),
            ("ー", "-"),
            ("1.5", "15"),
            ("a b", "ab"),
            ("コ", "こ"),
        ] {
            assert!(!same(&usual, a, b), "{a} and {b}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_normalized_text_stays_as_it_is(text in "\\PC{0,30}", bits in 0_u8..64) {
            let ignored = Ignored::ALL.into_iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, i)| i).collect();
            let once = normalized(&text, &ignored);
            proptest::prop_assert_eq!(normalized(&once, &ignored), once);
        }
    }
}
