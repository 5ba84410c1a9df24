//! Draws a badge while its template is being made.
//!
//! `cargo run -p waymark-rendering --example badge -- TEMPLATE.svg OUT SIZE,SIZE… name=value…` writes `OUT.svg` and `OUT-SIZE.png`.

use std::error::Error;
use std::fs;

use waymark_rendering::{Fonts, Template};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [template, out, sizes, values @ ..] = &arguments[..] else {
        return Err("usage: badge TEMPLATE.svg OUT SIZE,SIZE… name=value…".into());
    };
    let fonts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates/fonts/NotoSansJP-");
    let fonts = Fonts::load([fs::read(format!("{fonts}Regular.ttf"))?, fs::read(format!("{fonts}Bold.ttf"))?])?;
    let values: Vec<(&str, &str)> = values.iter().filter_map(|v| v.split_once('=')).collect();
    let picture = Template::parse(&fs::read_to_string(template)?)
        .map_err(|mistakes| format!("{template}:\n{mistakes}"))?
        .fill(&values, &fonts)?;
    fs::write(format!("{out}.svg"), &picture.svg)?;
    for size in sizes.split(',') {
        fs::write(format!("{out}-{size}.png"), picture.png(size.parse()?)?)?;
    }
    if !picture.missing.is_empty() || !picture.shortened.is_empty() {
        return Err(format!("no glyph for {:?}; cut short: {:?}", picture.missing, picture.shortened).into());
    }
    Ok(())
}
