//! Fonts handed in as bytes: what they cover, how a line is set, what its outlines are.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use harfrust::{Feature, ShapeOptions, ShaperData, Tag, UnicodeBuffer};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// Stands for a character that no font has: the geta of Japanese printers, who put the foot of another type in its place.
const GETA: char = '〓';

#[derive(Debug, thiserror::Error)]
pub enum FontError {
    #[error("font file {0} cannot be read: {1}. Hand in TrueType or OpenType (.ttf, .otf), not woff2")]
    Unreadable(usize, String),
    #[error("no font was handed in")]
    None,
}

/// The fonts of an installation, in order of preference.
pub struct Fonts {
    faces: Vec<Face>,
}

struct Face {
    bytes: Arc<Cow<'static, [u8]>>,
    shaper: ShaperData,
    weight: f32,
    units: f32,
    /// As PDF embeds it. None for a font that can be drawn but not embedded.
    embedded: Option<krilla::text::Font>,
}

impl Face {
    fn font(&self) -> FontRef<'_> {
        FontRef::new(&self.bytes).expect("read once when the fonts were loaded")
    }
}

/// A line set in em units: pen positions from its left end, baseline at 0, y upwards.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) width: f32,
}

#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    pub(crate) face: usize,
    pub(crate) id: u32,
    /// Where the pen stands before this glyph.
    pub(crate) pen: f32,
    pub(crate) advance: f32,
    pub(crate) offset: (f32, f32),
    /// Byte of the text this glyph begins at.
    pub(crate) byte: usize,
}

impl Fonts {
    /// Reads TrueType or OpenType files. The nearest weight is chosen for a text; the others supply what it lacks.
    pub fn load<B: Into<Cow<'static, [u8]>>>(files: impl IntoIterator<Item = B>) -> Result<Self, FontError> {
        let mut faces = Vec::new();
        for (i, file) in files.into_iter().enumerate() {
            let bytes: Cow<'static, [u8]> = file.into();
            let font = FontRef::new(&bytes).map_err(|e| FontError::Unreadable(i + 1, e.to_string()))?;
            let units = font.metrics(Size::unscaled(), LocationRef::default()).units_per_em;
            if units == 0 {
                return Err(FontError::Unreadable(i + 1, "it has no units per em".into()));
            }
            let weight = font.attributes().weight.value();
            let shaper = ShaperData::new(&font);
            let bytes = Arc::new(bytes);
            let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = bytes.clone();
            let embedded = krilla::text::Font::new(shared.into(), 0);
            faces.push(Face { bytes, shaper, weight, units: f32::from(units), embedded });
        }
        if faces.is_empty() { Err(FontError::None) } else { Ok(Self { faces }) }
    }

    /// The characters of `text` that none of the fonts can draw, each once, in order. White space needs no glyph, nor does a variation
    /// selector: where a font lacks the variant, the plain form of the character stands.
    #[must_use]
    pub fn missing_glyphs(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for c in text.chars().filter(|c| !c.is_whitespace() && !selects_variation(*c)) {
            if !missing.contains(&c) && !(0..self.faces.len()).any(|face| self.has(face, c)) {
                missing.push(c);
            }
        }
        missing
    }

    fn has(&self, face: usize, c: char) -> bool {
        self.faces[face].font().charmap().map(c).is_some_and(|id| id != GlyphId::NOTDEF)
    }

    /// The faces for a weight, nearest first.
    fn by_weight(&self, weight: f32) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.faces.len()).collect();
        order.sort_by(|a, b| (self.faces[*a].weight - weight).abs().total_cmp(&(self.faces[*b].weight - weight).abs()));
        order
    }

    /// Sets `text` on one line. What no face has becomes a geta; `spacing` (em) is added after each glyph but the last.
    pub(crate) fn set(&self, text: &str, weight: f32, spacing: f32) -> Line {
        let order = self.by_weight(weight);
        let chosen = |c: char| order.iter().copied().find(|f| self.has(*f, c));
        let mut line = Line { glyphs: Vec::new(), width: 0.0 };
        let mut run: Vec<(usize, char)> = Vec::new();
        let mut run_face = order[0];
        for (byte, c) in text.char_indices() {
            let (face, c) = match chosen(c) {
                Some(face) => (face, c),
                None if c.is_whitespace() => (run_face, ' '),
                // Goes with the character before it, and shapes it or nothing.
                None if selects_variation(c) => (run_face, c),
                None => match chosen(GETA) {
                    Some(face) => (face, GETA),
                    None => continue,
                },
            };
            if face != run_face {
                self.shape(run_face, &run, spacing, &mut line);
                run.clear();
                run_face = face;
            }
            run.push((byte, c));
        }
        self.shape(run_face, &run, spacing, &mut line);
        if !line.glyphs.is_empty() {
            line.width -= spacing;
        }
        line
    }

    fn shape(&self, face: usize, run: &[(usize, char)], spacing: f32, line: &mut Line) {
        if run.is_empty() {
            return;
        }
        let Face { shaper, units, .. } = &self.faces[face];
        let font = self.faces[face].font();
        let mut buffer = UnicodeBuffer::new();
        for (byte, c) in run {
            buffer.add(*c, u32::try_from(*byte).unwrap_or(u32::MAX));
        }
        buffer.guess_segment_properties();
        // Display text: kana and punctuation close up to their own width.
        let features = [Feature::new(Tag::new(b"palt"), 1, ..), Feature::new(Tag::new(b"kern"), 1, ..)];
        let shaped = shaper.shaper(&font).build().shape(buffer, ShapeOptions::new().features(&features));
        for (info, at) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let em = |v: i32| v as f32 / units;
            let advance = em(at.x_advance);
            line.glyphs.push(Glyph {
                face,
                id: info.glyph_id,
                pen: line.width,
                advance,
                offset: (em(at.x_offset), em(at.y_offset)),
                byte: info.cluster as usize,
            });
            line.width += advance + spacing;
        }
    }

    /// The font of a glyph as PDF embeds it.
    pub(crate) fn embedded(&self, face: usize) -> Option<krilla::text::Font> {
        self.faces[face].embedded.clone()
    }

    /// Appends the outlines of `glyph` to an SVG path. `place` maps em coordinates relative to the glyph's pen (y upwards) to the drawing.
    pub(crate) fn outline(&self, glyph: &Glyph, place: impl Fn(f32, f32) -> (f32, f32), path: &mut String) {
        let font = self.faces[glyph.face].font();
        let Some(outline) = font.outline_glyphs().get(GlyphId::new(glyph.id)) else { return };
        let units = self.faces[glyph.face].units;
        let (dx, dy) = glyph.offset;
        let mut pen = PathPen { path, place: |x: f32, y: f32| place(x / units + dx, y / units + dy) };
        let drawn = outline.draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), &mut pen);
        debug_assert!(drawn.is_ok(), "a font that was read draws its glyphs: {drawn:?}");
    }
}

/// Variation selectors, among them those of the ideographic variation sequences that distinguish forms of a kanji.
fn selects_variation(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

struct PathPen<'p, F> {
    path: &'p mut String,
    place: F,
}

impl<F: Fn(f32, f32) -> (f32, f32)> PathPen<'_, F> {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (i, (x, y)) in points.iter().enumerate() {
            let (x, y) = (self.place)(*x, *y);
            let gap = if i == 0 { "" } else { " " };
            write!(self.path, "{gap}{} {}", short(x), short(y)).expect("writing to a String cannot fail");
        }
    }
}

impl<F: Fn(f32, f32) -> (f32, f32)> OutlinePen for PathPen<'_, F> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.add('Q', &[(cx, cy), (x, y)]);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.add('C', &[(ax, ay), (bx, by), (x, y)]);
    }
    fn close(&mut self) {
        self.path.push('z');
    }
}

/// Two decimals at most: 1/100 of a unit is below what 2048 px can show of a 512 unit drawing.
fn short(v: f32) -> String {
    let text = format!("{v:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}
