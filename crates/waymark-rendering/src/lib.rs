//! Badge pictures, certificates, previews and QR codes: a template or data, values and fonts in, bytes out.
//!
//! - [`Template::parse`] admits an SVG drawing with named slots: a closed list of elements, nothing that runs, nothing that loads.
//! - [`Template::fill`] puts values into the slots, sets the text (wrapped, shrunk, as outlines) and gives a [`Picture`]:
//!   one SVG that needs no font and looks the same everywhere.
//! - [`Picture::png`] draws it. The same input gives the same bytes; no metadata is written (baking belongs to `waymark-credential`).
//! - [`Fonts`] are handed in as bytes. System fonts are never read. [`Fonts::missing_glyphs`] says beforehand what a text lacks.
//! - [`Certificate::pdf`] sets a certificate on a sheet of A4: fonts embedded and subset, text that can be selected.
//! - [`Paper::pdf`] sets plain papers of any length the same way: reports.
//! - [`Preview::png`] draws what other sites show of a link, [`live_badge`] a badge with its state below it.
//! - [`qr_svg`] gives a QR code that scales.
//!
//! ```
//! use waymark_rendering::{Fonts, Template};
//! # let regular = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates/fonts/NotoSansJP-Regular.ttf"))?;
//! let template = Template::parse(r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:w="urn:waymark:badge" viewBox="0 0 512 512">
//!   <metadata><w:slot name="title" kind="text"/><w:slot name="primary" kind="colour" default="#165e83"/></metadata>
//!   <circle cx="256" cy="256" r="250" fill="{{primary}}"/>
//!   <text x="256" y="270" font-size="48" text-anchor="middle" w:width="400" w:lines="2">{{title}}</text></svg>"##)?;
//! let picture = template.fill(&[("title", "基礎")], &Fonts::load([regular])?)?;
//! assert!(picture.missing.is_empty());
//! assert_eq!(&picture.png(512)?[1..4], b"PNG");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What slots are and how a template is written: `badge_templates/README.md`.

mod admission;
mod bounds;
mod certificate;
mod colour;
mod drawing;
mod filling;
mod fitting;
mod fonts;
mod lettering;
mod mistake;
mod paper;
mod picture;
mod preview;
mod qr;
mod reading;
mod slots;
mod template;
mod vector;

pub use certificate::{Certificate, Fact, PrintError, Printed};
pub use filling::FillError;
pub use fonts::{FontError, Fonts};
pub use mistake::{Mistake, MistakeKind, Mistakes};
pub use paper::{Block, Paper};
pub use picture::{DrawError, Picture};
pub use preview::{Preview, Tone, live_badge};
pub use qr::{QrError, qr_svg};
pub use slots::{Slot, SlotKind};
pub use template::Template;
