//! A text set within a width and a number of lines: shrunk before it is wrapped, wrapped before it is cut.

use crate::fitting::Breaks;
use crate::fonts::{Fonts, Line};

/// How a text may be set. Lengths are points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub size: f32,
    pub min_size: f32,
    pub weight: f32,
    /// Em, between letters.
    pub spacing: f32,
    pub width: f32,
    pub lines: usize,
    /// Stays on one line until it has shrunk by this factor: 1 for a paragraph, which wraps at once.
    pub one_line: f32,
    /// Em from baseline to baseline.
    pub leading: f32,
}

/// The lines of a text, each with the words in it.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    pub lines: Vec<(String, Line)>,
    pub size: f32,
    pub leading: f32,
    pub shortened: bool,
}

impl Set {
    pub(crate) fn height(&self) -> f32 {
        match self.lines.len() {
            0 => 0.0,
            n => self.size * ((n - 1) as f32 * self.leading + 1.0),
        }
    }
}

const STEP: f32 = 0.96;

/// Sets `text`; white space of any kind separates words.
pub(crate) fn set(text: &str, style: &Style, fonts: &Fonts) -> Set {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Set { lines: vec![], size: style.size, leading: style.leading, shortened: false };
    }
    let mut shortened = false;
    loop {
        let whole = fonts.set(&text, style.weight, style.spacing);
        let breaks = Breaks::of(&text, &whole, style.spacing);
        let mut size = style.size;
        loop {
            // Only at the smallest size is a word broken that has no place to break.
            let smallest = size <= style.min_size;
            let most = if size > style.size * style.one_line && !smallest { 1 } else { style.lines };
            if let Some(ranges) = broken(&breaks, text.len(), style.width / size, smallest)
                && ranges.len() <= most
            {
                let ranges = evened(&breaks, text.len(), style.width / size, &ranges);
                let lines = ranges.iter().map(|(a, b)| {
                    let words = text[*a..*b].trim().to_owned();
                    let line = fonts.set(&words, style.weight, style.spacing);
                    (words, line)
                });
                return Set { lines: lines.collect(), size, leading: style.leading, shortened };
            }
            if smallest {
                break;
            }
            size = (size * STEP).max(style.min_size);
        }
        shortened = true;
        text = cut(&text, style, whole.width);
    }
}

/// The text with its end dropped: in one step what cannot stand anyway, then character by character.
fn cut(text: &str, style: &Style, width: f32) -> String {
    let mut kept: Vec<char> = text.trim_end_matches('…').chars().collect();
    let room = style.width / style.min_size * style.lines as f32;
    let share = (room / width).min(1.0) * kept.len() as f32;
    kept.truncate((share as usize + 1).min(kept.len().saturating_sub(1)));
    kept.iter().collect::<String>().trim_end().to_owned() + "…"
}

/// The text in lines no wider than `width` (em), each as long as it can be. None where a word is wider; `force` breaks it.
fn broken(breaks: &Breaks, end: usize, width: f32, force: bool) -> Option<Vec<(usize, usize)>> {
    let mut ranges = vec![];
    let mut from = 0;
    while breaks.width(from, end) > width {
        let fits = |to: &usize| *to > from && breaks.width(from, *to) <= width;
        let at = breaks.at.iter().map(|(byte, _)| *byte).rfind(fits);
        let anywhere = || {
            let glyphs = breaks.reached.iter().map(|(byte, _)| *byte);
            glyphs.clone().rfind(fits).or_else(|| glyphs.clone().find(|byte| *byte > from))
        };
        let to = match at {
            Some(at) => at,
            None if force => anywhere()?,
            None => return None,
        };
        ranges.push((from, to));
        from = to;
        if from >= end {
            return Some(ranges);
        }
    }
    ranges.push((from, end));
    Some(ranges)
}

/// The narrowest way to have as many lines: no last line of one word.
fn evened(breaks: &Breaks, end: usize, width: f32, ranges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let (mut wide, mut narrow) = (width, width / ranges.len() as f32 * 0.9);
    let mut best = ranges.to_vec();
    if ranges.len() < 2 {
        return best;
    }
    for _ in 0..12 {
        let middle = (wide + narrow) / 2.0;
        match broken(breaks, end, middle, false) {
            Some(found) if found.len() <= ranges.len() => (best, wide) = (found, middle),
            _ => narrow = middle,
        }
    }
    best
}
