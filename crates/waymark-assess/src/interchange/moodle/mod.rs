//! Moodle XML: `<quiz>` with one `<question type="…">` each. Pictures come along as base64. Where the file as a whole is
//! no XML, every `<question>` is tried by itself.

mod answers;
mod cloze;
mod write;

pub(super) use write::{category, write};

use super::{
    Entries, Stop,
    draft::{self, Draft, Gap, Kind, Read, Unread},
    gift, losses, prose,
    tree::{self, Element},
};
use crate::{markup, mistake::Mistake};
use base64::Engine as _;
use std::collections::BTreeMap;

/// Longer texts are refused before they are taken apart.
const MAX_TEXT: usize = 256 * 1024;
/// Answers, pairs or gaps of one question: far more than it may have, and few enough to look at.
const MOST_ANSWERS: usize = 1_000;

pub(super) fn read(bytes: &[u8], stop: Stop<'_>) -> Entries {
    let mut found = Found::default();
    let mut broken = Vec::new();
    match tree::parse(bytes, 1) {
        Ok(root) => {
            // One question may stand by itself.
            let alone = Some(&root).filter(|root| root.name == "question");
            for question in alone.into_iter().chain(root.all("question")).take_while(|_| !stop()) {
                found.question(question);
            }
        }
        Err((line, mistake)) if mistake.code == "xml_syntax" => {
            for (first, piece) in pieces(bytes).into_iter().take_while(|_| !stop()) {
                match tree::parse(piece, first) {
                    Ok(question) => found.question(&question),
                    Err((line, mistake)) => {
                        found.read.push(Err(Unread { line, mistakes: vec![mistake], ..Unread::default() }));
                    }
                }
            }
            if found.read.is_empty() {
                broken.push((line, mistake));
            }
        }
        Err(failed) => broken.push(failed),
    }
    let mut entries = draft::entries(found.read, found.pictures);
    entries.broken = broken;
    entries
}

/// `<question …>` to `</question>`, with the line that each begins at.
fn pieces(bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let text = String::from_utf8_lossy(bytes);
    if text.len() != bytes.len() {
        return Vec::new();
    }
    let mut lines = super::Lines::new(bytes);
    let starts: Vec<usize> = text.match_indices("<question ").map(|(n, _)| n).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let cut = |(start, end): (&usize, usize)| {
        let piece = &text[*start..end];
        let length = piece.rfind("</question>").map_or(piece.len(), |n| n + "</question>".len());
        (lines.at(*start), &bytes[*start..*start + length])
    };
    starts.iter().zip(ends.collect::<Vec<_>>()).map(cut).collect()
}

#[derive(Default)]
struct Found {
    read: Vec<Read>,
    pictures: BTreeMap<String, Vec<u8>>,
    category: Option<String>,
}

impl Found {
    fn question(&mut self, question: &Element) {
        let kind = question.attribute("type").unwrap_or_default();
        if kind == "category" {
            self.category = question.child("category").and_then(|c| gift::category_of(&c.text()));
            return;
        }
        let text_of =
            |name: &str| question.child(name).map(|child| child.text().trim().to_owned()).filter(|t| !t.is_empty());
        let tags = question.child("tags").map(|tags| tags.all("tag").map(|tag| tag.text().trim().to_owned()).collect());
        let draft = Draft {
            line: question.line,
            id: text_of("idnumber").map(|id| draft::as_id(&id)).filter(|id| !id.is_empty()),
            name: text_of("name").unwrap_or_default(),
            domain: self.category.clone(),
            tags: tags.unwrap_or_default(),
            ..Draft::default()
        };
        let name = draft.id.clone().unwrap_or_else(|| draft::as_id(&draft.name));
        let mut reader = Reader { question, draft, wrong: Vec::new(), pictures: &mut self.pictures };
        let read = reader
            .read(kind)
            .and_then(|()| if reader.wrong.is_empty() { Ok(()) } else { Err(std::mem::take(&mut reader.wrong)) });
        let draft = reader.draft;
        self.read.push(match read {
            Ok(()) => Ok(draft),
            Err(mistakes) => {
                Err(Unread { line: question.line, name: Some(name).filter(|n| !n.is_empty()), mistakes, file: None })
            }
        });
    }
}

struct Reader<'q> {
    question: &'q Element,
    draft: Draft,
    wrong: Vec<Mistake>,
    pictures: &'q mut BTreeMap<String, Vec<u8>>,
}

impl Reader<'_> {
    fn read(&mut self, kind: &str) -> Result<(), Vec<Mistake>> {
        let one = |mistake| vec![mistake];
        if self.question.elements().count() > 4 * MOST_ANSWERS {
            return Err(one(losses::no_question(MOST_ANSWERS)));
        }
        let mut gaps = Vec::new();
        if let Some(text) = self.question.child("questiontext") {
            let (stem, pictures) = if matches!(kind, "cloze" | "multianswer") {
                self.cloze(text, &mut gaps).map_err(one)?
            } else {
                self.words(text, false)
            };
            self.draft.stem = stem;
            if let Some((source, alt)) = pictures.into_iter().next() {
                let held = self.picture(text, &source).map_err(one)?;
                self.draft.picture = Some((held, alt));
            }
        }
        self.picture_of_old().map_err(one)?;
        if let Some(general) = self.question.child("generalfeedback") {
            let (rationale, pictures) = self.words(general, false);
            if !pictures.is_empty() {
                self.lose(losses::feedback());
            }
            self.draft.rationale = Some(rationale).filter(|text| !text.is_empty());
        }
        self.settings();
        self.draft.kind = match gaps.is_empty() {
            true => self.kind(kind).map_err(one)?,
            false => Kind::Gaps { gaps, pool: Vec::new(), per_part: true },
        };
        if self.draft.stem.is_empty() {
            self.draft.stem = prose::plain(&self.draft.name);
        }
        Ok(())
    }

    /// What Moodle says of grading beside the answers.
    fn settings(&mut self) {
        let number = |name: &str| self.question.child(name).and_then(|c| c.text().trim().parse::<f64>().ok());
        if number("penalty").is_some_and(|penalty| penalty > 0.0) {
            self.lose(losses::penalty());
        }
        if let Some(grade) = number("defaultgrade").filter(|grade| (*grade - 1.0).abs() > 1e-9) {
            self.lose(losses::points(&grade.to_string()));
        }
        let filled = |element: &Element| !element.text().trim().is_empty();
        if self.question.all("hint").any(filled) {
            self.lose(losses::hints());
        }
        let feedbacks = ["correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"];
        let answers = self.question.all("answer").filter_map(|answer| answer.child("feedback")).any(filled);
        if answers || feedbacks.iter().any(|name| self.question.child(name).is_some_and(filled)) {
            self.lose(losses::feedback());
        }
        if self.question.child("units").is_some_and(|units| units.elements().next().is_some()) {
            self.lose(losses::units());
        }
    }

    fn lose(&mut self, loss: Mistake) {
        if self.draft.losses.iter().all(|known| known.code != loss.code) {
            self.draft.losses.push(loss);
        }
    }

    /// A text element as Markdown, and the pictures in it.
    fn words(&mut self, element: &Element, option: bool) -> (String, Vec<(String, String)>) {
        let text = element.child("text").map_or_else(|| direct_text(element), Element::text);
        self.words_of(&text, element.attribute("format"), option)
    }

    /// A text with answers in it: they are taken out first, since Markdown would put their signs behind backslashes.
    fn cloze(&mut self, element: &Element, gaps: &mut Vec<Gap>) -> Result<(String, Vec<(String, String)>), Mistake> {
        let text = element.child("text").map_or_else(|| direct_text(element), Element::text);
        let format = match element.attribute("format") {
            Some("markdown") => cloze::Format::Markdown,
            Some("plain_text") => cloze::Format::Plain,
            Some("moodle_auto_format") if !gift::looks_like_html(&text) => cloze::Format::Plain,
            _ => cloze::Format::Html,
        };
        let (masked, found) = cloze::take(&text, format, &mut self.draft.losses)?;
        *gaps = found;
        let (stem, pictures) = self.words_of(&masked, element.attribute("format"), false);
        Ok((cloze::put_back(&stem), pictures))
    }

    fn words_of(&mut self, text: &str, format: Option<&str>, option: bool) -> (String, Vec<(String, String)>) {
        if text.len() > MAX_TEXT {
            self.wrong.push(Mistake::new(
                "/question",
                "too_long",
                "a text is longer than 256 KiB: shorten it; put pictures into files of their own",
                "文が256 KiBを超えています。短くし、図は文に埋め込まず別のファイルにしてください",
            ));
            return (String::new(), Vec::new());
        }
        let plain = |text: &str| if option { prose::plain_option(text) } else { prose::plain(text) };
        match format {
            Some("markdown") => {
                let (text, pictures) = markdown(text.trim());
                if pictures.len() > 1 {
                    self.wrong.push(prose::several_pictures());
                }
                if markup::has_tags(&text) {
                    self.lose(losses::tags_in_markdown());
                }
                (text, pictures)
            }
            Some("plain_text") => (plain(text), Vec::new()),
            Some("moodle_auto_format") if !gift::looks_like_html(text) => (plain(text), Vec::new()),
            _ => {
                let read = prose::of_html(text);
                self.wrong.extend(read.refused);
                for loss in read.losses {
                    self.lose(loss);
                }
                (read.markdown, read.pictures)
            }
        }
    }

    /// The text of an answer, which is no picture.
    fn option(&mut self, element: &Element) -> String {
        let (text, pictures) = self.words(element, true);
        if !pictures.is_empty() {
            self.wrong.push(losses::picture_in_option());
        }
        text
    }

    /// Moodle 1.9 kept one picture beside the text.
    fn picture_of_old(&mut self) -> Result<(), Mistake> {
        let question = self.question;
        let text = |name: &str| question.child(name).map(|e| e.text().trim().to_owned()).filter(|t| !t.is_empty());
        let Some(name) = text("image") else { return Ok(()) };
        let Some(packed) = text("image_base64") else {
            let elsewhere = name.contains("://") || name.starts_with("//");
            return Err(if elsewhere { losses::picture_elsewhere() } else { losses::picture_missing(&name) });
        };
        if self.draft.picture.is_some() {
            return Err(prose::several_pictures());
        }
        let held = self.unpacked(&name, &packed)?;
        self.draft.picture = Some((held, String::new()));
        Ok(())
    }

    /// The picture `source` out of the files of `text`, under the name that it is held by.
    fn picture(&mut self, text: &Element, source: &str) -> Result<String, Mistake> {
        let Some(name) = source.strip_prefix("@@PLUGINFILE@@/") else {
            return Err(if source.contains("://") || source.starts_with("//") {
                losses::picture_elsewhere()
            } else {
                losses::picture_missing(source)
            });
        };
        let name = percent_decoded(name.split(['?', '#']).next().unwrap_or_default());
        let file = text.all("file").find(|file| file.attribute("name") == Some(&name));
        let file = file.ok_or_else(|| losses::picture_missing(&name))?;
        self.unpacked(&name, &file.text())
    }

    fn unpacked(&mut self, name: &str, packed: &str) -> Result<String, Mistake> {
        let packed: String = packed.chars().filter(|c| !c.is_whitespace()).collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).map_err(|_| {
            Mistake::new(
                "/figure",
                "not_base64",
                "the picture is no base64 text: export the file again",
                "図がbase64になっていません。ファイルを書き出し直してください",
            )
        })?;
        let held = super::picture_name(self.pictures.len(), name);
        self.pictures.insert(held.clone(), bytes);
        Ok(held)
    }
}

fn direct_text(element: &Element) -> String {
    let texts = element.children.iter().filter_map(|node| match node {
        tree::Node::Text(text) => Some(text.as_str()),
        tree::Node::Element(_) => None,
    });
    texts.collect()
}

/// Markdown as it is, but for the pictures in it.
fn markdown(text: &str) -> (String, Vec<(String, String)>) {
    let (mut text, mut pictures) = (text.to_owned(), Vec::new());
    // A second one is one too many: it is looked for, no further.
    while pictures.len() < 2 {
        let found = text.find("![").and_then(|start| {
            let (alt, rest) = text[start + 2..].split_once("](")?;
            let (source, after) = rest.split_once(')')?;
            let around = format!("{}\n\n{}", text[..start].trim_end(), after.trim_start());
            Some((around, (source.to_owned(), alt.replace('\\', ""))))
        });
        let Some((around, picture)) = found else { break };
        text = around.trim().to_owned();
        pictures.push(picture);
    }
    (text, pictures)
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
