//! The details of wrong fields in the reader's language. They are written in English where a field is read; the most frequent ones are said in
//! Japanese here, by their code or by the few shapes that their sentences have. One that is not known here stays English: code and pointer tell the rest.

use super::i18n::{Locale, Words};
use crate::error::Fault;

/// What to do about a wrong field.
pub(super) fn detail(fault: &Fault, words: Words) -> String {
    let said = match words.locale {
        Locale::En => None,
        Locale::Ja => by_shape(&fault.detail).or_else(|| by_code(fault.code).map(str::to_owned)),
    };
    said.unwrap_or_else(|| fault.detail.clone())
}

fn by_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "unknown_track" => "そのコースはありません。GET /api/v1/tracks で一覧を見られます",
        "unknown_exam" => "その試験はありません。GET /api/v1/exams で一覧を見られます",
        "unknown_member" => "そのメンバーはいません",
        "unknown_bank" => "その問題バンクはありません",
        "unknown_source" => "その送信元はありません。GET /api/v1/sources で一覧を見られます",
        "unknown_locale" => "ja か en を指定してください",
        "unknown_field" => "この項目はありません",
        "missing_field" | "required" => "この項目が必要です",
        "invalid_value" => "値の型か書き方が違います",
        "invalid_email" => "メールアドレスとして読めません",
        "invalid_time" => "日（2026-04-01）か日時（2026-04-01T09:00:00Z）で書いてください",
        "forbidden_character" => "文字 U+0000 を取り除いてください",
        "invalid_cursor" => "前のページの next_cursor をそのまま使ってください",
        _ => return None,
    })
}

fn by_shape(detail: &str) -> Option<String> {
    let quoted: Vec<&str> = detail.split('`').skip(1).step_by(2).collect();
    if detail.starts_with("unknown field ") {
        let (unknown, known) = quoted.split_first()?;
        let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        return Some(match known.is_empty() {
            true => format!("`{unknown}` という項目はありません"),
            false => format!("`{unknown}` という項目はありません。使える項目：{}", known.join("、")),
        });
    }
    let is_missing = detail.starts_with("missing field ") || detail.ends_with("` is missing");
    if let ([name], true) = (quoted.as_slice(), is_missing) {
        return Some(format!("`{name}` がありません"));
    }
    if let Some(words) = detail.strip_prefix("use ").and_then(listed) {
        return Some(format!("{} のどれかを指定してください", words.join("、")));
    }
    let most = ["shorten it to ", "at most ", "write at most "].iter().find_map(|start| detail.strip_prefix(start));
    let (number, rest) = most?.split_once(' ')?;
    let plain =
        ["characters", "characters of plain text"].contains(&rest) && number.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| format!("{number} 文字以内にしてください"))
}

/// `a, b or c`, where each is one word that is written as it stands.
fn listed(text: &str) -> Option<Vec<&str>> {
    let (first, last) = text.split_once(" or ")?;
    let words: Vec<&str> = first.split(", ").chain([last]).map(|word| word.trim_matches('`')).collect();
    let plain = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !word.is_empty();
    words.iter().all(plain).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_japanese(code: &'static str, detail: &str) -> String {
        super::detail(&Fault::new("/a", code, detail), Words::new(Locale::Ja))
    }

    #[test]
    fn frequent_details_are_said_in_japanese() {
        for (code, detail, said) in [
            (
                "unknown_field",
                "unknown field `nme`, expected `name`",
                "`nme` という項目はありません。使える項目：`name`",
            ),
            ("unknown_field", "unknown field `x`, there are no fields", "`x` という項目はありません"),
            ("missing_field", "missing field `email`", "`email` がありません"),
            ("missing_field", "`file` is missing", "`file` がありません"),
            ("unknown_word", "use private, link or public", "private、link、public のどれかを指定してください"),
            ("too_long", "shorten it to 80 characters", "80 文字以内にしてください"),
            (
                "unknown_track",
                "there is no such track; GET /api/v1/tracks lists them",
                by_code("unknown_track").expect("known"),
            ),
            ("unknown_locale", "use `ja` or `en`", "ja、en のどれかを指定してください"),
        ] {
            assert_eq!(in_japanese(code, detail), said);
            let english = super::detail(&Fault::new("/a", code, detail), Words::new(Locale::En));
            assert_eq!(english, detail);
        }
    }

    #[test]
    fn what_is_not_known_here_stays_as_it_was_written() {
        for detail in ["use an Open Badges type such as Badge or Award", "at most 64 KiB", "name at most 100 exams"] {
            assert_eq!(in_japanese("another_code", detail), detail);
        }
    }
}
