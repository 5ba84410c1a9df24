//! Pictures of achievements: a template, the track's title, the issuer's name. Drawn once for each track version and language, then kept.

mod draw;
mod pages;

pub use draw::{Picture, draw, fonts, missing_glyphs, picture};
pub use pages::{badge_png, badge_svg};
