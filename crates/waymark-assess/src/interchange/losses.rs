//! What a file says and an item here does not keep, and the refusals that several formats share.

use crate::{mistake::Mistake, rational::Rational};

fn loss(code: &'static str, en: impl Into<String>, ja: impl Into<String>) -> Mistake {
    Mistake::new("", code, en, ja)
}

pub(super) fn feedback() -> Mistake {
    loss(
        "feedback",
        "feedback to single answers is not kept; general feedback is kept as the rationale",
        "選択肢ごとのフィードバックは取り込みません。全体のフィードバックは解説として取り込みます",
    )
}

pub(super) fn penalty() -> Mistake {
    loss(
        "penalty",
        "points taken off for wrong answers or for further tries are not kept: a wrong answer scores 0 here",
        "誤答や再解答による減点は取り込みません。ここでは誤答は0点です",
    )
}

pub(super) fn partial_credit() -> Mistake {
    loss(
        "partial_credit",
        "an answer that earns only a share of the points counts as wrong here: only the full answer is the key",
        "一部だけ点になる解答は、ここでは誤答として扱います。満点の解答だけが正答です",
    )
}

pub(super) fn points(points: &str) -> Mistake {
    let points: String = points.chars().take(20).collect();
    loss(
        "points",
        format!(
            "the item is worth {points} in the file; points belong to the exam here, so that every item counts 1 at first"
        ),
        format!("ファイルではこの設問の配点が{points}です。ここでは配点は試験側で決めるため、はじめは1点になります"),
    )
}

pub(super) fn hints() -> Mistake {
    loss("hints", "hints and settings for further tries are not kept", "ヒントと再解答の設定は取り込みません")
}

pub(super) fn units() -> Mistake {
    loss(
        "units",
        "units of a number are not kept: say in the question which unit is meant",
        "数値の単位は取り込みません。どの単位で答えるかを問題文に書いてください",
    )
}

pub(super) fn no_scoring_rule() -> Mistake {
    loss(
        "no_response_processing",
        "the file does not say how the answer is scored: it is scored as all right or nothing",
        "採点方法が書かれていません。すべて正しいときだけ得点とします",
    )
}

pub(super) fn tags_in_markdown() -> Mistake {
    loss(
        "tags_in_markdown",
        "tags of HTML stand in a text of Markdown and are shown as they are typed: write them as Markdown",
        "Markdownの文の中のHTMLタグは、書かれたままの文字で表示されます。Markdownで書き直してください",
    )
}

pub(super) fn style() -> Mistake {
    loss("style", "style sheets and classes of layout are not kept", "スタイルシートと配置のクラスは取り込みません")
}

pub(super) fn rubric_block() -> Mistake {
    loss(
        "rubric_block",
        "instructions for one audience alone (rubric blocks) are not kept",
        "特定の読み手に向けた説明(rubricBlock)は取り込みません",
    )
}

pub(super) fn other_languages(chosen: &str, others: &str) -> Mistake {
    loss(
        "other_languages",
        format!("the file has the item in `{chosen}` only; this format does not hold {others} beside it"),
        format!("ファイルには「{chosen}」だけを書きました。この形式ではほかの言語({others})を一緒に持てません"),
    )
}

pub(super) fn not_said(what: &str, what_ja: &str) -> Mistake {
    loss("not_said", format!("this format cannot say {what}"), format!("この形式では{what_ja}を表せません"))
}

/// A question of another kind than any of ours.
pub(super) fn no_language() -> Mistake {
    not_said("which language the texts are in", "文の言語")
}

pub(super) fn unsupported(kind: &str) -> Mistake {
    let kind: String = kind.chars().take(60).filter(|c| !c.is_control()).collect();
    Mistake::new(
        "/type",
        "unsupported_type",
        format!(
            "questions of the kind `{kind}` cannot be taken over: write the item anew in one of the kinds that there are"
        ),
        format!("「{kind}」という種類の問題は取り込めません。ここにある種類の設問として書き直してください"),
    )
}

pub(super) fn unknown_kind() -> Mistake {
    unsupported("?")
}

pub(super) fn no_right_answer() -> Mistake {
    Mistake::new(
        "/correct",
        "no_key",
        "no answer is marked as right: say which",
        "正答がありません。どれが正しいか書いてください",
    )
}

pub(super) fn picture_elsewhere() -> Mistake {
    Mistake::new(
        "/figure",
        "remote_reference",
        "the picture lies on another server and is never fetched: put it into the file",
        "図がほかのサーバーにあります。取りに行くことはしないので、ファイルの中に入れてください",
    )
}

pub(super) fn picture_missing(name: &str) -> Mistake {
    let name: String = name.chars().take(80).filter(|c| !c.is_control()).collect();
    Mistake::new(
        "/figure",
        "figure_missing",
        format!("the picture `{name}` is not in the file: put it there"),
        format!("図「{name}」がファイルの中にありません。入れてください"),
    )
}

pub(super) fn pictures_too_large() -> Mistake {
    Mistake::new(
        "/figure",
        "file_too_large",
        "the pictures of the file are larger than 128 MiB together: split the file",
        "図の大きさが合わせて128 MiBを超えています。ファイルを分けてください",
    )
}

pub(super) fn picture_in_option() -> Mistake {
    Mistake::new(
        "/answers",
        "picture_in_option",
        "an option is a picture: put one picture into the question and name its parts in the options",
        "選択肢が画像です。画像は問題文に1つだけ入れ、選択肢では図中の記号などを指してください",
    )
}

pub(super) fn syntax(message: &str, ja: &str) -> Mistake {
    Mistake::new("", "syntax", message, ja)
}

pub(super) fn wildcard() -> Mistake {
    loss(
        "wildcard",
        "`*` for any text is not known here: an answer with one is left out, so list the texts that it stands for",
        "「*」による部分一致は使えません。「*」を含む解答は除きました。あてはまる解答を並べて書いてください",
    )
}

/// Accepted texts without those in which a `*` stands for any text, and whether there were some. A star behind a backslash
/// is a star.
///
/// # Errors
/// None is left, or there was none.
pub(super) fn without_patterns(accepted: Vec<(String, Rational)>) -> Result<(Vec<(String, Rational)>, bool), Mistake> {
    if accepted.is_empty() {
        return Err(no_right_answer());
    }
    let all = accepted.len();
    let star = |text: &str| text.replace("\\*", "").contains('*');
    let kept: Vec<_> =
        accepted.into_iter().filter(|(text, _)| !star(text)).map(|(t, s)| (t.replace("\\*", "*"), s)).collect();
    let patterns = kept.len() < all;
    if kept.is_empty() {
        return Err(Mistake::new(
            "/correct",
            "wildcard",
            "every accepted answer has a `*` for any text, which is not known here: list the texts that it stands for",
            "どの正答にも「*」による部分一致が使われています。あてはまる解答を並べて書いてください",
        ));
    }
    Ok((kept, patterns))
}

/// A text as Moodle takes it to the letter: a star alone would stand for any text.
pub(super) fn pattern_escaped(text: &str) -> String {
    text.replace('*', "\\*")
}

pub(super) fn several_full() -> Mistake {
    loss(
        "several_full",
        "several answers are marked as wholly right, where any one of them scored in full: here all of them are to be chosen, each for its share",
        "満点の解答が複数あり、元はどれか1つを選べば満点でした。ここではすべてを選ぶ問題になり、1つごとに部分点が付きます",
    )
}

pub(super) fn uneven_weights() -> Mistake {
    loss(
        "uneven_weights",
        "the right answers are worth different shares of the points in the file; here each counts the same",
        "ファイルでは正答ごとの配点が違いますが、ここではどれも同じ重みです",
    )
}

pub(super) fn catalogs() -> Mistake {
    loss(
        "catalogs",
        "accessibility catalogues (glossary, spoken text) are not kept",
        "アクセシビリティ用のカタログ(用語集や読み上げ文)は取り込みません",
    )
}

pub(super) fn hottext() -> Mistake {
    loss(
        "hottext",
        "words to click in a text are shown as a list of options below it",
        "文中の語をクリックする問題は、文の下に選択肢を並べる形にしました",
    )
}

pub(super) fn bounds() -> Mistake {
    loss("bounds", "lower and upper bounds of the points are not kept", "得点の下限と上限は取り込みません")
}

pub(super) fn pattern_mask() -> Mistake {
    loss("pattern_mask", "the pattern that an answer must have is not kept", "解答の書式(patternMask)は取り込みません")
}

pub(super) fn max_choices(most: u32) -> Mistake {
    loss(
        "max_choices",
        format!("the limit of {most} choices is not kept, since it is not the number of right answers"),
        format!("選べる数の上限({most})は正答の数と違うため取り込みません"),
    )
}

pub(super) fn unknown_identifier(id: &str) -> Mistake {
    let id: String = id.chars().take(60).filter(|c| !c.is_control()).collect();
    Mistake::new(
        "/correct",
        "no_such_option",
        format!("the key and the options do not fit together at `{id}`: correct the identifiers"),
        format!("「{id}」で正答と選択肢が対応していません。identifier を直してください"),
    )
}

pub(super) fn not_all_ordered() -> Mistake {
    Mistake::new(
        "/correct",
        "not_all_ordered",
        "only some of the options are to be ordered: leave only those",
        "並べ替えるのが選択肢の一部だけになっています。並べ替える選択肢だけにしてください",
    )
}

pub(super) fn several_interactions() -> Mistake {
    Mistake::new(
        "/type",
        "several_interactions",
        "the item asks several things at once: split it into one item for each",
        "1つの設問で複数のことを尋ねています。設問を分けてください",
    )
}

pub(super) fn true_false() -> Mistake {
    loss(
        "true_false",
        "QTI has no true/false: it was written as a choice between True and False, and comes back as one",
        "QTIに正誤問題はありません。TrueとFalseの単一選択として書いたので、読み戻すと単一選択になります",
    )
}

pub(super) fn ignored() -> Mistake {
    loss(
        "ignored",
        "this format cannot say that width, kana, quotation marks, spaces or a final stop make no difference",
        "この形式では、全角半角・かな・引用符・空白・文末の句点の違いを無視することを表せません",
    )
}

pub(super) fn too_many_parts() -> Mistake {
    Mistake::new(
        "/answers",
        "number_of_options",
        "there are more than 26 options, pairs or words: split the item",
        "選択肢や語が26個を超えています。設問を分けてください",
    )
}

pub(super) fn no_question(most: usize) -> Mistake {
    Mistake::new(
        "/answers",
        "too_many_parts",
        format!("there are more than {most} answers, or values of the key: this is no question"),
        format!("解答や正答の値が{most}個を超えてあります。設問とは認められません"),
    )
}

pub(super) fn several_words(gap: &str) -> Mistake {
    let gap: String = gap.chars().take(60).filter(|c| !c.is_control()).collect();
    Mistake::new(
        "/gaps",
        "several_words",
        format!("the gap `{gap}` is filled by several words at once: give each gap one word"),
        format!("空欄「{gap}」に複数の語が入ります。1つの空欄に1つの語にしてください"),
    )
}

pub(super) fn several_right_in_a_gap() -> Mistake {
    Mistake::new(
        "/gaps",
        "several_full",
        "several options of one gap are wholly right: leave one",
        "1つの空欄に満点の選択肢が複数あります。1つだけにしてください",
    )
}

pub(super) fn share_too_fine() -> Mistake {
    Mistake::new(
        "/correct",
        "share_too_fine",
        "an answer earns a share of the points that is finer than hundredths: round it",
        "解答の得点の割合が100分の1より細かくなっています。丸めてください",
    )
}

pub(super) fn no_such_area() -> Mistake {
    Mistake::new(
        "/areas",
        "no_such_area",
        "the coordinates of an area do not fit its shape: rect has 4, circle 3, poly pairs, all from 0 up",
        "領域の座標が形に合っていません。rectは4個、circleは3個、polyは組の、0以上の整数です",
    )
}

pub(super) fn no_picture_size() -> Mistake {
    Mistake::new(
        "/size",
        "no_picture_size",
        "the picture of a hotspot says no width and height: write them as whole numbers",
        "領域を選ぶ図に幅と高さがありません。整数で書いてください",
    )
}
