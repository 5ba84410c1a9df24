//! The fields of a question as the page shows them: every family of item types, with what is answered filled in.

use serde_json::Value;
use waymark_assess::candidate::{AreaView, GapAs, GapView, OptionView, Parts, PictureView, PositionView, without_tags};
use waymark_assess::item::{ItemType, Shape};

/// One thing to pick, with its number as people count.
pub struct Pick {
    pub handle: String,
    pub number: usize,
    pub html: String,
    pub chosen: bool,
}

impl Pick {
    /// The text alone, as HTML: what the `option` of a `select` can hold.
    pub fn words(&self) -> String {
        without_tags(&self.html)
    }
}

/// A row with fields of its own: a source with its targets, an option with its places.
pub struct Row {
    pub handle: String,
    pub html: String,
    pub picks: Vec<Pick>,
}

/// What stands between two gaps, and the gap after it.
pub struct Piece {
    pub html: String,
    pub gap: Option<Gap>,
}

pub struct Gap {
    pub handle: String,
    pub number: usize,
    /// Empty where something is typed.
    pub picks: Vec<Pick>,
    pub typed: Option<Typed>,
}

pub struct Typed {
    pub value: String,
    pub max_length: u32,
    pub numeric: bool,
}

/// An area of a hotspot as SVG draws it.
pub struct Spot {
    pub handle: String,
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

/// The fields of one family.
pub enum Fields {
    Choice { multiple: bool, picks: Vec<Pick> },
    Hotspot { multiple: bool, picks: Vec<Pick>, picture: PictureView, spots: Vec<Spot> },
    Order { rows: Vec<Row> },
    Match { several: bool, rows: Vec<Row>, targets: Vec<Pick> },
    Line(Typed),
    Essay(Typed),
    Gaps { pieces: Vec<Piece>, pool: Vec<Pick>, reuse: bool },
    Upload { file: Option<String>, accept: String, kinds: String, megabytes: String },
}

impl Fields {
    /// Name for scripts, in `data-family`.
    pub fn family(&self) -> &'static str {
        match self {
            Self::Choice { .. } => "choice",
            Self::Hotspot { .. } => "hotspot",
            Self::Order { .. } => "order",
            Self::Match { .. } => "match",
            Self::Line(_) => "text",
            Self::Essay(_) => "essay",
            Self::Gaps { .. } => "gaps",
            Self::Upload { .. } => "upload",
        }
    }

    /// Whether a press of a button is what takes the answer back: all else can be emptied by hand.
    pub fn needs_clearing(&self) -> bool {
        match self {
            Self::Choice { multiple, .. } | Self::Hotspot { multiple, .. } => !multiple,
            _ => false,
        }
    }
}

/// The fields of the position, showing `response`.
pub fn of(view: &PositionView, response: &Value) -> Fields {
    let picks = |multiple: bool| (multiple, picks(&view.options, |handle| holds(response, handle)));
    match &view.parts {
        None if view.item_type == ItemType::Numeric => Fields::Line(typed(response, 60, true)),
        None if view.item_type == ItemType::Ordering => Fields::Order { rows: places(&view.options, response) },
        None => {
            let (multiple, picks) = picks(view.item_type == ItemType::MultipleChoice);
            Fields::Choice { multiple, picks }
        }
        Some(Parts::Hotspot { picture, areas }) => {
            let (multiple, picks) = picks(view.max_choices > 1);
            Fields::Hotspot { multiple, picks, picture: picture.clone(), spots: spots(areas) }
        }
        Some(Parts::Match { sources, targets, several }) => Fields::Match {
            several: *several,
            rows: sources.iter().map(|source| pairs(source, targets, response)).collect(),
            targets: self::picks(targets, |_| false),
        },
        Some(Parts::Text { max_length }) if view.item_type == ItemType::Essay => {
            Fields::Essay(typed(response, *max_length, false))
        }
        Some(Parts::Text { max_length }) => Fields::Line(typed(response, *max_length, false)),
        Some(Parts::Gaps { text_html, gaps, pool, reuse }) => Fields::Gaps {
            pieces: pieces(text_html, gaps, pool, response),
            pool: self::picks(pool, |_| false),
            reuse: *reuse,
        },
        Some(Parts::Upload { files, max_bytes }) => Fields::Upload {
            file: response["file"].as_str().map(str::to_owned),
            accept: files.iter().map(|kind| accepted(kind.extension())).collect::<Vec<_>>().join(","),
            kinds: files.iter().map(|kind| kind.extension().to_uppercase()).collect::<Vec<_>>().join(", "),
            megabytes: tenths(*max_bytes),
        },
    }
}

fn accepted(extension: &str) -> &'static str {
    match extension {
        "pdf" => ".pdf",
        "png" => ".png",
        "jpg" => ".jpg,.jpeg",
        "zip" => ".zip,.docx,.xlsx,.pptx,.odt",
        _ => ".txt,.md,.csv",
    }
}

/// Megabytes with one place after the point, rounded down so that nobody is promised more than is taken.
pub(in crate::attempts) fn tenths(bytes: u32) -> String {
    let tenths = u64::from(bytes) * 10 / (1024 * 1024);
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

fn holds(response: &Value, handle: &str) -> bool {
    response.as_array().is_some_and(|chosen| chosen.iter().any(|chosen| chosen == handle))
}

fn picks(options: &[OptionView], chosen: impl Fn(&str) -> bool) -> Vec<Pick> {
    let pick = |(number, option): (usize, &OptionView)| Pick {
        handle: option.handle.to_string(),
        number,
        html: option.html.clone(),
        chosen: chosen(option.handle.as_str()),
    };
    (1..).zip(options).map(pick).collect()
}

fn places(options: &[OptionView], response: &Value) -> Vec<Row> {
    let order = response.as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |option: &OptionView| {
        let at = order.iter().position(|handle| handle == option.handle.as_str()).map(|place| place + 1);
        let pick = |number: usize| Pick {
            handle: number.to_string(),
            number,
            html: number.to_string(),
            chosen: at == Some(number),
        };
        Row {
            handle: option.handle.to_string(),
            html: option.html.clone(),
            picks: (1..=options.len()).map(pick).collect(),
        }
    };
    options.iter().map(row).collect()
}

fn pairs(source: &OptionView, targets: &[OptionView], response: &Value) -> Row {
    let pairs = response.as_array().map(Vec::as_slice).unwrap_or_default();
    let paired = |target: &str| pairs.iter().any(|pair| pair[0] == source.handle.as_str() && pair[1] == target);
    Row { handle: source.handle.to_string(), html: source.html.clone(), picks: picks(targets, paired) }
}

fn typed(response: &Value, max_length: u32, numeric: bool) -> Typed {
    Typed { value: response.as_str().unwrap_or_default().to_owned(), max_length, numeric }
}

/// The text cut at its gaps.
fn pieces(text_html: &str, gaps: &[GapView], pool: &[OptionView], response: &Value) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), text_html);
    for (number, gap) in (1..).zip(gaps) {
        let mark = format!("<span data-gap=\"{}\"></span>", gap.handle);
        let Some((before, after)) = rest.split_once(&mark) else { continue };
        let filled = response[gap.handle.as_str()].as_str().unwrap_or_default();
        let (picks, typed) = match &gap.filled {
            GapAs::Choice { options } => (picks(options, |handle| handle == filled), None),
            GapAs::Pool => (picks(pool, |handle| handle == filled), None),
            GapAs::Text { max_length } => {
                (vec![], Some(Typed { value: filled.to_owned(), max_length: *max_length, numeric: false }))
            }
            GapAs::Number => (vec![], Some(Typed { value: filled.to_owned(), max_length: 60, numeric: true })),
        };
        let gap = Gap { handle: gap.handle.to_string(), number, picks, typed };
        pieces.push(Piece { html: before.to_owned(), gap: Some(gap) });
        rest = after;
    }
    pieces.push(Piece { html: rest.to_owned(), gap: None });
    pieces
}

fn spots(areas: &[AreaView]) -> Vec<Spot> {
    let spot = |(number, area): (usize, &AreaView)| {
        let (x, y, shape) = match &area.shape {
            Shape::Rectangle { x, y, width, height } => (*x, *y, Drawn::Rectangle(*width, *height)),
            Shape::Circle { x, y, radius } => (*x, *y, Drawn::Circle(*radius)),
            Shape::Polygon(corners) => {
                let points = corners.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
                let (x, y) = corners.first().copied().unwrap_or_default();
                (x, y, Drawn::Polygon(points))
            }
        };
        Spot { handle: area.handle.to_string(), number, x, y, shape }
    };
    (1..).zip(areas).map(spot).collect()
}

/// What `response` says, line by line, as safe HTML: for somebody whose answer was not saved.
pub fn told(view: &PositionView, response: &Value) -> Vec<String> {
    let picked = |picks: Vec<Pick>| picks.into_iter().filter(|pick| pick.chosen).map(|pick| pick.html).collect();
    match of(view, response) {
        Fields::Choice { picks, .. } | Fields::Hotspot { picks, .. } => picked(picks),
        Fields::Order { mut rows } => {
            let place = |row: &Row| row.picks.iter().find(|pick| pick.chosen).map(|pick| pick.number);
            rows.retain(|row| place(row).is_some());
            rows.sort_by_key(place);
            rows.into_iter().map(|row| row.html).collect()
        }
        Fields::Match { rows, .. } => {
            let each = |row: Row| {
                let source = row.html;
                row.picks.into_iter().filter(|p| p.chosen).map(move |pick| format!("{source} → {}", pick.html))
            };
            rows.into_iter().flat_map(each).collect()
        }
        Fields::Line(typed) | Fields::Essay(typed) => {
            let lines = typed.value.lines().filter(|line| !line.is_empty());
            lines.map(escape).collect()
        }
        Fields::Gaps { pieces, .. } => pieces
            .into_iter()
            .filter_map(|piece| {
                let gap = piece.gap?;
                let word = match gap.typed {
                    Some(typed) => Some(escape(&typed.value)).filter(|word| !word.is_empty()),
                    None => picked(gap.picks).into_iter().next(),
                };
                word.map(|word| format!("({}) {word}", gap.number))
            })
            .collect(),
        Fields::Upload { .. } => Vec::new(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_of_a_select_holds_words_alone() {
        assert_eq!(without_tags("<em>R&amp;D</em>, x &lt; 5"), "R&amp;D, x &lt; 5");
        assert_eq!(escape("<b>\"&\""), "&lt;b&gt;&quot;&amp;&quot;");
    }

    #[test]
    fn megabytes_promise_no_more_than_is_taken() {
        assert_eq!(tenths(5 * 1024 * 1024), "5");
        assert_eq!(tenths(1_000_000), "0.9");
    }
}
