//! The shape of each family's response, and that it names only what the form has there.

use crate::{
    decimal::{Decimal, MAX_NUMBER},
    form::{Handle, PlacedGap, PlacedOption, PresentedGap},
    mistake::{Mistake, pointer_to},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Longest id of a file.
const MAX_FILE_ID: usize = 64;

fn find(value: &Value, options: &[PlacedOption]) -> Option<Handle> {
    let text = value.as_str()?;
    options.iter().map(|option| &option.handle).find(|handle| handle.as_str() == text).cloned()
}

/// A list of handles as sent, each known and there once.
pub(super) fn handles(value: &Value, options: &[PlacedOption], max: u32) -> Result<Vec<Handle>, Vec<Mistake>> {
    let Some(sent) = value.as_array() else { return Err(vec![not_a_list()]) };
    let max = usize::try_from(max).unwrap_or(usize::MAX).min(options.len());
    if sent.len() > max {
        return Err(vec![Mistake::new(
            "",
            "too_many_choices",
            format!("{} options are chosen, at most {max} may be: take some back", sent.len()),
            format!("選択肢が{}個選ばれています。選べるのは{max}個までです", sent.len()),
        )]);
    }
    let (mut chosen, mut mistakes) = (Vec::new(), Vec::new());
    for (n, value) in sent.iter().enumerate() {
        match find(value, options) {
            None => mistakes.push(unknown_handle(&format!("/{n}"))),
            Some(handle) if chosen.contains(&handle) => mistakes.push(duplicate_handle(&format!("/{n}"))),
            Some(handle) => chosen.push(handle),
        }
    }
    if mistakes.is_empty() { Ok(chosen) } else { Err(mistakes) }
}

/// Pairs in the order of the sources and targets shown.
pub(super) fn pairs(
    value: &Value,
    several: bool,
    sources: &[PlacedOption],
    targets: &[PlacedOption],
) -> Result<Vec<(Handle, Handle)>, Vec<Mistake>> {
    let Some(sent) = value.as_array() else { return Err(vec![not_a_list()]) };
    if sent.len() > sources.len() * targets.len() {
        return Err(vec![duplicate_handle("")]);
    }
    let (mut given, mut mistakes, mut paired) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for (n, pair) in sent.iter().enumerate() {
        let at = format!("/{n}");
        let Some([source, target]) = pair.as_array().map(Vec::as_slice) else {
            mistakes.push(Mistake::new(
                at,
                "not_a_pair",
                "a pair is a list of two handles: a source and a target",
                "組は、左側と右側のハンドルを並べた2つのリストで送ってください",
            ));
            continue;
        };
        let (Some(source), Some(target)) = (find(source, sources), find(target, targets)) else {
            mistakes.push(unknown_handle(&at));
            continue;
        };
        if !paired.insert(source.clone()) && !several {
            mistakes.push(Mistake::new(
                &at,
                "paired_twice",
                "this is paired twice, and takes one partner: keep one pair",
                "同じ項目が2度組になっています。相手は1つだけにしてください",
            ));
        } else if !given.insert((source, target)) {
            mistakes.push(duplicate_handle(&at));
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let all = sources.iter().flat_map(|source| targets.iter().map(move |target| (&source.handle, &target.handle)));
    let all = all.map(|(source, target)| (source.clone(), target.clone()));
    Ok(all.filter(|pair| given.contains(pair)).collect())
}

/// A number, kept as it was typed.
pub(super) fn number(value: &Value, at: &str) -> Result<String, Mistake> {
    let most = u32::try_from(MAX_NUMBER).expect("60 fits");
    let typed = text(value, at, most, false)?;
    match Decimal::typed(&typed) {
        _ if typed.is_empty() => Ok(typed),
        Ok(_) => Ok(typed),
        Err(_) => Err(Mistake::new(
            at,
            "not_a_number",
            "this is no number: write digits alone, like 12.5 or -3, without a unit",
            "数として読めません。12.5 や -3 のように、単位をつけずに数字だけで書いてください",
        )),
    }
}

/// A text without control characters; `lines` may break it. Line ends become `\n`; a text of spaces is no text.
pub(super) fn text(value: &Value, at: &str, max_length: u32, lines: bool) -> Result<String, Mistake> {
    let Some(text) = value.as_str() else {
        return Err(Mistake::new(
            at,
            "not_a_text",
            "the answer here is a text: send a string, or an empty one to clear it",
            "ここの解答は文字列です。文字列で送ってください。空文字列を送ると解答を消します",
        ));
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let length = text.chars().count();
    if length > usize::try_from(max_length).unwrap_or(usize::MAX) {
        return Err(Mistake::new(
            at,
            "too_long",
            format!("the answer has {length} characters, at most {max_length} may be: shorten it"),
            format!("解答が{length}字あります。{max_length}字以内にしてください"),
        ));
    }
    if let Some(c) = text.chars().find(|c| c.is_control() && !(lines && matches!(c, '\n' | '\t'))) {
        return Err(Mistake::new(
            at,
            "control_character",
            format!("the answer holds the control character U+{:04X}: remove it", u32::from(c)),
            format!("解答に制御文字 U+{:04X} が入っています。取り除いてください", u32::from(c)),
        ));
    }
    Ok(if text.trim().is_empty() { String::new() } else { text })
}

/// What fills each gap. Empty ones are left out.
pub(super) fn gaps(
    value: &Value,
    gaps: &[PlacedGap],
    pool: &[PlacedOption],
    reuse: bool,
) -> Result<BTreeMap<Handle, String>, Vec<Mistake>> {
    let Some(sent) = value.as_object() else {
        return Err(vec![Mistake::new(
            "",
            "not_an_object",
            "a response is an object with what fills each gap: send {} to clear it",
            "解答は、空欄ごとの内容を持つ対応表で送ってください。{} を送ると解答を消します",
        )]);
    };
    let (mut filled, mut mistakes, mut used) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
    for (name, value) in sent {
        let at = pointer_to("", name);
        let Some(gap) = gaps.iter().find(|gap| gap.handle.as_str() == name) else {
            mistakes.push(unknown_handle(&at));
            continue;
        };
        if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
            continue;
        }
        let content = match &gap.kind {
            PresentedGap::Choice(options) => find(value, options).ok_or_else(|| unknown_handle(&at)).map(|h| h.0),
            PresentedGap::Pool => find(value, pool).ok_or_else(|| unknown_handle(&at)).map(|h| h.0),
            PresentedGap::Text { max_length } => text(value, &at, *max_length, false),
            PresentedGap::Number => number(value, &at),
        };
        match content {
            Err(mistake) => mistakes.push(mistake),
            Ok(word) => {
                if matches!(gap.kind, PresentedGap::Pool) && !used.insert(word.clone()) && !reuse {
                    mistakes.push(Mistake::new(
                        &at,
                        "word_used_twice",
                        "this word fills another gap already, and each word fills one: take another",
                        "この語はほかの空欄で使っています。1つの語は1か所にしか使えません",
                    ));
                }
                filled.insert(gap.handle.clone(), word);
            }
        }
    }
    if mistakes.is_empty() { Ok(filled) } else { Err(mistakes) }
}

/// The id of a file handed in before.
pub(super) fn file(value: &Value) -> Result<String, Mistake> {
    let id = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.get("file")).and_then(Value::as_str);
    let fits = |id: &&str| {
        id.len() <= MAX_FILE_ID
            && id
                .strip_prefix("fil_")
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    id.filter(fits).map(str::to_owned).ok_or_else(|| {
        Mistake::new(
            "",
            "not_a_file",
            "a response is {\"file\": \"fil_…\"}: upload the file first and send its id",
            "解答は {\"file\": \"fil_…\"} の形です。先にファイルを送り、そのidを書いてください",
        )
    })
}

fn not_a_list() -> Mistake {
    Mistake::new(
        "",
        "not_a_list",
        "a response is a list of handles: send [] to clear it",
        "解答はハンドルのリストで送ってください。[] を送ると解答を消します",
    )
}

fn unknown_handle(at: &str) -> Mistake {
    Mistake::new(
        at,
        "unknown_handle",
        "no option at this position has this handle: load the position again",
        "この設問にそのハンドルの選択肢はありません。設問を読み直してください",
    )
}

fn duplicate_handle(at: &str) -> Mistake {
    Mistake::new(
        at,
        "duplicate_handle",
        "this option is chosen twice: name it once",
        "同じ選択肢が2度選ばれています。1度だけにしてください",
    )
}
