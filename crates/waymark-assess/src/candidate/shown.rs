//! A position as a page shows it, to whoever sits it and to whoever looks at it before: the text cut at its gaps, areas as they are drawn, words without
//! tags, sizes as people read them.

use super::{AreaView, GapView};
use crate::item::Shape;

/// What stands between two gaps, and the gap after it with its number, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'v> {
    pub html: &'v str,
    pub gap: Option<(usize, &'v GapView)>,
}

/// The text cut at its gaps; the last piece has none after it.
pub fn pieces<'v>(text_html: &'v str, gaps: &'v [GapView]) -> Vec<Piece<'v>> {
    let (mut pieces, mut rest) = (vec![], text_html);
    for (number, gap) in (1..).zip(gaps) {
        let mark = format!("<span data-gap=\"{}\"></span>", gap.handle);
        let Some((before, after)) = rest.split_once(mark.as_str()) else { continue };
        pieces.push(Piece { html: before, gap: Some((number, gap)) });
        rest = after;
    }
    pieces.push(Piece { html: rest, gap: None });
    pieces
}

/// An area of a hotspot as SVG draws it; `x` and `y` are where its number stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub handle: String,
    /// Counts from 1.
    pub number: usize,
    pub x: u32,
    pub y: u32,
    pub shape: Drawn,
}

/// The rest of a shape, in pixels of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawn {
    /// Width and height.
    Rectangle(u32, u32),
    /// The radius.
    Circle(u32),
    /// Corners as `points` of an SVG polygon.
    Polygon(String),
}

/// The areas in their order.
pub fn spots(areas: &[AreaView]) -> Vec<Spot> {
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

/// HTML without its tags, for the `option` of a `select`; what is escaped stays escaped, formulas stand on one line.
pub fn words(html: &str) -> String {
    super::without_tags(html)
}

/// Megabytes with one place after the point, rounded down so that nobody is promised more than is taken.
pub fn megabytes(bytes: u32) -> String {
    let tenths = u64::from(bytes) * 10 / (1024 * 1024);
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_of_a_select_holds_words_alone() {
        assert_eq!(words("<em>R&amp;D</em>, x &lt; 5"), "R&amp;D, x &lt; 5");
    }

    #[test]
    fn megabytes_promise_no_more_than_is_taken() {
        assert_eq!(megabytes(5 * 1024 * 1024), "5");
        assert_eq!(megabytes(1_000_000), "0.9");
    }
}
