//! Pictures of a credential for other sites: what they show of a link, and a badge that says how it stands.

use std::fmt::Write;

use resvg::tiny_skia::{Pixmap, Transform};

use crate::drawing::escape;
use crate::fitting::Lettering;
use crate::fonts::Fonts;
use crate::picture::{DrawError, tree};

/// What a link to a credential looks like on other sites (Open Graph). It says nothing of how the credential stands: such pictures are kept by
/// others long after that has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    pub title: String,
    /// Empty where the name is not public.
    pub holder: String,
    pub issuer: String,
    /// The domain that answers for it.
    pub host: String,
    /// The badge: an SVG that [`crate::Template::fill`] made.
    pub badge: String,
}

/// How a credential stands, as a colour and a sign; the word is the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    Good,
    Caution,
    Bad,
    /// Could not be found out.
    Open,
}

const BOLD: f32 = 700.0;
const REGULAR: f32 = 400.0;

impl Preview {
    pub const WIDTH: u32 = 1200;
    pub const HEIGHT: u32 = 630;

    /// The picture as PNG, without metadata; the same preview gives the same bytes.
    ///
    /// # Errors
    /// The badge is no drawing.
    pub fn png(&self, fonts: &Fonts) -> Result<Vec<u8>, DrawError> {
        let tree = tree(&self.svg(fonts))?;
        let mut pixels = Pixmap::new(Self::WIDTH, Self::HEIGHT).ok_or(DrawError::Size(Self::WIDTH))?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        pixels.encode_png().map_err(|e| DrawError::Drawing(e.to_string()))
    }

    fn svg(&self, fonts: &Fonts) -> String {
        let mut svg = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}"><path fill="#f6f8f9" d="M0 0h{w}v{h}H0z"/><path fill="#165e83" d="M0 0h{w}v14H0z"/>"##,
            w = Self::WIDTH,
            h = Self::HEIGHT,
        );
        svg.push_str(&placed(&self.badge, 72.0, 107.0, 430.0));
        let block = |x, y, size, weight, lines, height| Lettering {
            x,
            y,
            size,
            weight,
            anchor: 0.0,
            spacing: 0.0,
            width: Some(578.0),
            height: Some(height),
            lines,
            min_size: size * 0.4,
            leading: 1.25,
            arc: None,
        };
        let middle = if self.holder.is_empty() { 300.0 } else { 262.0 };
        write_text(&mut svg, &block(550.0, middle, 62.0, BOLD, 3, 236.0), &self.title, "#14212b", fonts);
        write_text(&mut svg, &block(550.0, 434.0, 42.0, BOLD, 2, 92.0), &self.holder, "#165e83", fonts);
        write_text(&mut svg, &block(550.0, 522.0, 32.0, REGULAR, 2, 64.0), &self.issuer, "#14212b", fonts);
        write_text(&mut svg, &block(550.0, 580.0, 25.0, REGULAR, 1, 30.0), &self.host, "#4d5b66", fonts);
        svg.push_str("</svg>");
        svg
    }
}

/// The badge with a word below it that says how the credential stands, as an SVG that needs no font.
#[must_use]
pub fn live_badge(badge: &str, title: &str, word: &str, tone: Tone, fonts: &Fonts) -> String {
    let (ground, sign) = match tone {
        Tone::Good => ("#14713d", "M-13 0L-4 9 13 -9"),
        Tone::Caution => ("#8a5a00", "M0 -12V3M0 10V11"),
        Tone::Bad => ("#a81e22", "M-10 -10L10 10M10 -10L-10 10"),
        Tone::Open => ("#4d5b66", "M-7 -6C-7 -15 8 -14 7 -5 6.500 0 0 0 0 5M0 11V12"),
    };
    let mut name = String::new();
    escape(&format!("{title}: {word}"), &mut name);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 600" width="256" height="300" role="img" aria-label="{name}"><title>{name}</title>"##
    );
    svg.push_str(&placed(badge, 0.0, 0.0, 512.0));
    write!(
        svg,
        r##"<rect x="40" y="524" width="432" height="66" rx="33" fill="{ground}"/><path fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" stroke-linejoin="round" transform="translate(84 557)" d="{sign}"/>"##
    )
    .expect("writing to a String cannot fail");
    let lettering = Lettering {
        x: 272.0,
        y: 568.0,
        size: 30.0,
        weight: BOLD,
        anchor: 0.5,
        spacing: 0.0,
        width: Some(324.0),
        height: Some(50.0),
        lines: 2,
        min_size: 14.0,
        leading: 1.15,
        arc: None,
    };
    write_text(&mut svg, &lettering, word, "#ffffff", fonts);
    svg.push_str("</svg>");
    svg
}

fn write_text(svg: &mut String, lettering: &Lettering, text: &str, colour: &str, fonts: &Fonts) {
    if !text.trim().is_empty() {
        let (path, _) = lettering.outline(text, fonts);
        write!(svg, r#"<path fill="{colour}" d="{path}"/>"#).expect("writing to a String cannot fail");
    }
}

/// A drawing of ours inside another: its own place and size are replaced.
fn placed(svg: &str, x: f32, y: f32, side: f32) -> String {
    let Some((head, rest)) = svg.split_once('>') else { return String::new() };
    let mut kept = String::new();
    // Attributes were written here, `name="value"`, with every quote and angle inside a value escaped.
    let mut left = head.trim_start_matches("<svg");
    while let Some((name, after)) = left.split_once("=\"") {
        let Some((value, next)) = after.split_once('"') else { break };
        if !matches!(name.trim(), "x" | "y" | "width" | "height") {
            write!(kept, r#" {}="{value}""#, name.trim()).expect("writing to a String cannot fail");
        }
        left = next;
    }
    let end = if left.trim_end().ends_with('/') { "/>" } else { ">" };
    format!(r#"<svg x="{x}" y="{y}" width="{side}" height="{side}"{kept}{end}{rest}"#)
}
