//! An item version as a draft in one language, and what of it no other system's format holds.

use super::{
    draft::{Answer, Area, Draft, Fill, Gap, Kind, Range, Words},
    losses, numbers,
};
use crate::{
    item::{
        self, AcceptedNumber, AcceptedTexts, GapKey, GapKind, Ignored, Interaction, ItemOption, ItemVersion, KeyKind,
        OptionId, Rule, Shape, Tolerance,
    },
    mistake::Mistake,
    text::{NO_LANGUAGE, Text},
};

/// The draft with the texts nearest to `language`, and what it leaves out.
pub(super) fn draft(version: &ItemVersion, language: &str) -> (Result<Draft, Mistake>, Vec<Mistake>) {
    let content = version.content();
    let (tag, stem) = content.stem.pick(language);
    let mut lost = Vec::new();
    let others: Vec<&str> = content.stem.languages().filter(|other| *other != tag).collect();
    if !others.is_empty() {
        lost.push(losses::other_languages(tag, &others.join(", ")));
    }
    if !content.refs.is_empty() {
        lost.push(losses::not_said("references", "出典"));
    }
    if !content.enemies.is_empty() {
        lost.push(losses::not_said("enemy sets", "同時に出題しない組"));
    }
    if version.key().scoring().points != 1 {
        lost.push(losses::not_said("how many points the item is worth", "配点"));
    }
    let reader = Reader { tag, version };
    let mut stem = match &content.interaction {
        Interaction::Gaps(gaps) => format!("{stem}\n\n{}", reader.words(&gaps.text)),
        _ => stem.to_owned(),
    };
    if let Some(stimulus) = &content.stimulus {
        stem = format!("{}\n\n{stem}", reader.words(&stimulus.text));
        lost.push(losses::not_said(
            "that items share a stimulus: it stands in each",
            "共通資料(各設問の中に書きました)",
        ));
    }
    let words = |text: &Text| reader.words(text);
    let picture = content.figure.as_ref();
    let picture = picture.map(|figure| (figure.sha256(), figure.alt.as_ref().map(words).unwrap_or_default()));
    let draft = reader.kind(&mut lost).map(|kind| Draft {
        id: Some(content.slug.clone()),
        name: content.slug.clone(),
        language: Some(tag.to_owned()).filter(|tag| tag != NO_LANGUAGE),
        stem,
        kind,
        domain: content.domain.clone(),
        tags: content.tags.iter().cloned().collect(),
        rationale: version.rationale().map(|rationale| words(rationale.reveal())),
        picture,
        ..Draft::default()
    });
    (draft, lost)
}

struct Reader<'v> {
    tag: &'v str,
    version: &'v ItemVersion,
}

fn place(options: &[ItemOption], id: &OptionId) -> Result<usize, Mistake> {
    options.iter().position(|option| option.id == *id).ok_or_else(losses::no_right_answer)
}

impl Reader<'_> {
    fn words(&self, text: &Text) -> String {
        text.pick(self.tag).1.to_owned()
    }

    fn texts(&self, options: &[ItemOption]) -> Vec<String> {
        options.iter().map(|option| self.words(&option.text)).collect()
    }

    fn kind(&self, lost: &mut Vec<Mistake>) -> Result<Kind, Mistake> {
        let key = self.version.key();
        let per_part = key.scoring().rule == Rule::PerPart;
        let other = || losses::not_said("this type of item", "この種類の設問");
        match (&self.version.content().interaction, key.kind()) {
            (Interaction::Choice(choice), KeyKind::Options(right)) if choice.true_false => {
                Ok(Kind::TrueFalse(choice.options.first().is_some_and(|option| right.contains(&option.id))))
            }
            (Interaction::Choice(choice), KeyKind::Options(right)) => {
                let answer = |option: &ItemOption| Answer {
                    text: self.words(&option.text),
                    right: right.contains(&option.id),
                    fixed: option.fixed,
                };
                let answers = choice.options.iter().map(answer).collect();
                Ok(Kind::Choice { multiple: choice.multiple, answers, choose: choice.choose, stated: true, per_part })
            }
            (Interaction::Match(matching), KeyKind::Pairs(pairs)) => {
                let placed = |(source, target): &(OptionId, OptionId)| {
                    Ok((place(&matching.sources, source)?, place(&matching.targets, target)?))
                };
                let pairs = pairs.iter().map(placed).collect::<Result<_, Mistake>>()?;
                let (sources, targets) = (self.texts(&matching.sources), self.texts(&matching.targets));
                Ok(Kind::Match { sources, targets, pairs, per_part })
            }
            (Interaction::Order(ordering), KeyKind::Sequence(order)) => {
                let text = |id: &OptionId| Ok(self.words(&ordering.options[place(&ordering.options, id)?].text));
                Ok(Kind::Order { options: order.iter().map(text).collect::<Result<_, Mistake>>()?, per_part })
            }
            (Interaction::Number, KeyKind::Numbers(numbers)) => Ok(Kind::Number(ranges(numbers, per_part)?)),
            (Interaction::ShortText(_), KeyKind::Texts(texts)) => Ok(Kind::Words(accepted(texts, lost))),
            (Interaction::Gaps(gaps), KeyKind::Gaps(keys)) => {
                let fill = |gap: &item::Gap| {
                    let key = keys.get(&gap.id).ok_or_else(losses::no_right_answer)?;
                    Ok(Gap { name: gap.id.to_string(), fill: self.fill(&gap.kind, key, &gaps.pool, lost)? })
                };
                let filled = gaps.gaps.iter().map(fill).collect::<Result<_, Mistake>>()?;
                Ok(Kind::Gaps { gaps: filled, pool: self.texts(&gaps.pool), per_part })
            }
            (Interaction::Hotspot(hotspot), KeyKind::Options(right)) => {
                let area = |area: &item::Area| {
                    let (shape, coordinates) = coordinates(&area.shape);
                    Area { shape, coordinates, label: self.words(&area.label), right: right.contains(&area.id) }
                };
                let areas = hotspot.areas.iter().map(area).collect();
                Ok(Kind::Hotspot { areas, multiple: hotspot.multiple, size: (hotspot.width, hotspot.height) })
            }
            (Interaction::Essay(_), KeyKind::Rubric(rubric)) => {
                let points = |criterion: &item::Criterion| match (rubric.criteria.len(), criterion.points) {
                    (1, 1) => self.words(&criterion.text),
                    (_, points) => format!("{} ({points})", self.words(&criterion.text)),
                };
                let lines: Vec<String> = rubric.criteria.iter().map(points).collect();
                Ok(Kind::Essay { rubric: Some(lines.join("\n\n")) })
            }
            (Interaction::Upload(_), _) => Ok(Kind::Upload),
            _ => Err(other()),
        }
    }

    fn fill(
        &self,
        kind: &GapKind,
        key: &GapKey,
        pool: &[ItemOption],
        lost: &mut Vec<Mistake>,
    ) -> Result<Fill, Mistake> {
        let only = |options: &[ItemOption], right: &std::collections::BTreeSet<OptionId>| match right.first() {
            Some(id) if right.len() == 1 => place(options, id),
            _ => Err(losses::not_said("several right words for one gap", "1つの空欄に複数の正解")),
        };
        match (kind, key) {
            (GapKind::Choice { options }, GapKey::Options(right)) => {
                Ok(Fill::Choice { options: self.texts(options), right: only(options, right)? })
            }
            (GapKind::Pool, GapKey::Options(right)) => Ok(Fill::Pooled(only(pool, right)?)),
            (_, GapKey::Texts(texts)) => Ok(Fill::Words(accepted(texts, lost))),
            (_, GapKey::Numbers(numbers)) => {
                let per_part = self.version.key().scoring().rule == Rule::PerPart;
                Ok(Fill::Number(ranges(numbers, per_part)?))
            }
            _ => Err(losses::no_right_answer()),
        }
    }
}

fn accepted(texts: &AcceptedTexts, lost: &mut Vec<Mistake>) -> Words {
    if texts.ignore.iter().any(|ignored| *ignored != Ignored::Case) && lost.iter().all(|loss| loss.code != "ignored") {
        lost.push(losses::ignored());
    }
    let accepted = texts.texts.iter().map(|text| (text.text.clone(), text.share.get())).collect();
    Words { accepted, case_sensitive: !texts.ignore.contains(&Ignored::Case) }
}

fn ranges(numbers: &[AcceptedNumber], per_part: bool) -> Result<Vec<Range>, Mistake> {
    let range = |number: &AcceptedNumber| {
        let cannot = || losses::not_said("this tolerance", "この許容誤差");
        let (tolerance, relative, lower, upper) = match &number.tolerance {
            Tolerance::Exact => ("0".to_owned(), false, true, true),
            Tolerance::Absolute { margin, include_lower, include_upper } => {
                (margin.to_string(), false, *include_lower, *include_upper)
            }
            Tolerance::Relative { part, include_lower, include_upper } => {
                let percent = numbers::hundredfold(&part.to_string()).ok_or_else(cannot)?;
                (percent, true, *include_lower, *include_upper)
            }
        };
        let plain = |text: String| numbers::decimal(&text).ok_or_else(cannot);
        // A part of the points is told where it counts; an item that scores as a whole has no such parts.
        if lower != upper || !(per_part || number.share.is_whole()) {
            return Err(cannot());
        }
        let (value, share) = (plain(number.value.to_string())?, number.share.get());
        Ok(Range { value, tolerance: plain(tolerance)?, relative, inclusive: lower, share })
    };
    numbers.iter().map(range).collect()
}

fn coordinates(shape: &Shape) -> (&'static str, Vec<i64>) {
    let whole = |numbers: &[u32]| numbers.iter().map(|n| i64::from(*n)).collect::<Vec<_>>();
    match shape {
        Shape::Rectangle { x, y, width, height } => {
            ("rect", whole(&[*x, *y, x.saturating_add(*width), y.saturating_add(*height)]))
        }
        Shape::Circle { x, y, radius } => ("circle", whole(&[*x, *y, *radius])),
        Shape::Polygon(corners) => ("poly", corners.iter().flat_map(|(x, y)| whole(&[*x, *y])).collect()),
    }
}
