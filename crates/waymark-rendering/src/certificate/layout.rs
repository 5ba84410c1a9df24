//! Where everything stands on the sheet. Points, from the upper left corner; a line's `y` is its baseline.

use super::Certificate;
use super::paragraph::{Set, Style, set};
use crate::fonts::{Fonts, Line};

/// A4.
pub(crate) const PAGE: (f32, f32) = (595.28, 841.89);
/// 27 mm without its quiet zone; the sheet is white around it.
pub(super) const QR_SIDE: f32 = 27.0 * MM;
pub(super) const QR_AT: (f32, f32) = (MARGIN, 694.0);
const MM: f32 = 72.0 / 25.4;
/// Between the edge and all text.
pub(crate) const MARGIN: f32 = 58.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// Height of the middle of a line over its baseline, em.
const MIDDLE: f32 = 0.37;
const REGULAR: f32 = 400.0;
const BOLD: f32 = 700.0;

/// What a line is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    Quiet,
    Alarm,
}

/// A line in its place.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub words: String,
    pub line: Line,
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub ink: Ink,
}

/// A rectangle: x, y, width, height.
pub(crate) type Frame = (f32, f32, f32, f32);

#[derive(Debug, Default)]
pub(super) struct LaidOut {
    pub lines: Vec<Placed>,
    pub badge: (f32, f32, f32),
    /// Around the notice.
    pub alarm: Option<Frame>,
    /// Under the name: x, y, length.
    pub rule: (f32, f32, f32),
    pub shortened: Vec<&'static str>,
}

#[derive(Clone, Copy)]
enum Side {
    Left(f32),
    Middle,
}

const PLAIN: Style = Style {
    size: 11.0,
    min_size: 7.0,
    weight: REGULAR,
    spacing: 0.0,
    width: WIDTH,
    lines: 1,
    one_line: 1.0,
    leading: 1.5,
};

impl LaidOut {
    /// Puts a text with the top of its first line at `top`, and answers where its last line ends.
    fn put(&mut self, name: &'static str, set: Set, top: f32, side: Side, ink: Ink) -> f32 {
        if set.shortened && !self.shortened.contains(&name) {
            self.shortened.push(name);
        }
        let height = set.height();
        for (n, (words, line)) in set.lines.into_iter().enumerate() {
            let width = line.width * set.size;
            let x = match side {
                Side::Left(x) => x,
                Side::Middle => (PAGE.0 - width) / 2.0,
            };
            let middle = top + set.size * (0.5 + n as f32 * set.leading);
            self.lines.push(Placed { words, line, x, y: middle + MIDDLE * set.size, size: set.size, ink });
        }
        top + height
    }
}

/// Where the middle of the sheet ends at the latest.
const MIDDLE_ENDS: f32 = 598.0;
/// The most by which gaps grow where little is said.
const WIDEST: f32 = 2.1;

pub(super) fn lay_out(certificate: &Certificate, fonts: &Fonts) -> LaidOut {
    let (mut out, ends, gaps) = middle(certificate, fonts, 1.0);
    let gap = (1.0 + 0.75 * (MIDDLE_ENDS - ends) / gaps).clamp(1.0, WIDEST);
    if gap > 1.0 {
        out = middle(certificate, fonts, gap).0;
    }
    let text = |text: &str, style: Style| set(text, &style, fonts);
    out.put("date", text(&certificate.date, Style { size: 12.0, ..PLAIN }), 610.0, Side::Middle, Ink::Text);
    let style = Style { size: 16.0, min_size: 8.0, weight: BOLD, lines: 2, one_line: 0.7, leading: 1.3, ..PLAIN };
    out.put("issuer", text(&certificate.issuer, style), 632.0, Side::Middle, Ink::Text);
    foot(certificate, fonts, &mut out);
    out
}

/// Everything above the date, where it ends, and how much of it is gaps that may grow.
fn middle(certificate: &Certificate, fonts: &Fonts, gap: f32) -> (LaidOut, f32, f32) {
    let mut out = LaidOut::default();
    let ja = certificate.language == "ja";
    let text = |text: &str, style: Style| set(text, &style, fonts);
    let mut gaps = 0.0;
    let mut wide = |points: f32| {
        gaps += points;
        points * gap
    };

    let mut y = 62.0;
    if certificate.notice.is_empty() {
        y += 8.0;
    } else {
        let style = Style { size: 12.0, min_size: 8.0, weight: BOLD, width: WIDTH - 32.0, lines: 2, ..PLAIN };
        let bottom = out.put("notice", text(&certificate.notice, style), y + 8.0, Side::Middle, Ink::Alarm);
        out.alarm = Some((MARGIN, y, WIDTH, bottom + 8.0 - y));
        y = bottom + 16.0;
    }
    let side = 34.0 * MM;
    y += wide(4.0);
    out.badge = ((PAGE.0 - side) / 2.0, y, side);
    y += side + wide(20.0);

    let (size, spacing) = if ja { (42.0, 0.18) } else { (34.0, 0.02) };
    let style = Style { size, min_size: 20.0, weight: BOLD, spacing, ..PLAIN };
    y = out.put("title", text(&certificate.title, style), y, Side::Middle, Ink::Text) + wide(24.0);
    if !certificate.lead.is_empty() {
        let lead = text(&certificate.lead, Style { size: 12.5, ..PLAIN });
        y = out.put("lead", lead, y, Side::Middle, Ink::Quiet) + wide(16.0);
    }
    y = holder(certificate, fonts, &mut out, y) + wide(17.0);
    if !certificate.before.is_empty() {
        let style = Style { size: 12.5, min_size: 9.0, lines: 2, ..PLAIN };
        y = out.put("before", text(&certificate.before, style), y, Side::Middle, Ink::Quiet) + wide(14.0);
    }
    let style = Style { size: 21.0, min_size: 11.0, weight: BOLD, lines: 3, one_line: 0.8, leading: 1.35, ..PLAIN };
    y = out.put("achievement", text(&certificate.achievement, style), y, Side::Middle, Ink::Text) + wide(16.0);
    if !certificate.after.is_empty() {
        let style = Style { size: 14.0, min_size: 9.0, width: 400.0, lines: 3, leading: 1.7, ..PLAIN };
        y = out.put("after", text(&certificate.after, style), y, Side::Middle, Ink::Text) + wide(14.0);
    }
    if !certificate.criteria.is_empty() {
        let style = Style { size: 9.5, min_size: 7.0, width: 400.0, lines: 4, leading: 1.6, ..PLAIN };
        y = out.put("criteria", text(&certificate.criteria, style), y, Side::Middle, Ink::Quiet);
    }
    (out, y, gaps)
}

/// The name in the middle, what follows it beside its last line, and a rule under both.
fn holder(certificate: &Certificate, fonts: &Fonts, out: &mut LaidOut, y: f32) -> f32 {
    let style = Style {
        size: 30.0,
        min_size: 11.0,
        weight: BOLD,
        width: WIDTH - 60.0,
        lines: 2,
        one_line: 0.55,
        leading: 1.25,
        ..PLAIN
    };
    let name = set(&certificate.holder, &style, fonts);
    let (name_size, first) = (name.size, out.lines.len());
    let bottom = out.put("holder", name, y, Side::Middle, Ink::Text);
    if !certificate.honorific.is_empty()
        && let Some(last) = out.lines.last().cloned()
    {
        let size = name_size * 0.66;
        let honorific = set(&certificate.honorific, &Style { size, min_size: size, ..PLAIN }, fonts);
        let gap = name_size * 0.5;
        let wide = honorific.lines.first().map_or(0.0, |(_, line)| line.width * size) + gap;
        for placed in &mut out.lines[first..] {
            placed.x -= wide / 2.0;
        }
        let end = last.x - wide / 2.0 + last.line.width * last.size;
        let top = last.y - size * (0.5 + MIDDLE);
        out.put("honorific", honorific, top, Side::Left(end + gap), Ink::Text);
    }
    let left = out.lines[first..].iter().map(|l| l.x).fold(PAGE.0, f32::min);
    let right = out.lines[first..].iter().map(|l| l.x + l.line.width * l.size).fold(0.0, f32::max);
    out.rule = (left - 18.0, bottom + 9.0, right - left + 36.0);
    bottom + 9.0
}

/// The facts beside the QR code, and under both the address and what the paper is.
fn foot(certificate: &Certificate, fonts: &Fonts, out: &mut LaidOut) {
    let left = QR_AT.0 + QR_SIDE + 20.0;
    let value_at = left + 96.0;
    let right = PAGE.0 - MARGIN;
    let row = (QR_SIDE / certificate.facts.len().max(5) as f32).min(16.0);
    for (n, fact) in certificate.facts.iter().enumerate() {
        let top = QR_AT.1 + n as f32 * row;
        let style = Style { size: 9.0, min_size: 6.0, width: value_at - left - 6.0, ..PLAIN };
        out.put("facts", set(&fact.label, &style, fonts), top, Side::Left(left), Ink::Quiet);
        let style = Style { size: 9.5, min_size: 5.5, width: right - value_at, ..PLAIN };
        out.put("facts", set(&fact.value, &style, fonts), top, Side::Left(value_at), Ink::Text);
    }
    let style = Style { size: 8.5, min_size: 5.5, width: right - QR_AT.0, ..PLAIN };
    let top = QR_AT.1 + QR_SIDE + 6.0;
    out.put("address", set(&certificate.address, &style, fonts), top, Side::Left(QR_AT.0), Ink::Text);
    let style = Style { size: 7.5, min_size: 6.0, width: right - QR_AT.0, lines: 2, leading: 1.4, ..PLAIN };
    out.put("note", set(&certificate.note, &style, fonts), top + 11.5, Side::Left(QR_AT.0), Ink::Quiet);
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
