//! Colours of slots: strict to read, with the contrast rule that chooses the text colour.

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

const LIGHT: &str = "#ffffff";
const DARK: &str = "#14212b";

impl Colour {
    /// Reads `#rrggbb`, nothing else: a value ends up in an attribute of a signed picture.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let part = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// White or near-black, whichever stands out more on this colour.
    pub(crate) fn legible(self) -> &'static str {
        let own = self.luminance() + 0.05;
        let dark = Self::parse(DARK).expect("a literal colour").luminance() + 0.05;
        if 1.05 / own >= own / dark { LIGHT } else { DARK }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_six_digits_only() {
        assert_eq!(Colour::parse("#0a10fF"), Some(Colour([10, 16, 255])));
        for bad in ["", "#fff", "red", "#12345g", "#1234567", "#+12345", "#あ1234", "url(#a)"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn text_stands_out_on_its_ground() {
        for (ground, text) in [("#165e83", LIGHT), ("#f2c94c", DARK), ("#ffffff", DARK), ("#000000", LIGHT)] {
            assert_eq!(Colour::parse(ground).unwrap().legible(), text, "{ground}");
        }
    }
}
