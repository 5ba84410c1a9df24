//! The figure of an item: a file beside the bank, asked for by plain name and looked at before it is believed.

use super::{optional, read_words};
use crate::{
    item::Figure,
    mistake::Mistake,
    strict::{Object, text},
};
use std::collections::BTreeMap;

/// Figures beside the file, each asked for once.
pub(in crate::interchange) struct Figures<'f> {
    lookup: &'f dyn Fn(&str) -> Option<Vec<u8>>,
    asked: BTreeMap<String, Result<Figure, Mistake>>,
    bytes: BTreeMap<String, Vec<u8>>,
}

impl<'f> Figures<'f> {
    pub fn new(lookup: &'f dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self { lookup, asked: BTreeMap::new(), bytes: BTreeMap::new() }
    }

    pub fn into_bytes(self) -> BTreeMap<String, Vec<u8>> {
        self.bytes
    }

    fn find(&mut self, name: &str) -> Result<Figure, Mistake> {
        if let Some(known) = self.asked.get(name) {
            return known.clone();
        }
        let found = self.open(name);
        self.asked.insert(name.to_owned(), found.clone());
        found
    }

    fn open(&mut self, name: &str) -> Result<Figure, Mistake> {
        let shown: String = name.chars().take(80).filter(|c| !c.is_control()).collect();
        // A name that could lead out of the folder never reaches the lookup.
        let plain = !name.starts_with('.')
            && name.len() <= 255
            && !name.contains(['/', '\\', ':', '\0'])
            && !name.chars().any(char::is_control);
        if !plain {
            return Err(Mistake::new(
                "/figure",
                "figure_name",
                format!(
                    "`{shown}` is no plain file name: put the picture beside the bank file and give its name alone"
                ),
                format!(
                    "「{shown}」はファイル名ではありません。図を問題ファイルと同じ場所に置き、名前だけを書いてください"
                ),
            ));
        }
        let bytes = (self.lookup)(name).ok_or_else(|| {
            Mistake::new(
                "/figure",
                "figure_missing",
                format!("the picture `{shown}` is not there: put it beside the bank file; where one file is asked for, into a ZIP with it"),
                format!("図「{shown}」が見つかりません。問題ファイルと同じ場所に置くか、一緒に ZIP にまとめてください"),
            )
        })?;
        let figure = Figure::from_bytes(&bytes, None).map_err(|wrong| {
            Mistake::new(
                "/figure",
                "figure_refused",
                format!("the picture `{shown}` {wrong}"),
                format!("図「{shown}」{}", wrong.in_japanese()),
            )
        })?;
        self.bytes.insert(figure.sha256(), bytes);
        Ok(figure)
    }
}

pub(super) fn read(object: &Object<'_>, figures: &mut Figures<'_>, wrong: &mut Vec<Mistake>) -> Option<Figure> {
    let alt = optional(object, "figure_alt").and_then(|value| read_words(value, "/figure_alt", wrong));
    let Some(name) = optional(object, "figure") else {
        if alt.is_some() {
            wrong.push(Mistake::new(
                "/figure_alt",
                "alt_without_figure",
                "`figure_alt` describes a figure that is not named: name it in `figure`",
                "figure_alt がありますが figure がありません。figure に図のファイル名を書いてください",
            ));
        }
        return None;
    };
    let name = text(name, "/figure", wrong)?;
    match figures.find(name.trim()) {
        Ok(figure) => Some(figure.described(alt)),
        Err(mistake) => {
            wrong.push(mistake);
            None
        }
    }
}
