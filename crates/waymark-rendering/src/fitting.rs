//! Lettering: a text made to fit its place, in Japanese and in English, as outlines.
//!
//! The rule. Every way to break the text into at most `lines` lines is weighed: the largest size at which the widest line fits, times
//! a factor for how well the breaks read. The best wins; on a tie, fewer lines. If even that is smaller than `min_size`, the
//! text is cut with `…` until it fits, and the caller is told.

use crate::fonts::{Fonts, Line};

/// Where and how a `text` of the template stands, in its units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lettering {
    pub(crate) x: f32,
    /// Baseline of a single line at full size. More or smaller lines stay centred where that line would have stood.
    pub(crate) y: f32,
    pub(crate) size: f32,
    pub(crate) weight: f32,
    /// 0 start, 0.5 middle, 1 end.
    pub(crate) anchor: f32,
    /// Em, added between letters.
    pub(crate) spacing: f32,
    /// Room for a line; none means any.
    pub(crate) width: Option<f32>,
    /// Room for the block; none means any.
    pub(crate) height: Option<f32>,
    pub(crate) lines: usize,
    pub(crate) min_size: f32,
    /// Em from baseline to baseline.
    pub(crate) leading: f32,
    pub(crate) arc: Option<Arc>,
}

/// Letters stand on a circle instead of a line, centred at its top or bottom; `width` is then a length along it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arc {
    pub(crate) cx: f32,
    pub(crate) cy: f32,
    pub(crate) radius: f32,
    pub(crate) bottom: bool,
}

/// Most lines a text may have: every way to break is weighed.
pub(crate) const MAX_LINES: usize = 3;
/// Height of the middle of a line over its baseline, em.
const MIDDLE: f32 = 0.37;
/// Each line more must win by this factor.
const LINE_COST: f32 = 0.9;

struct Fitted {
    lines: Vec<Line>,
    size: f32,
}

impl Lettering {
    /// The outlines as SVG path data, and whether the text had to be cut.
    pub(crate) fn outline(&self, text: &str, fonts: &Fonts) -> (String, bool) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (fitted, shortened) = self.fit(&text, fonts);
        let mut path = String::new();
        let n = fitted.lines.len() as f32;
        for (i, line) in fitted.lines.iter().enumerate() {
            let size = fitted.size;
            let y = self.y - MIDDLE * (self.size - size) + (i as f32 - (n - 1.0) / 2.0) * self.leading * size;
            let x = self.x - self.anchor * line.width * size;
            for glyph in &line.glyphs {
                match self.arc {
                    None => fonts.outline(glyph, |gx, gy| (x + (glyph.pen + gx) * size, y - gy * size), &mut path),
                    Some(arc) => {
                        let along = (glyph.pen + glyph.advance / 2.0 - line.width / 2.0) * size;
                        fonts.outline(glyph, arc.place(along, glyph.advance, size), &mut path);
                    }
                }
            }
        }
        (path, shortened)
    }

    fn fit(&self, text: &str, fonts: &Fonts) -> (Fitted, bool) {
        let mut best = self.best(text, fonts);
        if best.size >= self.min_size {
            return (best, false);
        }
        let room = self.width.unwrap_or(f32::INFINITY) * self.lines as f32 / self.min_size;
        let mut kept: Vec<char> = text.chars().collect();
        while kept.len() > 1 && best.size < self.min_size {
            let whole = fonts.set(&kept.iter().collect::<String>(), self.weight, self.spacing).width;
            // Far too long: drop in one step what cannot stand anyway, then go character by character.
            let share = (room / whole).min(1.0) * kept.len() as f32;
            kept.truncate((share as usize + 1).clamp(1, kept.len() - 1));
            let cut: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
            best = self.best(&cut, fonts);
        }
        best.size = best.size.max(self.min_size);
        (best, true)
    }

    /// The best layout of the whole text, however small.
    fn best(&self, text: &str, fonts: &Fonts) -> Fitted {
        let whole = fonts.set(text, self.weight, self.spacing);
        let Some(width) = self.width else { return Fitted { lines: vec![whole], size: self.size } };
        let breaks = Breaks::of(text, &whole, self.spacing);
        let (mut most, mut size, mut ranges) = (0.0, self.size, vec![(0, text.len())]);
        for lines in 1..=self.lines {
            let room = self.height.map_or(f32::INFINITY, |h| h / ((lines as f32 - 1.0) * self.leading + 1.0));
            breaks.each(lines, &mut |way, widest, reads| {
                let fits = (width / widest.max(f32::EPSILON)).min(self.size).min(room);
                // Of ways that allow the same size, the more even one.
                let even = 1.0 - 0.02 * widest / whole.width.max(f32::EPSILON);
                let worth = fits * reads * even * LINE_COST.powi(lines as i32 - 1);
                if worth > most * 1.0001 {
                    (most, size, ranges) = (worth, fits, way.to_vec());
                }
            });
        }
        let lines = ranges.iter().map(|(a, b)| fonts.set(text[*a..*b].trim(), self.weight, self.spacing)).collect();
        Fitted { lines, size }
    }
}

impl Arc {
    /// Maps a glyph whose middle stands `along` the circle from its top (or bottom), turned to stand on it.
    fn place(self, along: f32, advance: f32, size: f32) -> impl Fn(f32, f32) -> (f32, f32) {
        let side = if self.bottom { -1.0 } else { 1.0 };
        let (sin, cos) = (side * along / self.radius).sin_cos();
        move |gx, gy| {
            let x = (gx - advance / 2.0) * size;
            let y = -side * self.radius - gy * size;
            (self.cx + x * cos - y * sin, self.cy + x * sin + y * cos)
        }
    }
}

/// Where a text may be broken, how well each break reads, and the width of every piece.
pub(crate) struct Breaks {
    /// (byte where the next line begins, how the break reads: 1 best), in order.
    pub(crate) at: Vec<(usize, f32)>,
    /// (byte, width from the start of the text up to it, em), one entry a glyph and one for the end.
    pub(crate) reached: Vec<(usize, f32)>,
    /// Bytes and width of the white space before a byte.
    spaces: Vec<(usize, f32)>,
    spacing: f32,
    end: usize,
}

impl Breaks {
    pub(crate) fn of(text: &str, line: &Line, spacing: f32) -> Self {
        let mut reached: Vec<(usize, f32)> = line.glyphs.iter().map(|g| (g.byte, g.pen)).collect();
        reached.push((text.len(), line.width + spacing));
        let mut at = Vec::new();
        let mut spaces = Vec::new();
        let mut previous: Option<(usize, char)> = None;
        for (byte, c) in text.char_indices() {
            if let Some((start, before)) = previous {
                if let Some(reads) = reads_when_broken(before, c) {
                    at.push((byte, reads));
                }
                if before.is_whitespace() {
                    let wide = |b: usize| reached.iter().find(|(at, _)| *at >= b).map_or(0.0, |(_, w)| *w);
                    spaces.push((byte, wide(byte) - wide(start)));
                }
            }
            previous = Some((byte, c));
        }
        Self { at, reached, spaces, spacing, end: text.len() }
    }

    fn reach(&self, byte: usize) -> f32 {
        let i = self.reached.partition_point(|(b, _)| *b < byte);
        self.reached.get(i).map_or(0.0, |(_, w)| *w)
    }

    /// Width of `from..to` without the space it ends with.
    pub(crate) fn width(&self, from: usize, to: usize) -> f32 {
        let space = self.spaces.binary_search_by_key(&to, |(b, _)| *b).map_or(0.0, |i| self.spaces[i].1);
        (self.reach(to) - self.reach(from) - space - self.spacing).max(0.0)
    }

    /// Calls `weigh` with every way to make `lines` lines: their bytes, the widest width, how the breaks read.
    fn each(&self, lines: usize, weigh: &mut impl FnMut(&[(usize, usize)], f32, f32)) {
        self.extend(lines, 0, 0, &mut Vec::new(), 0.0, 1.0, weigh);
    }

    #[expect(clippy::too_many_arguments, reason = "the state of one recursion, nobody else's")]
    fn extend(
        &self,
        lines: usize,
        from: usize,
        next: usize,
        ranges: &mut Vec<(usize, usize)>,
        widest: f32,
        reads: f32,
        weigh: &mut impl FnMut(&[(usize, usize)], f32, f32),
    ) {
        if lines == 1 {
            ranges.push((from, self.end));
            weigh(ranges, widest.max(self.width(from, self.end)), reads);
            ranges.pop();
            return;
        }
        for (i, (byte, quality)) in self.at.iter().enumerate().skip(next) {
            ranges.push((from, *byte));
            let widest = widest.max(self.width(from, *byte));
            self.extend(lines - 1, *byte, i + 1, ranges, widest, reads * quality, weigh);
            ranges.pop();
        }
    }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Script {
    Kanji,
    Hiragana,
    Katakana,
    Other,
}

fn script(c: char) -> Script {
    match c {
        'ぁ'..='ゟ' => Script::Hiragana,
        'ァ'..='ヺ' | 'ー'..='ヿ' | 'ｦ'..='ﾟ' => Script::Katakana,
        '々' | '〆' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Script::Kanji,
        _ => Script::Other,
    }
}

/// How well a line break between `a` and `b` reads (1 best), or none where JIS X 4051 and English usage forbid it.
fn reads_when_broken(a: char, b: char) -> Option<f32> {
    const NEVER_BEFORE: &str = "、。，．・：；？！!?,.:;)]}）］｝〕〉》」』】〙〗’”ー～〜…‥々〆ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％%°";
    const NEVER_AFTER: &str = "([{（［｛〔〈《「『【〘〖‘“#＃$＄";
    if b.is_whitespace() || NEVER_BEFORE.contains(b) || NEVER_AFTER.contains(a) {
        return None;
    }
    Some(match (a, script(a), script(b)) {
        (a, ..) if a.is_whitespace() => 1.0,
        ('・' | '、' | '。' | '，' | '：' | '；' | '）' | '」' | '』' | '】' | '〉' | '》', ..) => 0.98,
        ('-' | '–' | '—' | '/' | '／', ..) => 0.9,
        (_, Script::Other, Script::Other) => return None,
        (_, Script::Kanji, Script::Hiragana) => 0.55,
        (_, Script::Hiragana, Script::Kanji | Script::Katakana | Script::Other) => 0.95,
        (_, x, y) if x != y => 0.75,
        (_, Script::Katakana, _) => 0.45,
        (_, Script::Kanji, _) => 0.7,
        (_, Script::Hiragana | Script::Other, _) => 0.6,
    })
}

#[cfg(test)]
#[path = "fitting_tests.rs"]
mod tests;
