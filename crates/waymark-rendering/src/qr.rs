//! QR codes as SVG.

use std::fmt::Write;

use qrcode::types::QrError as EncodeError;
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code (ISO/IEC 18004 §6.3.8 asks for four).
const QUIET_ZONE: usize = 4;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum QrError {
    #[error("nothing to encode")]
    Empty,
    #[error("{0} bytes are more than a QR code of level M holds: shorten the link")]
    TooLong(usize),
}

/// A QR code of level M, black on white, with its quiet zone, one unit a module.
///
/// Upper-case text (`HTTPS://HOST/C/…`) is encoded alphanumerically and so needs fewer modules than the same text in lower case.
/// The SVG has a `viewBox` and no size of its own, so that it can stand in a page or be nested in a drawing.
pub fn qr_svg(text: &str) -> Result<String, QrError> {
    let (width, runs) = dark_runs(text)?;
    let side = width + 2 * QUIET_ZONE;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d=""##
    );
    for (x, y, run) in runs {
        write!(svg, "M{} {}h{run}v1h-{run}z", x + QUIET_ZONE, y + QUIET_ZONE).expect("writing to a String cannot fail");
    }
    svg.push_str(r#""/></svg>"#);
    Ok(svg)
}

/// Dark modules in a row: x, y, length.
pub(crate) type Run = (usize, usize, usize);

/// Modules of one side, and the dark ones without the quiet zone.
pub(crate) fn dark_runs(text: &str) -> Result<(usize, Vec<Run>), QrError> {
    if text.is_empty() {
        return Err(QrError::Empty);
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|e| match e {
        EncodeError::DataTooLong => QrError::TooLong(text.len()),
        other => unreachable!("bytes of a chosen level can only be too long: {other:?}"),
    })?;
    let width = code.width();
    let mut runs = Vec::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
            if run > 0 {
                runs.push((x, y, run));
            }
            x += run.max(1);
        }
    }
    Ok((width, runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(svg: &str) -> usize {
        svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
    }

    #[test]
    fn upper_case_links_take_fewer_modules() {
        let link = "https://certs.example.jp/c/0123456789abcdefghjkmnpqrs";
        assert_eq!(side(&qr_svg(&link.to_uppercase()).unwrap()), 29 + 8);
        assert_eq!(side(&qr_svg(link).unwrap()), 33 + 8);
    }

    #[test]
    fn stands_in_a_page_as_it_is() {
        let svg = qr_svg("HTTPS://A.EXAMPLE").unwrap();
        assert!(svg.starts_with("<svg ") && !svg.contains(" width="), "no prolog, no size: {svg}");
        assert_eq!(roxmltree::Document::parse(&svg).unwrap().root_element().children().count(), 2);
    }

    #[test]
    fn draws_the_modules_of_the_code() {
        let svg = qr_svg("WAYMARK").unwrap();
        let code = QrCode::with_error_correction_level("WAYMARK", EcLevel::M).unwrap();
        let dark = code.to_colors().into_iter().filter(|c| *c == Color::Dark).count();
        let drawn: usize = svg.split('h').skip(2).filter_map(|p| p.split("v1").next()?.parse::<usize>().ok()).sum();
        assert_eq!(drawn, dark);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert_eq!(qr_svg(""), Err(QrError::Empty));
        assert_eq!(qr_svg(&"x".repeat(4000)), Err(QrError::TooLong(4000)));
    }
}
