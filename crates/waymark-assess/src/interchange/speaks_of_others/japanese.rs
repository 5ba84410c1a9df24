//! Japanese phrases: words are not separated, so the text is eaten from the front, longest known word first.

use super::heard::Speaks;

const ABOVE: &str = "上記 以上 上の 前述";
const ANCHORS: &str = "これら それら 選択肢 回答 解答 答え 記述 他の ほかの";
const QUANTIFIERS: &str = "すべて 全て 全部 いずれも いずれか どれも どちらも 両方 両者 いずれ どれ";
const JUDGEMENTS: &str = "正しくない 正しい 誤っている 誤り 間違っている 間違い 不正解 正解 該当しない 該当する 該当なし \
                          当てはまらない 当てはまる あてはまらない あてはまる 適切";
const FILLERS: &str = "でもない ではない でない である です もの うち ない なし 中 内 の が は に も で と 、 ・ 。";

#[derive(Default)]
struct Heard {
    above: bool,
    anchored: bool,
    quantified: bool,
    judged: bool,
    labels: usize,
}

pub(super) fn speaks(text: &str) -> Option<Speaks> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !"「」『』()".contains(*c)).collect();
    let (mut rest, mut heard) = (text.as_str(), Heard::default());
    while !rest.is_empty() {
        rest = &rest[eat(rest, &mut heard)?..];
    }
    match heard {
        Heard { labels: 2.., .. } => Some(Speaks::ByLetter),
        Heard { labels: 1, .. } => None,
        Heard { quantified: true, above: true, .. } => Some(Speaks::OfThoseAbove),
        Heard { quantified: true, anchored, judged, .. } => (anchored || judged).then_some(Speaks::OfAll),
        Heard { judged, .. } => (judged && text.starts_with("該当なし")).then_some(Speaks::OfAll),
    }
}

/// The length of the first word; `None` for one that does not belong to such a phrase.
fn eat(rest: &str, heard: &mut Heard) -> Option<usize> {
    if let Some(length) = begins(ABOVE, rest) {
        heard.above = true;
        Some(length)
    } else if let Some(length) = begins(ANCHORS, rest) {
        heard.anchored = true;
        Some(length)
    } else if let Some(length) = begins(QUANTIFIERS, rest) {
        heard.quantified = true;
        Some(length)
    } else if let Some(length) = begins(JUDGEMENTS, rest) {
        heard.judged = true;
        Some(length)
    } else if let Some(length) = begins(FILLERS, rest) {
        Some(length)
    } else {
        let mut chars = rest.chars();
        let first = chars.next().filter(|c| is_label(*c))?;
        heard.labels += 1;
        chars.next().is_none_or(|next| !is_label(next)).then(|| first.len_utf8())
    }
}

fn begins(list: &str, text: &str) -> Option<usize> {
    list.split_whitespace().filter(|word| text.starts_with(word)).map(str::len).max()
}

fn is_label(c: char) -> bool {
    matches!(c, 'A'..='H' | 'a'..='h' | 'ア'..='オ' | '①'..='⑧')
}

#[cfg(test)]
mod tests {
    use super::super::{Speaks, speaks};

    #[test]
    fn japanese_phrases() {
        for text in [
            "これらすべて",
            "すべて正しい",
            "いずれも正しくない",
            "どれも当てはまらない",
            "選択肢のすべて",
            "これらのいずれでもない",
            "いずれも誤りである",
            "該当なし",
            "どれでもない選択肢",
        ] {
            assert_eq!(speaks(text), Some(Speaks::OfAll), "{text}");
        }
        for text in [
            "上記すべて",
            "上記のすべて",
            "上記のいずれでもない",
            "以上すべて",
            "上の選択肢すべてが正しい",
            "上記全て",
            "上記のいずれにも該当しない",
            "上記はいずれも正しい。",
        ] {
            assert_eq!(speaks(text), Some(Speaks::OfThoseAbove), "{text}");
        }
        for text in ["AとB", "AとBの両方", "AとCが正しい", "アとイ", "AとB", "①と③"] {
            assert_eq!(speaks(text), Some(Speaks::ByLetter), "{text}");
        }
    }

    #[test]
    fn japanese_texts_that_only_look_alike() {
        for text in [
            "いずれの国でも通信できる",
            "すべて",
            "すべての参加者に公開する",
            "上記の住所",
            "発行者と保有者の両方",
            "両方の署名を確かめる",
            "正しい署名",
            "なし",
        ] {
            assert_eq!(speaks(text), None, "{text}");
        }
    }
}
