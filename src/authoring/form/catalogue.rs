//! The fields of each type: what items can say, in the order in which a form asks for it.

use waymark_assess::item::{
    AREAS, GAPS, ItemType, MAX_ACCEPTED, MAX_ACCEPTED_TEXTS, MAX_CRITERIA, OPTIONS, POOL, SOURCES, STEPS, TARGETS,
};

use super::described::{Field, Kind, Mark, Rows, Typed, field, ordered, rows};

const TEXT: Field = field("text", "text", Kind::Words(1));
const ID: Field = field("id", "kept", Kind::Kept);
const SHARE: Field = field("share", "share", Kind::Typed(Typed::Number));
const FIXED: Field = field("fixed", "fixed", Kind::Flag);
const CHOOSE: Field = field("choose", "choose", Kind::Typed(Typed::Whole));

const IGNORED: &[&str] = &["case", "width", "kana", "quotes", "spaces", "final_stop"];
const USUALLY_IGNORED: &[&str] = &["case", "width", "quotes", "final_stop"];

const ONE_OF: &[Field] = &[TEXT, field("right", "right", Kind::Mark(Mark::One)), FIXED, ID];
const SOME_OF: &[Field] = &[TEXT, field("right", "right", Kind::Mark(Mark::Many)), FIXED, ID];
const WORDS: &[Field] = &[TEXT, ID];
const STEP: &[Field] = &[TEXT, field("place", "place", Kind::Typed(Typed::Whole)), FIXED, ID];
const SOURCE: &[Field] = &[TEXT, field("pair", "pair", Kind::Picks("targets")), ID];
const TARGET: &[Field] = &[TEXT, FIXED, ID];
const NUMBER: &[Field] = &[
    field("value", "value", Kind::Typed(Typed::Number)),
    field("tolerance", "tolerance", Kind::Typed(Typed::Number)),
    field("unit", "unit", Kind::Select(&["absolute", "percent"])).usually(&["absolute"]),
    field("lower", "lower", Kind::Flag),
    field("upper", "upper", Kind::Flag),
    SHARE,
];
const ACCEPTED: &[Field] = &[field("text", "accepted", Kind::Typed(Typed::Line)), SHARE];
const IGNORE: Field = field("ignore", "ignore", Kind::Ticks(IGNORED)).usually(USUALLY_IGNORED);
const LENGTH: Field = field("max_length", "max-length", Kind::Typed(Typed::Whole));
const GAP_OPTION: &[Field] = &[TEXT, field("right", "right", Kind::Mark(Mark::Many)), ID];
const GAP_NAME: Field = field("id", "gap-id", Kind::Typed(Typed::Name));
const GAP_OPTIONS: Field = rows("answers", "gap-answers", GAP_OPTION, 3, *POOL.end());
const INLINE_GAP: &[Field] = &[GAP_NAME, GAP_OPTIONS];
const CLOZE_GAP: &[Field] = &[
    GAP_NAME,
    field("fill", "fill", Kind::Select(&["texts", "numbers", "answers"])).usually(&["texts"]),
    rows("texts", "accepted-list", ACCEPTED, 1, MAX_ACCEPTED_TEXTS).only("fill", "texts"),
    IGNORE.only("fill", "texts"),
    LENGTH.only("fill", "texts"),
    rows("numbers", "numbers", NUMBER, 1, MAX_ACCEPTED).only("fill", "numbers"),
    GAP_OPTIONS.only("fill", "answers"),
];
const POOL_GAP: &[Field] = &[GAP_NAME, field("right", "from-pool", Kind::Picks("pool"))];
const AREA: &[Field] = &[
    field("label", "area-label", Kind::Words(1)),
    field("shape", "shape", Kind::Select(&["rectangle", "circle", "polygon"])).usually(&["rectangle"]),
    field("numbers", "area-numbers", Kind::Typed(Typed::Code)),
    field("right", "right", Kind::Mark(Mark::If("several"))),
    ID,
];
const CRITERION: &[Field] =
    &[field("text", "criterion", Kind::Words(1)), field("points", "points", Kind::Typed(Typed::Whole))];
const RUBRIC: Field = ordered("rubric", "rubric", CRITERION, 2, MAX_CRITERIA);
const GAP_TEXT: Field = field("text", "gap-text", Kind::Words(5));
const KINDS: &[&str] = &["pdf", "png", "jpeg", "text", "zip"];

const HEAD: &[Field] = &[
    field("id", "id", Kind::Typed(Typed::Name)),
    field("revision", "kept", Kind::Kept),
    field("former", "kept", Kind::Kept),
    field("fixed_stated", "kept", Kind::Kept),
    field("spoken", "kept", Kind::Kept),
    field("note", "note", Kind::Typed(Typed::Line)),
];
const QUESTION: &[Field] = &[field("question", "question", Kind::Words(4))];
const FIGURE: &[Field] = &[
    field("figure", "kept", Kind::Kept),
    field("figure_alt", "figure-alt", Kind::Words(1)),
    field("no_figure", "no-figure", Kind::Flag),
];
const CASE: &[Field] = &[
    field("stimulus_id", "stimulus-id", Kind::Typed(Typed::Name)),
    field("stimulus_text", "stimulus-text", Kind::Words(5)),
];
const SCORING: &[Field] = &[
    field("scoring_rule", "scoring-rule", Kind::Select(&["all_or_nothing", "per_part"])).usually(&["all_or_nothing"]),
    field("scoring_points", "scoring-points", Kind::Typed(Typed::Whole)),
    field("scoring_penalty", "scoring-penalty", Kind::Typed(Typed::Number)),
];
const REASON: &[Field] = &[field("rationale", "rationale", Kind::Words(2))];
const FILED: &[Field] = &[
    field("domain", "domain", Kind::Typed(Typed::Name)),
    field("tags", "tags", Kind::Typed(Typed::Line)),
    field("enemies", "enemies", Kind::Typed(Typed::Line)),
    field("refs", "refs", Kind::Lines),
];

/// What only this type has.
fn own(item_type: ItemType) -> &'static [Field] {
    match item_type {
        ItemType::SingleChoice => const { &[rows("answers", "answers", ONE_OF, 4, *OPTIONS.end())] },
        ItemType::MultipleChoice => const { &[rows("answers", "answers", SOME_OF, 4, *OPTIONS.end()), CHOOSE] },
        ItemType::TrueFalse => {
            const {
                &[
                    field("correct", "truth", Kind::Select(&["", "true", "false"])),
                    rows("answers", "truth-words", WORDS, 2, 2),
                ]
            }
        }
        ItemType::Matching => {
            const {
                &[
                    ordered("sources", "sources", SOURCE, 3, *SOURCES.end()),
                    ordered("targets", "targets", TARGET, 4, *TARGETS.end()),
                    field("several", "several-targets", Kind::Flag),
                ]
            }
        }
        ItemType::Ordering => const { &[ordered("answers", "steps", STEP, 4, *STEPS.end())] },
        ItemType::Numeric => const { &[ordered("correct", "numbers", NUMBER, 1, MAX_ACCEPTED)] },
        ItemType::ShortText => {
            const { &[ordered("correct", "accepted-list", ACCEPTED, 2, MAX_ACCEPTED_TEXTS), IGNORE, LENGTH] }
        }
        ItemType::InlineChoice => const { &[GAP_TEXT, rows("gaps", "gaps", INLINE_GAP, 1, *GAPS.end())] },
        ItemType::Cloze => const { &[GAP_TEXT, rows("gaps", "gaps", CLOZE_GAP, 1, *GAPS.end())] },
        ItemType::GapMatch => {
            const {
                &[
                    GAP_TEXT,
                    rows("pool", "pool", WORDS, 4, *POOL.end()),
                    rows("gaps", "gaps", POOL_GAP, 2, *GAPS.end()),
                    field("reuse", "reuse", Kind::Flag),
                ]
            }
        }
        ItemType::Hotspot => {
            const {
                &[
                    field("width", "width", Kind::Typed(Typed::Whole)),
                    field("height", "height", Kind::Typed(Typed::Whole)),
                    rows("areas", "areas", AREA, 2, *AREAS.end()),
                    field("several", "several-areas", Kind::Flag),
                    CHOOSE,
                ]
            }
        }
        ItemType::Essay => const { &[RUBRIC, field("max_length", "essay-length", Kind::Typed(Typed::Whole))] },
        ItemType::FileUpload => {
            const {
                &[
                    field("files", "files", Kind::Ticks(KINDS)).usually(&["pdf"]),
                    field("max_bytes", "max-bytes", Kind::Typed(Typed::Whole)).usually(&["5"]),
                    field("size_unit", "size-unit", Kind::Select(&["mib", "kib", "bytes"])).usually(&["mib"]),
                    RUBRIC,
                ]
            }
        }
        _ => &[],
    }
}

/// Parts of the form, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Head,
    Question,
    Figure,
    Own,
    Scoring,
    Case,
    Reason,
    Filed,
}

impl Part {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Question => "question",
            Self::Figure => "figure",
            Self::Own => "own",
            Self::Scoring => "scoring",
            Self::Case => "case",
            Self::Reason => "reason",
            Self::Filed => "filed",
        }
    }
}

/// Every field of the form, part by part.
pub fn parts(item_type: ItemType) -> [(Part, &'static [Field]); 8] {
    let by_rubric = matches!(item_type, ItemType::Essay | ItemType::FileUpload);
    [
        (Part::Head, HEAD),
        (Part::Question, QUESTION),
        (Part::Figure, FIGURE),
        (Part::Own, own(item_type)),
        (Part::Scoring, if by_rubric { &[] } else { SCORING }),
        (Part::Case, CASE),
        (Part::Reason, REASON),
        (Part::Filed, FILED),
    ]
}

/// The list of this name, or of a list in its rows.
pub fn list(item_type: ItemType, names: &[&str]) -> Option<&'static Rows> {
    let all = parts(item_type);
    let (first, rest) = names.split_first()?;
    let of = |fields: &'static [Field], name: &str| {
        fields.iter().find(|field| field.name == name).and_then(|field| match &field.kind {
            Kind::Rows(rows) => Some(rows),
            _ => None,
        })
    };
    let mut rows = all.iter().find_map(|(_, fields)| of(fields, first))?;
    for name in rest {
        rows = of(rows.fields, name)?;
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use waymark_assess::item::{FileKind, Ignored};

    use super::*;

    #[test]
    fn the_form_offers_what_an_item_can_say() {
        assert_eq!(Ignored::ALL.map(Ignored::as_str), IGNORED);
        assert_eq!(FileKind::ALL.map(FileKind::as_str), KINDS);
        let usual: Vec<&str> = Ignored::usual().into_iter().map(Ignored::as_str).collect();
        assert_eq!(usual, USUALLY_IGNORED);
    }

    #[test]
    fn no_name_stands_twice_in_a_form() {
        for item_type in ItemType::ALL {
            let mut seen = std::collections::BTreeSet::new();
            for field in parts(item_type).iter().flat_map(|(_, fields)| fields.iter()) {
                assert!(seen.insert(field.name), "{item_type:?}: {}", field.name);
            }
        }
    }
}
