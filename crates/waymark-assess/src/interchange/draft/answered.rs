//! A draft's answers as interaction and key, for the kinds that the fields of a bank file do not say.

use super::{Area, Draft, Fill, Gap, Kind, Range, Words};
use crate::{
    decimal::Decimal,
    interchange::{losses, numbers},
    item::{
        self, AcceptedNumber, AcceptedText, AcceptedTexts, Choice, Criterion, Essay, FileKind, GapKey, GapKind, Gaps,
        Hotspot, Ignored, Interaction, ItemKey, ItemOption, KeyKind, Matching, OptionId, Ordering, Rubric, Rule,
        Scoring, Shape, Share, ShortText, Tolerance, Upload,
    },
    mistake::Mistake,
    rational::Rational,
    text::Text,
};
use std::collections::{BTreeMap, BTreeSet};

/// Longest text that a candidate may type where the file does not say.
const TYPED: u32 = 200;
/// Longest essay, and largest upload.
const WRITTEN: u32 = 20_000;
const UPLOADED: u32 = 10 * 1024 * 1024;

type Answered = (Interaction, ItemKey);

/// Interaction and key; nothing for a choice, which has fields.
pub(super) fn of(draft: &Draft) -> Option<Result<Answered, Mistake>> {
    Some(match &draft.kind {
        Kind::Choice { .. } => return None,
        Kind::TrueFalse(truth) => true_or_false(draft, *truth),
        Kind::Match { sources, targets, pairs, per_part } => matching(draft, sources, targets, pairs, *per_part),
        Kind::Order { options, per_part } => order(draft, options, *per_part),
        Kind::Number(ranges) => accepted_numbers(ranges)
            .map(|numbers| (Interaction::Number, scored(KeyKind::Numbers(numbers), earns_parts(ranges)))),
        Kind::Words(words) => short_text(words),
        Kind::Gaps { gaps, pool, per_part } => text_with_gaps(draft, gaps, pool, *per_part),
        Kind::Hotspot { areas, multiple, size } => hotspot(draft, areas, *multiple, *size),
        Kind::Essay { rubric } => {
            marked(draft, rubric.as_deref()).map(|key| (Interaction::Essay(Essay { max_length: WRITTEN }), key))
        }
        Kind::Upload => {
            let upload = Upload { kinds: FileKind::ALL.into_iter().collect(), max_bytes: UPLOADED };
            marked(draft, None).map(|key| (Interaction::Upload(upload), key))
        }
    })
}

/// The question proper: what stands before the first paragraph with a gap, or a request to fill them.
pub(super) fn stem(draft: &Draft) -> String {
    match &draft.kind {
        Kind::Gaps { .. } => {
            parted(&draft.stem).0.unwrap_or_else(|| said(draft, "Fill in the gaps.", "空欄を埋めてください。"))
        }
        _ => draft.stem.clone(),
    }
}

fn parted(stem: &str) -> (Option<String>, String) {
    let blocks: Vec<&str> = stem.split("\n\n").collect();
    let first = blocks.iter().position(|block| block.contains("{{")).unwrap_or(0);
    let before = blocks[..first].join("\n\n");
    (Some(before).filter(|text| !text.trim().is_empty()), blocks[first..].join("\n\n"))
}

fn said(draft: &Draft, en: &str, ja: &str) -> String {
    let kana = draft.stem.chars().any(|c| ('\u{3040}'..='\u{30ff}').contains(&c));
    let japanese = draft.language.as_deref().map_or(kana, |tag| tag.starts_with("ja"));
    if japanese { ja.to_owned() } else { en.to_owned() }
}

fn text(draft: &Draft, words: &str) -> Result<Text, Mistake> {
    let read = match &draft.language {
        Some(tag) => Text::in_languages(BTreeMap::from([(tag.clone(), words.to_owned())])),
        None => Text::plain(words),
    };
    read.map_err(|wrong| Mistake::new("/answers", wrong.code(), wrong.to_string(), wrong.in_japanese()))
}

fn id(place: usize) -> Result<OptionId, Mistake> {
    OptionId::of_place(place).ok_or_else(losses::too_many_parts)
}

fn options(draft: &Draft, texts: &[String]) -> Result<Vec<ItemOption>, Mistake> {
    let option = |(n, words): (usize, &String)| Ok(ItemOption { id: id(n)?, text: text(draft, words)?, fixed: false });
    texts.iter().enumerate().map(option).collect()
}

fn scored(kind: KeyKind, per_part: bool) -> ItemKey {
    let rule = if per_part { Rule::PerPart } else { Rule::AllOrNothing };
    ItemKey::new(kind).scored(Scoring { rule, ..Scoring::default() })
}

fn true_or_false(draft: &Draft, truth: bool) -> Result<Answered, Mistake> {
    let words = [said(draft, "True", "正しい"), said(draft, "False", "誤り")];
    let mut options = options(draft, &words)?;
    for option in &mut options {
        option.fixed = true;
    }
    let choice = Choice { multiple: false, true_false: true, options, choose: None };
    Ok((Interaction::Choice(choice), ItemKey::of_options([id(usize::from(!truth))?])))
}

fn matching(
    draft: &Draft,
    sources: &[String],
    targets: &[String],
    pairs: &[(usize, usize)],
    per_part: bool,
) -> Result<Answered, Mistake> {
    let key = pairs
        .iter()
        .map(|(source, target)| Ok((id(*source)?, id(*target)?)))
        .collect::<Result<BTreeSet<_>, Mistake>>()?;
    let paired: BTreeSet<usize> = pairs.iter().map(|(source, _)| *source).collect();
    let several = paired.len() < pairs.len() || paired.len() < sources.len();
    let matching = Matching { sources: options(draft, sources)?, targets: options(draft, targets)?, several };
    Ok((Interaction::Match(matching), scored(KeyKind::Pairs(key), per_part)))
}

fn order(draft: &Draft, texts: &[String], per_part: bool) -> Result<Answered, Mistake> {
    let options = options(draft, texts)?;
    let key = options.iter().map(|option| option.id.clone()).collect();
    Ok((Interaction::Order(Ordering { options }), scored(KeyKind::Sequence(key), per_part)))
}

fn accepted_numbers(ranges: &[Range]) -> Result<Vec<AcceptedNumber>, Mistake> {
    let decimal = |text: &str| text.parse::<Decimal>().map_err(|_| losses::no_right_answer());
    let number = |range: &Range| {
        let (include_lower, include_upper) = (range.inclusive, range.inclusive);
        let tolerance = match (range.tolerance.as_str(), range.relative) {
            ("0", _) => Tolerance::Exact,
            (margin, false) => Tolerance::Absolute { margin: decimal(margin)?, include_lower, include_upper },
            (percent, true) => {
                let part = numbers::hundredth(percent).ok_or_else(losses::no_right_answer)?;
                Tolerance::Relative { part: decimal(&part)?, include_lower, include_upper }
            }
        };
        let share = Share::new(range.share).ok_or_else(losses::share_too_fine)?;
        Ok(AcceptedNumber { value: decimal(&range.value)?, tolerance, share })
    };
    ranges.iter().map(number).collect()
}

fn earns_parts(ranges: &[Range]) -> bool {
    ranges.iter().any(|range| range.share != Rational::ONE)
}

/// The accepted texts, and whether some earn only a share.
fn accepted_texts(words: &Words) -> Result<(AcceptedTexts, bool), Mistake> {
    let (mut texts, mut seen, mut shared) = (Vec::new(), BTreeSet::new(), false);
    for (text, share) in &words.accepted {
        let compared = if words.case_sensitive { text.clone() } else { text.to_lowercase() };
        // The first of two that read the same is the one that counts, here as there.
        if !seen.insert(compared) {
            continue;
        }
        shared |= *share != Rational::ONE;
        let share = Share::new(*share).ok_or_else(losses::share_too_fine)?;
        texts.push(AcceptedText { text: text.clone(), share });
    }
    let ignore = if words.case_sensitive { BTreeSet::new() } else { BTreeSet::from([Ignored::Case]) };
    Ok((AcceptedTexts { texts, ignore }, shared))
}

fn longest(texts: &AcceptedTexts) -> u32 {
    let longest = texts.texts.iter().map(|text| text.text.chars().count()).max().unwrap_or_default();
    u32::try_from(longest).unwrap_or(u32::MAX).max(TYPED)
}

fn short_text(words: &Words) -> Result<Answered, Mistake> {
    let (texts, shared) = accepted_texts(words)?;
    let interaction = Interaction::ShortText(ShortText { max_length: longest(&texts) });
    Ok((interaction, scored(KeyKind::Texts(texts), shared)))
}

fn text_with_gaps(draft: &Draft, gaps: &[Gap], pool: &[String], per_part: bool) -> Result<Answered, Mistake> {
    let (mut kinds, mut keys, mut shared) = (Vec::new(), BTreeMap::new(), false);
    let (mut places, mut reuse) = (BTreeSet::new(), false);
    for gap in gaps {
        let gap_id = OptionId::new(&gap.name).ok_or_else(losses::no_right_answer)?;
        let (kind, key) = match &gap.fill {
            Fill::Choice { options: texts, right } => {
                (GapKind::Choice { options: options(draft, texts)? }, GapKey::Options(BTreeSet::from([id(*right)?])))
            }
            Fill::Words(words) => {
                let (texts, some) = accepted_texts(words)?;
                shared |= some;
                (GapKind::Text { max_length: longest(&texts) }, GapKey::Texts(texts))
            }
            Fill::Number(ranges) => {
                shared |= earns_parts(ranges);
                (GapKind::Number, GapKey::Numbers(accepted_numbers(ranges)?))
            }
            Fill::Pooled(place) => {
                reuse |= !places.insert(*place);
                (GapKind::Pool, GapKey::Options(BTreeSet::from([id(*place)?])))
            }
        };
        kinds.push(item::Gap { id: gap_id.clone(), kind });
        keys.insert(gap_id, key);
    }
    let text = text(draft, &parted(&draft.stem).1)?;
    let interaction = Interaction::Gaps(Gaps { text, gaps: kinds, pool: options(draft, pool)?, reuse });
    Ok((interaction, scored(KeyKind::Gaps(keys), per_part || shared)))
}

fn hotspot(draft: &Draft, areas: &[Area], multiple: bool, size: (u32, u32)) -> Result<Answered, Mistake> {
    let (mut placed, mut right) = (Vec::new(), BTreeSet::new());
    for (n, area) in areas.iter().enumerate() {
        let id = id(n)?;
        if area.right {
            right.insert(id.clone());
        }
        let shape = shape(area).ok_or_else(losses::no_such_area)?;
        placed.push(item::Area { id, label: text(draft, &area.label)?, shape });
    }
    let hotspot = Hotspot { width: size.0, height: size.1, multiple, areas: placed, choose: None };
    Ok((Interaction::Hotspot(hotspot), ItemKey::new(KeyKind::Options(right))))
}

fn shape(area: &Area) -> Option<Shape> {
    let numbers: Vec<u32> = area.coordinates.iter().map(|n| u32::try_from(*n).ok()).collect::<Option<_>>()?;
    match (area.shape, numbers.as_slice()) {
        ("rect", [left, top, right, bottom]) => Some(Shape::Rectangle {
            x: *left,
            y: *top,
            width: right.checked_sub(*left)?,
            height: bottom.checked_sub(*top)?,
        }),
        ("circle", [x, y, radius]) => Some(Shape::Circle { x: *x, y: *y, radius: *radius }),
        ("poly", corners) if corners.len() % 2 == 0 => {
            let mut corners: Vec<(u32, u32)> = corners.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            // A polygon that is closed by naming its first corner again.
            if corners.len() > 3 && corners.first() == corners.last() {
                corners.pop();
            }
            Some(Shape::Polygon(corners))
        }
        _ => None,
    }
}

fn marked(draft: &Draft, rubric: Option<&str>) -> Result<ItemKey, Mistake> {
    let words = rubric.map_or_else(|| said(draft, "The whole answer", "解答全体"), str::to_owned);
    let criterion = Criterion { text: text(draft, &words)?, points: 1 };
    Ok(ItemKey::new(KeyKind::Rubric(Rubric { criteria: vec![criterion] })))
}
