//! Items to a file of another system, or of ours. What a format cannot say of an item is told; an item that it cannot hold
//! at all is left out, by name. Every export holds the keys.

use super::{
    aiken,
    draft::Draft,
    exported::{Export, ExportFormat},
    from_version, gift, losses, moodle,
    pack::pack,
    qti::{self, Dialect},
    written,
};
use crate::{item::ItemVersion, mistake::Mistake};
use std::collections::BTreeMap;

/// Writes `versions` in `format`. Formats of one language take the texts nearest to `language`; `figure` answers the bytes
/// of a picture by its SHA-256.
pub fn export(
    versions: &[&ItemVersion],
    format: ExportFormat,
    language: &str,
    figure: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Export {
    let mut out = Export::default();
    if !format.holds_one_language() {
        written::write(versions, format, figure, &mut out);
        return out;
    }
    let mut drafts = Vec::new();
    for version in versions {
        let (draft, lost) = from_version::draft(version, language);
        match draft {
            Ok(draft) => {
                out.lose(version.slug(), lost);
                drafts.push(draft);
            }
            Err(mistake) => out.leave_out(version.slug(), mistake),
        }
    }
    let media: BTreeMap<String, &'static str> = versions
        .iter()
        .filter_map(|version| version.content().figure.as_ref())
        .map(|figure| (figure.sha256(), if figure.media_type() == "image/png" { "png" } else { "jpg" }))
        .collect();
    let picture = |sha256: &str| Some((figure(sha256)?, *media.get(sha256)?));
    match format {
        ExportFormat::Qti3 | ExportFormat::Qti21 => {
            let dialect = if format == ExportFormat::Qti3 { Dialect::V3 } else { Dialect::V21 };
            let package = qti::write_package(&drafts, dialect, &picture);
            for (draft, written) in drafts.iter().zip(package.written) {
                out.take(draft, written);
            }
            out.bytes = package.bytes;
        }
        _ => out.one_by_one(&drafts, format, &picture),
    }
    out
}

impl Export {
    /// The file under `name` and the pictures that belong beside it, as one ZIP. [`super::import`] takes it back.
    pub fn packed(&self, name: &str) -> Vec<u8> {
        let beside = self.beside.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        pack([(name, self.bytes.as_slice())].into_iter().chain(beside))
    }

    fn one_by_one(&mut self, drafts: &[Draft], format: ExportFormat, picture: qti::Pictures<'_>) {
        let mut text = String::new();
        let mut category: Option<Option<&str>> = None;
        if format == ExportFormat::Moodle {
            text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
        }
        for draft in drafts {
            let written = match format {
                ExportFormat::Moodle => {
                    moodle::write(draft, draft.picture.as_ref().and_then(|(name, _)| picture(name)))
                }
                ExportFormat::Gift => gift::write(draft),
                _ => aiken::write(draft),
            };
            let Ok(question) = &written else {
                self.take(draft, written.map(|_| Vec::new()));
                continue;
            };
            if category != Some(draft.domain.as_deref()) && (category.is_some() || draft.domain.is_some()) {
                match format {
                    ExportFormat::Moodle => text.push_str(&moodle::category(draft.domain.as_deref())),
                    ExportFormat::Gift => text.push_str(&format!("{}\n", gift::category(draft.domain.as_deref()))),
                    _ => {}
                }
            }
            category = Some(draft.domain.as_deref());
            text.push_str(question);
            text.push('\n');
            let lost = if format == ExportFormat::Aiken { aiken::lost(draft) } else { plain_losses(draft, format) };
            self.take(draft, Ok(lost));
        }
        if format == ExportFormat::Moodle {
            text.push_str("</quiz>\n");
        }
        self.bytes = text.into_bytes();
    }
}

/// What neither Moodle XML nor GIFT says.
fn plain_losses(draft: &Draft, format: ExportFormat) -> Vec<Mistake> {
    use super::draft::Kind;
    let mut lost = Vec::new();
    if draft.language.is_some() {
        lost.push(losses::no_language());
    }
    if matches!(draft.kind, Kind::Essay { rubric: Some(_) }) && format == ExportFormat::Gift {
        lost.push(losses::not_said("what markers look at", "採点基準"));
    }
    if let Kind::Choice { answers, choose, multiple, per_part, .. } = &draft.kind {
        let fixed = answers.iter().filter(|answer| answer.fixed).count();
        if fixed > 0 && fixed < answers.len() {
            lost.push(losses::not_said("that only some options keep their places", "一部の選択肢だけを固定すること"));
        }
        if choose.is_some() {
            lost.push(losses::not_said("how many to choose", "選ぶ個数"));
        }
        if *multiple && !per_part {
            lost.push(losses::not_said("that only the whole answer scores", "すべて正しいときだけ得点すること"));
        }
    }
    lost
}
