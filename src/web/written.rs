//! A document that is written as a file, in a form: each mistake has its line.

use serde::Deserialize;
use serde_json::json;

use super::i18n::Words;
use crate::document::yaml::Document;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileForm {
    pub text: String,
    #[serde(default)]
    pub seen: Option<String>,
    /// What is to be done with it.
    #[serde(default)]
    pub step: String,
}

/// One mistake of the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub line: usize,
    pub column: usize,
    pub text: String,
}

impl Line {
    /// Where the document has what `pointer` names.
    pub fn at(document: &Document, pointer: &str, text: String) -> Self {
        let (line, column) = document.place(pointer);
        Self { line, column, text }
    }
}

/// The document that was typed for `slug`. Of `keys`, the first says that it is no mapping, the second that it has another slug.
///
/// # Errors
/// What is wrong with it as a file.
pub fn typed(text: &str, slug: &str, w: Words, keys: (&str, &str)) -> Result<Document, Line> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(broken) => return Err(Line { line: broken.line, column: broken.column, text: broken.detail }),
    };
    if !document.value.is_object() {
        return Err(Line { line: 1, column: 1, text: w.t(keys.0) });
    }
    match document.value["slug"] == json!(slug) {
        true => Ok(document),
        false => Err(Line::at(&document, "/slug", w.with1(keys.1, "slug", slug))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::i18n::Locale;

    #[test]
    fn what_is_no_file_of_this_name_is_told_with_its_line() {
        let keys = ("exam-file-no-mapping", "exam-file-slug");
        let place = |text: &str| match typed(text, "safety", Words::new(Locale::En), keys) {
            Ok(document) => panic!("{:?}", document.value),
            Err(wrong) => (wrong.line, wrong.column),
        };
        assert_eq!(place("- a\n- b\n"), (1, 1));
        assert_eq!(place("title: a\nslug: other\n").0, 2);
        assert!(place("title: \"open\n").0 >= 1);
        assert!(typed("slug: safety\n", "safety", Words::new(Locale::En), keys).is_ok());
    }
}
