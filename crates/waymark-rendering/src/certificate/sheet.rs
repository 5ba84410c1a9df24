//! The laid-out sheet as PDF.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

use super::layout::{Frame, Ink, LaidOut, PAGE, Placed, QR_AT, QR_SIDE};
use super::{Certificate, PrintError};
use crate::fonts::{Fonts, Glyph};
use crate::qr::dark_runs;
use crate::vector;

const FRAME: (u8, u8, u8) = (0x16, 0x5e, 0x83);

impl Ink {
    pub(crate) fn colour(self) -> (u8, u8, u8) {
        match self {
            Self::Text => (0x14, 0x21, 0x2b),
            Self::Quiet => (0x4d, 0x5b, 0x66),
            Self::Alarm => (0xa8, 0x1e, 0x22),
        }
    }
}

pub(super) fn write(certificate: &Certificate, sheet: &LaidOut, fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
    let badge = vector::parse(&certificate.badge).map_err(PrintError::Badge)?;
    let (modules, runs) = dark_runs(&certificate.qr)?;
    let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| PrintError::Pdf("no page".to_owned()))?;
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(format!("{} {}", certificate.title, certificate.achievement))
            .authors(vec![certificate.issuer.clone()])
            .creator("Waymark".to_owned())
            .language(certificate.language.clone()),
    );
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    outline(&mut surface, (22.0, 22.0, PAGE.0 - 44.0, PAGE.1 - 44.0), 2.0, FRAME);
    outline(&mut surface, (28.0, 28.0, PAGE.0 - 56.0, PAGE.1 - 56.0), 0.6, FRAME);
    if let Some(frame) = sheet.alarm {
        outline(&mut surface, frame, 1.2, Ink::Alarm.colour());
    }
    let (x, y, side) = sheet.badge;
    vector::draw(&badge, &mut surface, x, y, side);
    let (x, y, length) = sheet.rule;
    rectangles(&mut surface, [(x, y, length, 0.6)], Ink::Quiet.colour());
    let module = QR_SIDE / modules as f32;
    let dark = runs
        .into_iter()
        .map(|(x, y, run)| (QR_AT.0 + x as f32 * module, QR_AT.1 + y as f32 * module, run as f32 * module, module));
    rectangles(&mut surface, dark, (0, 0, 0));
    for line in &sheet.lines {
        text(&mut surface, line, fonts)?;
    }
    surface.finish();
    page.finish();
    document.finish().map_err(|e| PrintError::Pdf(format!("{e:?}")))
}

fn fill((r, g, b): (u8, u8, u8)) -> Fill {
    Fill { paint: rgb::Color::new(r, g, b).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

pub(crate) fn rectangles(surface: &mut Surface<'_>, frames: impl IntoIterator<Item = Frame>, colour: (u8, u8, u8)) {
    let mut path = PathBuilder::new();
    for (x, y, w, h) in frames {
        if let Some(rect) = Rect::from_xywh(x, y, w, h) {
            path.push_rect(rect);
        }
    }
    if let Some(path) = path.finish() {
        surface.set_stroke(None);
        surface.set_fill(Some(fill(colour)));
        surface.draw_path(&path);
    }
}

fn outline(surface: &mut Surface<'_>, (x, y, w, h): Frame, width: f32, (r, g, b): (u8, u8, u8)) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(x, y, w, h) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke { paint: rgb::Color::new(r, g, b).into(), width, ..Stroke::default() }));
        surface.draw_path(&path);
    }
}

/// Writes a line as glyphs of its fonts, each with the characters that it stands for.
pub(crate) fn text(surface: &mut Surface<'_>, placed: &Placed, fonts: &Fonts) -> Result<(), PrintError> {
    surface.set_stroke(None);
    surface.set_fill(Some(fill(placed.ink.colour())));
    let glyphs = &placed.line.glyphs;
    let mut from = 0;
    for run in glyphs.chunk_by(|a, b| a.face == b.face) {
        let after = glyphs.get(from + run.len());
        let ends = after.map_or((placed.line.width, placed.words.len()), |next| (next.pen, next.byte));
        let face = run[0].face;
        let font = fonts
            .embedded(face)
            .ok_or_else(|| PrintError::Pdf(format!("font {} allows no embedding in a PDF", face + 1)))?;
        let start = Point::from_xy(placed.x + run[0].pen * placed.size, placed.y);
        surface.draw_glyphs(start, &written(run, ends), font, &placed.words, placed.size, false);
        from += run.len();
    }
    Ok(())
}

fn written(run: &[Glyph], (pen, byte): (f32, usize)) -> Vec<KrillaGlyph> {
    let next = |n: usize| run.get(n + 1).map_or(pen, |glyph| glyph.pen);
    let cluster_ends = |n: usize| {
        let later = run[n..].iter().map(|glyph| glyph.byte).find(|at| *at > run[n].byte);
        later.unwrap_or(byte)
    };
    let glyph = |(n, glyph): (usize, &Glyph)| KrillaGlyph {
        glyph_id: GlyphId::new(glyph.id),
        text_range: glyph.byte..cluster_ends(n),
        x_advance: next(n) - glyph.pen,
        x_offset: glyph.offset.0,
        y_offset: glyph.offset.1,
        y_advance: 0.0,
        location: None,
    };
    run.iter().enumerate().map(glyph).collect()
}
