//! Plain papers on A4, as many sheets as it takes: headings, sentences, named values. For what is kept in a file rather than framed.
//!
//! - Fonts are embedded as subsets, the text can be selected and read aloud, and the same paper gives the same bytes.
//! - Papers quote what strangers wrote. A character that no font has is written as its code, `[U+0645]`; nothing is drawn as something else.

use krilla::Document;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;

use crate::certificate::layout::{Ink, MARGIN, PAGE, Placed};
use crate::certificate::paragraph::{Style, set};
use crate::certificate::sheet::{rectangles, text};
use crate::certificate::{Fact, PrintError};
use crate::fonts::Fonts;

/// A part of a paper, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Begins something new; a rule stands over it.
    Heading(String),
    /// A sentence that matters.
    Strong(String),
    Text(String),
    Small(String),
    /// A value beside its name.
    Fact(Fact),
}

/// What stands on the sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// A language tag, for readers that speak and for search.
    pub language: String,
    pub title: String,
    pub blocks: Vec<Block>,
    /// At the foot of every sheet, beside its number.
    pub foot: String,
}

const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
const TOP: f32 = 56.0;
const BOTTOM: f32 = PAGE.1 - 66.0;
/// Where values stand.
const VALUES: f32 = 150.0;
const MIDDLE: f32 = 0.37;

#[derive(Default)]
struct Sheet {
    lines: Vec<Placed>,
    /// x, y, width, height.
    rules: Vec<(f32, f32, f32, f32)>,
}

struct Flow<'f> {
    fonts: &'f Fonts,
    sheets: Vec<Sheet>,
    y: f32,
}

impl Paper {
    /// Sets the paper.
    ///
    /// # Errors
    /// A font that may not be embedded, or what the writer of PDF refuses.
    pub fn pdf(&self, fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
        let mut flow = Flow { fonts, sheets: vec![Sheet::default()], y: TOP };
        flow.put(&self.title, &style(20.0, 700.0), MARGIN, Ink::Text);
        flow.y += 10.0;
        for block in &self.blocks {
            flow.block(block);
        }
        let count = flow.sheets.len();
        for n in 0..count {
            flow.foot(n, &format!("{} / {count}", n + 1), &self.foot);
        }
        self.write(&flow.sheets, fonts)
    }

    fn write(&self, sheets: &[Sheet], fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| PrintError::Pdf("no page".to_owned()))?;
        let mut document = Document::new();
        let about = Metadata::new().title(self.title.clone()).creator("Waymark".to_owned());
        document.set_metadata(about.language(self.language.clone()));
        for sheet in sheets {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            rectangles(&mut surface, sheet.rules.iter().copied(), Ink::Quiet.colour());
            for line in &sheet.lines {
                text(&mut surface, line, fonts)?;
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|e| PrintError::Pdf(format!("{e:?}")))
    }
}

/// A paragraph across the sheet that wraps as often as it must.
fn style(size: f32, weight: f32) -> Style {
    Style { size, min_size: size, weight, spacing: 0.0, width: WIDTH, lines: usize::MAX, one_line: 1.0, leading: 1.5 }
}

impl Flow<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(words) => {
                // A heading stands with what it heads.
                self.keep(110.0);
                self.y += 10.0;
                let y = self.y;
                self.sheet().rules.push((MARGIN, y, WIDTH, 0.6));
                self.y += 10.0;
                self.put(words, &style(13.0, 700.0), MARGIN, Ink::Text);
                self.y += 4.0;
            }
            Block::Strong(words) => self.put(words, &style(10.0, 700.0), MARGIN, Ink::Text),
            Block::Text(words) => self.put(words, &style(9.5, 400.0), MARGIN, Ink::Text),
            Block::Small(words) => self.put(words, &style(8.0, 400.0), MARGIN, Ink::Quiet),
            Block::Fact(Fact { label, value }) => {
                self.keep(30.0);
                let (top, on) = (self.y, self.sheets.len());
                self.put(label, &Style { width: VALUES - 10.0, ..style(8.5, 400.0) }, MARGIN, Ink::Quiet);
                let under = self.y;
                if self.sheets.len() == on {
                    self.y = top;
                }
                self.put(value, &Style { width: WIDTH - VALUES, ..style(9.5, 400.0) }, MARGIN + VALUES, Ink::Text);
                if self.sheets.len() == on {
                    self.y = self.y.max(under);
                }
            }
        }
    }

    fn sheet(&mut self) -> &mut Sheet {
        if self.sheets.is_empty() {
            self.sheets.push(Sheet::default());
        }
        let last = self.sheets.len() - 1;
        &mut self.sheets[last]
    }

    /// Goes on to the next sheet where less than `points` are left.
    fn keep(&mut self, points: f32) {
        if self.y + points > BOTTOM {
            self.sheets.push(Sheet::default());
            self.y = TOP;
        }
    }

    fn put(&mut self, words: &str, style: &Style, x: f32, ink: Ink) {
        let set = set(&drawable(words, self.fonts), style, self.fonts);
        let step = set.size * set.leading;
        for (words, line) in set.lines {
            self.keep(step);
            let y = self.y + set.size * (0.5 + MIDDLE);
            self.sheet().lines.push(Placed { words, line, x, y, size: set.size, ink });
            self.y += step;
        }
        self.y += 3.0;
    }

    fn foot(&mut self, sheet: usize, number: &str, words: &str) {
        let number = set(number, &style(8.0, 400.0), self.fonts);
        let words = set(&drawable(words, self.fonts), &Style { width: WIDTH - 50.0, ..style(7.5, 400.0) }, self.fonts);
        let mut y = BOTTOM + 22.0;
        for (text, line) in words.lines {
            self.sheets[sheet].lines.push(Placed {
                words: text,
                line,
                x: MARGIN,
                y,
                size: words.size,
                ink: Ink::Quiet,
            });
            y += words.size * 1.4;
        }
        for (text, line) in number.lines {
            let x = PAGE.0 - MARGIN - line.width * number.size;
            let y = BOTTOM + 22.0;
            self.sheets[sheet].lines.push(Placed { words: text, line, x, y, size: number.size, ink: Ink::Quiet });
        }
    }
}

/// The text with what no font has written as codes.
fn drawable(text: &str, fonts: &Fonts) -> String {
    let missing = fonts.missing_glyphs(text);
    if missing.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if missing.contains(&c) {
            out.push_str(&format!("[U+{:04X}]", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> Fonts {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../badge_templates/fonts/NotoSansJP-");
        Fonts::load(
            ["Regular", "Bold"].map(|w| std::fs::read(format!("{folder}{w}.ttf")).expect("the fonts are committed")),
        )
        .unwrap()
    }

    fn paper(blocks: Vec<Block>) -> Paper {
        Paper { language: "ja".into(), title: "確認結果の記録".into(), blocks, foot: "写しです。".into() }
    }

    fn sheets(pdf: &[u8]) -> usize {
        String::from_utf8_lossy(pdf)
            .matches("/Type/Page\n")
            .count()
            .max(String::from_utf8_lossy(pdf).matches("/Type/Page/").count())
    }

    #[test]
    fn what_no_font_has_is_written_as_its_code() {
        let fonts = fonts();
        assert_eq!(drawable("七瀬 م ひかり", &fonts), "七瀬 [U+0645] ひかり");
        assert_eq!(drawable("髙﨑", &fonts), "髙﨑");
        paper(vec![Block::Text("م".repeat(300))]).pdf(&fonts).expect("it is set all the same");
    }

    #[test]
    fn a_long_paper_takes_more_sheets_and_nothing_lies_below_the_foot() {
        let fonts = fonts();
        let fact = || Block::Fact(Fact { label: "認定番号".into(), value: "EG-2026-000001 ".repeat(12) });
        let mut flow = Flow { fonts: &fonts, sheets: vec![Sheet::default()], y: TOP };
        for _ in 0..60 {
            flow.block(&Block::Heading("有効な認定です".into()));
            flow.block(&fact());
            flow.block(&Block::Text("A sentence. ".repeat(40)));
        }
        assert!(flow.sheets.len() > 5, "{}", flow.sheets.len());
        for sheet in &flow.sheets {
            for line in &sheet.lines {
                assert!(line.y <= BOTTOM + 2.0 && line.y >= TOP, "{} at {}", line.words, line.y);
                assert!(line.x + line.line.width * line.size <= PAGE.0 - MARGIN + 0.5, "{}", line.words);
            }
        }
        let one = paper(vec![fact()]).pdf(&fonts).expect("set");
        assert_eq!(one, paper(vec![fact()]).pdf(&fonts).expect("set"), "the same bytes");
        assert_eq!(sheets(&one), 1);
    }
}
