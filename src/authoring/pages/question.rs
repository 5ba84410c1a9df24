//! How a question is answered, shown and not answered: the fields that a candidate would have, of every family.

use waymark_assess::candidate::{AreaView, GapAs, GapView, OptionView, Parts, PictureView, PositionView, without_tags};
use waymark_assess::item::{ItemType, Shape};

use crate::web::i18n::Words;

/// What stands between two gaps, and the gap after it.
pub struct Piece {
    pub html: String,
    pub gap: Option<Gap>,
}

pub struct Gap {
    pub number: usize,
    /// The words to pick from, as HTML without tags; none where something is typed.
    pub words: Option<Vec<String>>,
}

/// An area over the picture.
pub struct Spot {
    pub number: usize,
    pub x: u32,
    pub y: u32,
    pub shape: Drawn,
}

pub enum Drawn {
    Rectangle(u32, u32),
    Circle(u32),
    Polygon(String),
}

/// One family of fields.
pub enum AnswerView {
    Choice { multiple: bool },
    Hotspot { multiple: bool, picture: PictureView, spots: Vec<Spot> },
    Order { places: usize },
    Match { several: bool, sources: Vec<OptionView>, targets: Vec<OptionView> },
    Line,
    Essay,
    Gaps { pieces: Vec<Piece>, pool: Vec<OptionView> },
    Upload,
}

impl AnswerView {
    pub fn of(view: &PositionView) -> Self {
        match &view.parts {
            None if view.item_type == ItemType::Numeric => Self::Line,
            None if view.item_type == ItemType::Ordering => Self::Order { places: view.options.len() },
            None => Self::Choice { multiple: view.item_type == ItemType::MultipleChoice },
            Some(Parts::Hotspot { picture, areas }) => Self::Hotspot {
                multiple: view.max_choices > 1,
                picture: picture.clone(),
                spots: (1..).zip(areas).map(|(number, area)| spot(number, area)).collect(),
            },
            Some(Parts::Match { sources, targets, several }) => {
                Self::Match { several: *several, sources: sources.clone(), targets: targets.clone() }
            }
            Some(Parts::Text { .. }) if view.item_type == ItemType::Essay => Self::Essay,
            Some(Parts::Text { .. }) => Self::Line,
            Some(Parts::Gaps { text_html, gaps, pool, .. }) => {
                Self::Gaps { pieces: pieces(text_html, gaps, pool), pool: pool.clone() }
            }
            Some(Parts::Upload { .. }) => Self::Upload,
        }
    }
}

/// What the question asks one to do: the sentence of the player.
pub fn instruction(speaks: Words, view: &PositionView) -> String {
    let chosen = |multiple: bool| match (multiple, view.min_choices == view.max_choices) {
        (false, _) => speaks.t("player-choose-one"),
        (true, true) => speaks.with1("player-choose-exactly", "count", view.max_choices),
        (true, false) => speaks.t("player-choose-any"),
    };
    match &view.parts {
        None if view.item_type == ItemType::Numeric => speaks.t("player-type-number"),
        None if view.item_type == ItemType::Ordering => speaks.with1("player-order", "count", view.options.len()),
        None => chosen(view.item_type == ItemType::MultipleChoice),
        Some(Parts::Hotspot { .. }) => speaks.sentences(&[chosen(view.max_choices > 1), speaks.t("player-hotspot")]),
        Some(Parts::Match { several: false, .. }) => speaks.t("player-match-one"),
        Some(Parts::Match { .. }) => speaks.t("player-match-any"),
        Some(Parts::Text { max_length }) if view.item_type == ItemType::Essay => {
            speaks.with1("player-write", "count", *max_length)
        }
        Some(Parts::Text { max_length }) => speaks.with1("player-type-text", "count", *max_length),
        Some(Parts::Gaps { pool, .. }) if pool.is_empty() => speaks.t("player-fill"),
        Some(Parts::Gaps { reuse: true, .. }) => speaks.t("player-fill-reuse"),
        Some(Parts::Gaps { .. }) => speaks.t("player-fill-once"),
        Some(Parts::Upload { files, max_bytes }) => {
            let kinds: Vec<String> = files.iter().map(|kind| kind.extension().to_uppercase()).collect();
            speaks.with2("player-upload", "kinds", kinds.join(", "), "megabytes", megabytes(*max_bytes))
        }
    }
}

/// Megabytes with one place after the point, rounded down.
fn megabytes(bytes: u32) -> String {
    let tenths = u64::from(bytes) * 10 / (1024 * 1024);
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// The text cut at its gaps.
fn pieces(text_html: &str, gaps: &[GapView], pool: &[OptionView]) -> Vec<Piece> {
    let (mut pieces, mut rest) = (vec![], text_html);
    let words = |options: &[OptionView]| Some(options.iter().map(|option| without_tags(&option.html)).collect());
    for (number, gap) in (1..).zip(gaps) {
        let mark = format!("<span data-gap=\"{}\"></span>", gap.handle);
        let Some((before, after)) = rest.split_once(&mark) else { continue };
        let words = match &gap.filled {
            GapAs::Choice { options } => words(options),
            GapAs::Pool => words(pool),
            GapAs::Text { .. } | GapAs::Number => None,
        };
        pieces.push(Piece { html: before.to_owned(), gap: Some(Gap { number, words }) });
        rest = after;
    }
    pieces.push(Piece { html: rest.to_owned(), gap: None });
    pieces
}

fn spot(number: usize, area: &AreaView) -> Spot {
    let (x, y, shape) = match &area.shape {
        Shape::Rectangle { x, y, width, height } => (*x, *y, Drawn::Rectangle(*width, *height)),
        Shape::Circle { x, y, radius } => (*x, *y, Drawn::Circle(*radius)),
        Shape::Polygon(corners) => {
            let points = corners.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
            let (x, y) = corners.first().copied().unwrap_or_default();
            (x, y, Drawn::Polygon(points))
        }
    };
    Spot { number, x, y, shape }
}
