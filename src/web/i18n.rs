//! Texts in Japanese and English, from the Fluent files in `locales/`. Every key stands in both languages (a test holds that).

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::langid;

#[derive(RustEmbed)]
#[folder = "locales"]
#[include = "*.ftl"]
struct Files;

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    En,
    Ja,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// The language tag: `en`, `ja`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|l| language.eq_ignore_ascii_case(l.as_str()))
    }

    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Ja,
            Self::Ja => Self::En,
        }
    }
}

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> = LazyLock::new(|| Locale::ALL.map(bundle));

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let language = match locale {
        Locale::En => langid!("en"),
        Locale::Ja => langid!("ja"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for (name, text) in sources(locale) {
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            tracing::error!(file = %name, ?errors, "a language file has mistakes");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = %name, ?errors, "a text is defined twice");
        }
    }
    bundle
}

/// The files of one language: name and content.
pub fn sources(locale: Locale) -> Vec<(String, String)> {
    let prefix = format!("{}/", locale.as_str());
    Files::iter()
        .filter(|name| name.starts_with(&prefix))
        .filter_map(|name| {
            let file = Files::get(&name)?;
            Some((name.to_string(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect()
}

/// A value inside a text.
pub trait Arg {
    fn value(&self) -> FluentValue<'static>;
}

impl Arg for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_owned()))
    }
}

impl Arg for String {
    fn value(&self) -> FluentValue<'static> {
        self.as_str().value()
    }
}

macro_rules! number_args {
    ($($t:ty),*) => { $(impl Arg for $t {
        fn value(&self) -> FluentValue<'static> { FluentValue::from(*self) }
    })* };
}
number_args!(u8, u16, u32, u64, usize, i32, i64);

impl<T: Arg + ?Sized> Arg for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

/// One language's texts, as pages, mails and problems use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub locale: Locale,
}

impl Words {
    pub fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// The language tag for `lang` attributes.
    pub fn lang(&self) -> &'static str {
        self.locale.as_str()
    }

    /// A text without values.
    pub fn t(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// Whole sentences, one after the other: Japanese puts no space between them.
    pub fn sentences(&self, sentences: &[String]) -> String {
        sentences.join(if self.locale == Locale::Ja { "" } else { " " })
    }

    /// Two texts without values, one after the other.
    pub fn two(&self, first: &str, second: &str) -> String {
        self.sentences(&[self.t(first), self.t(second)])
    }

    pub fn with1(&self, key: &str, name: &str, value: impl Arg) -> String {
        self.with(key, &[(name, &value)])
    }

    pub fn with2(&self, key: &str, n1: &str, v1: impl Arg, n2: &str, v2: impl Arg) -> String {
        self.with(key, &[(n1, &v1), (n2, &v2)])
    }

    pub fn with(&self, key: &str, args: &[(&str, &dyn Arg)]) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set((*name).to_owned(), value.value());
        }
        self.format(key, Some(&fluent))
    }

    /// Whether this language has the key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    /// Picks this language from a text by language tag; else the other one, else whatever there is.
    pub fn pick<'m>(&self, texts: &'m std::collections::BTreeMap<String, String>) -> &'m str {
        self.pick_tagged(texts).0
    }

    /// The same with the language that it is in, for a `lang` attribute; empty where the text names none.
    pub fn pick_tagged<'m>(&self, texts: &'m std::collections::BTreeMap<String, String>) -> (&'m str, &'static str) {
        let (own, other) = (self.lang(), self.locale.other().as_str());
        let known = [(own, own), ("und", ""), (other, other)];
        let found = known.into_iter().find_map(|(tag, said)| Some((texts.get(tag)?.as_str(), said)));
        found.unwrap_or_else(|| (texts.values().next().map_or("", String::as_str), ""))
    }

    fn bundle(&self) -> &'static FluentBundle<FluentResource> {
        &BUNDLES[self.locale as usize]
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            tracing::error!(key, lang = self.lang(), "a text is missing");
            return format!("⟦{key}⟧");
        };
        let mut errors = vec![];
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text lacks a value");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::error::Code;

    fn keys(locale: Locale) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for (name, text) in sources(locale) {
            let resource = FluentResource::try_new(text).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(m) = entry {
                    assert!(keys.insert(m.id.name.to_owned()), "{name}: {} is defined twice", m.id.name);
                }
            }
        }
        keys
    }

    #[test]
    fn a_text_is_picked_with_the_language_it_is_in() {
        let texts =
            |all: &[(&str, &str)]| all.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect();
        let picked = |all: &[(&str, &str)]| {
            let all: std::collections::BTreeMap<String, String> = texts(all);
            let (text, tag) = Words::new(Locale::Ja).pick_tagged(&all);
            (text.to_owned(), tag)
        };
        assert_eq!(picked(&[("en", "Foundations"), ("ja", "基礎")]), ("基礎".to_owned(), "ja"));
        assert_eq!(picked(&[("en", "Foundations")]), ("Foundations".to_owned(), "en"));
        assert_eq!(picked(&[("en", "Foundations"), ("und", "F")]), ("F".to_owned(), ""));
        assert_eq!(picked(&[]), (String::new(), ""));
    }

    #[test]
    fn every_text_stands_in_both_languages() {
        let (en, ja) = (keys(Locale::En), keys(Locale::Ja));
        let one_sided: Vec<_> = en.symmetric_difference(&ja).collect();
        assert!(one_sided.is_empty(), "in one language only: {one_sided:?}");
        assert!(!en.is_empty());
    }

    #[test]
    fn every_error_code_has_its_title() {
        for code in Code::ALL {
            let key = format!("problem-{}", code.as_str().replace('_', "-"));
            for locale in Locale::ALL {
                assert!(Words::new(locale).has(&key), "{key} is missing in {}", locale.as_str());
            }
        }
    }

    /// What is counted or measured stands in digits, with a space to the Japanese around them; dates of year, month and day are one word (2026年4月1日).
    /// Kanji numbers are left to words that are no count: 一度, 一つ, 一人, 一覧, 一部.
    fn numbers_in_another_way(line: &str) -> Option<String> {
        const COUNTERS: [&str; 17] = [
            "件",
            "行",
            "問",
            "分以内",
            "分を",
            "分、",
            "秒",
            "文字",
            "枚",
            "画面",
            "回",
            "週間",
            "時間",
            "か月",
            "日に",
            "日の",
            "年後",
        ];
        const BESIDE_PLACES: [&str; 7] = ["件", "回", "問", "分", "字", "行", "点"];
        let kanji = |c: char| "一二三四五六七八九十百千".contains(c);
        let japanese = |c: char| matches!(c, 'ぁ'..='ん' | 'ァ'..='ヶ' | '一'..='龥');
        let mut before = ' ';
        for (at, c) in line.char_indices() {
            let rest = &line[at + c.len_utf8()..];
            let next = rest.chars().next().unwrap_or(' ');
            let around = || Some(line[at..].chars().take(8).collect());
            let counted = COUNTERS.iter().any(|counter| rest.starts_with(counter));
            if kanji(c) && counted && before != '字' && !rest.starts_with("回り") {
                return around();
            }
            if (c.is_ascii_digit() && japanese(next) && !"年月日".contains(next))
                || (japanese(c) && next.is_ascii_digit() && !"年月第和成治正".contains(c))
                || (c == '}' && BESIDE_PLACES.iter().any(|counter| rest.starts_with(counter)))
            {
                return around();
            }
            before = c;
        }
        None
    }

    #[test]
    fn japanese_numbers_are_written_in_one_way() {
        for wrong in ["五分以内に", "一件ずつ", "5分以内に", "最大64字まで", "{ $n }件", "千回分の"]
        {
            assert!(numbers_in_another_way(wrong).is_some(), "{wrong}");
        }
        for right in [
            "5 分以内に",
            "1 件ずつ",
            "2026年4月1日から",
            "一度だけ、一つ、一人",
            "第 2 版",
            "{ $n } 件",
            "令和8年4月",
            "一通りに読む",
        ] {
            assert_eq!(numbers_in_another_way(right), None, "{right}");
        }
        let wrong: Vec<String> = sources(Locale::Ja)
            .iter()
            .filter(|(name, _)| name.starts_with("ja/"))
            .flat_map(|(name, text)| text.lines().map(move |line| (name, line)))
            .filter(|(_, line)| !line.starts_with('#'))
            .filter_map(|(name, line)| Some(format!("{name}: …{}…: {line}", numbers_in_another_way(line)?)))
            .collect();
        assert!(wrong.is_empty(), "write digits, with a space to the Japanese around them:\n{}", wrong.join("\n"));
    }
}
