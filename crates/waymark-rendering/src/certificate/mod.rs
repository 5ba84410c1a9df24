//! A certificate on a sheet of A4: texts and a badge in, a PDF out.
//!
//! - The wording is the caller's; this is the setting of it. Nothing overflows: a text shrinks, wraps, and at its smallest size is cut with
//!   `…`, which is told.
//! - Fonts are embedded as subsets; the text can be selected, searched and read aloud. The badge stays a vector drawing.
//! - The same certificate gives the same bytes: no date of making, nothing random.
//! - A character that no font has is refused, not drawn as something else.

pub(crate) mod layout;
pub(crate) mod paragraph;
pub(crate) mod sheet;

use crate::fonts::Fonts;
use crate::qr::QrError;

/// One line of the list at the foot: `認定番号` and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// What stands on the sheet, in the words in which it stands there. Empty texts take no room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificate {
    /// A language tag, for readers that speak and for search.
    pub language: String,
    /// The largest line: `認定証`.
    pub title: String,
    /// What is wrong with it, in a red frame at the head: `取消し …`.
    pub notice: String,
    /// Over the name: `This is to certify that`.
    pub lead: String,
    pub holder: String,
    /// Follows the name, smaller: `殿`.
    pub honorific: String,
    /// Between the name and what was achieved.
    pub before: String,
    /// What was achieved.
    pub achievement: String,
    /// The end of the sentence.
    pub after: String,
    /// What it took.
    pub criteria: String,
    pub date: String,
    pub issuer: String,
    pub facts: Vec<Fact>,
    /// The address as it is printed.
    pub address: String,
    /// What the QR code says.
    pub qr: String,
    /// That the paper is a copy.
    pub note: String,
    /// The badge: an SVG that [`crate::Template::fill`] made.
    pub badge: String,
}

/// A certificate as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Printed {
    pub pdf: Vec<u8>,
    /// Which texts were cut at their smallest size.
    pub shortened: Vec<&'static str>,
}

#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("no font has these characters: {}", .0.iter().collect::<String>())]
    Missing(Vec<char>),
    #[error("the QR code: {0}")]
    Qr(#[from] QrError),
    #[error("the badge cannot be drawn: {0}")]
    Badge(String),
    #[error("the PDF cannot be written: {0}")]
    Pdf(String),
}

impl Certificate {
    /// The characters on the sheet that no font has, each once. Asked before anything is issued.
    #[must_use]
    pub fn missing(&self, fonts: &Fonts) -> Vec<char> {
        let facts = self.facts.iter().flat_map(|fact| [&fact.label, &fact.value]);
        let texts = [
            &self.title,
            &self.notice,
            &self.lead,
            &self.holder,
            &self.honorific,
            &self.before,
            &self.achievement,
            &self.after,
            &self.criteria,
            &self.date,
            &self.issuer,
            &self.address,
            &self.note,
        ];
        let all: Vec<&str> = texts.into_iter().chain(facts).map(String::as_str).collect();
        fonts.missing_glyphs(&all.concat())
    }

    /// Sets the certificate.
    ///
    /// # Errors
    /// A character that no font has, a link too long for a QR code, a badge that is no SVG.
    pub fn pdf(&self, fonts: &Fonts) -> Result<Printed, PrintError> {
        let missing = self.missing(fonts);
        if !missing.is_empty() {
            return Err(PrintError::Missing(missing));
        }
        let laid_out = layout::lay_out(self, fonts);
        let pdf = sheet::write(self, &laid_out, fonts)?;
        Ok(Printed { pdf, shortened: laid_out.shortened })
    }
}
