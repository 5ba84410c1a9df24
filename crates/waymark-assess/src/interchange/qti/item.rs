//! One `assessmentItem`.

use super::{body, declarations, interactions, processing};
use crate::{
    interchange::{
        draft::{self, Draft, Kind, Read, Unread},
        losses, picture_name,
        tree::Element,
    },
    mistake::Mistake,
};
use std::collections::BTreeMap;

/// Answers a reference of the item: where it leads inside the package, and the bytes there.
pub(super) type Fetch<'f> = &'f mut dyn FnMut(&str) -> Option<(String, Result<Vec<u8>, Mistake>)>;

pub(super) fn read(
    item: &Element,
    path: Option<&str>,
    fetch: Fetch<'_>,
    pictures: &mut BTreeMap<String, Vec<u8>>,
) -> Read {
    let file = path.map(str::to_owned);
    let id = own_id(item);
    understood(item, fetch, pictures)
        .map(|draft| Draft { file: file.clone(), line: item.line, id: Some(id.clone()), ..draft })
        .map_err(|mistakes| Unread { file, line: item.line, name: Some(id), mistakes })
}

/// What Waymark wrote carries the id as a label, since an identifier of QTI may not begin with a digit.
fn own_id(item: &Element) -> String {
    let ours = item.attribute("toolName") == Some("Waymark");
    let label = item.attribute("label").filter(|label| ours && draft::is_id(label));
    let id = draft::as_id(label.or(item.attribute("identifier")).unwrap_or_default());
    if id.is_empty() { draft::as_id(item.attribute("title").unwrap_or("item")) } else { id }
}

fn understood(
    item: &Element,
    fetch: Fetch<'_>,
    pictures: &mut BTreeMap<String, Vec<u8>>,
) -> Result<Draft, Vec<Mistake>> {
    let one = |mistake| vec![mistake];
    refuse_what_computes(item).map_err(one)?;
    let content = item.child("itemBody").ok_or_else(|| one(no_body()))?;
    let scored = processing::read(item).map_err(one)?;
    let found = body::read(content, item.child("stimulusBody"))?;
    let mut draft = Draft {
        name: item.attribute("title").unwrap_or_default().to_owned(),
        language: language(item).or_else(|| language(content)),
        stem: found.stem,
        losses: found.losses,
        ..Draft::default()
    };
    let declarations = declarations::read(item);
    draft.kind = interactions::read(&found.interactions, found.alone, &declarations, &scored, &mut draft)?;
    if draft.stem.is_empty() {
        draft.stem = crate::interchange::prose::plain(&draft.name);
    }
    if let Some((source, alt)) = found.picture {
        let held = picture(&source, &source, fetch, pictures).map_err(one)?;
        if let Kind::Hotspot { size: size @ (0, 0), .. } = &mut draft.kind {
            *size = pictures.get(&held).and_then(|bytes| crate::item::pixels(bytes)).unwrap_or_default();
        }
        draft.picture = Some((held, alt));
    }
    if let Kind::Hotspot { size: (0, _) | (_, 0), .. } = &draft.kind {
        return Err(one(losses::no_picture_size()));
    }
    around(item, content, &mut draft, fetch, pictures)?;
    Ok(draft)
}

/// Takes the picture at `href`, written as `source` where it is shown, and answers the name that it is held by.
fn picture(
    href: &str,
    source: &str,
    fetch: Fetch<'_>,
    pictures: &mut BTreeMap<String, Vec<u8>>,
) -> Result<String, Mistake> {
    let (place, bytes) = fetch(href).ok_or_else(|| elsewhere(source))?;
    let held = picture_name(pictures.len(), &place);
    pictures.insert(held.clone(), bytes?);
    Ok(held)
}

/// Feedback, stimulus, style, points: what stands beside the question.
fn around(
    item: &Element,
    content: &Element,
    draft: &mut Draft,
    fetch: Fetch<'_>,
    pictures: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Vec<Mistake>> {
    let feedback: Vec<&Element> = item.all("modalFeedback").collect();
    match feedback.as_slice() {
        [] => {}
        [one] => {
            let prose = crate::interchange::prose::of_nodes(&one.children, &mut |_| None);
            if prose.refused.is_empty() && prose.pictures.is_empty() {
                draft.rationale = Some(prose.markdown).filter(|text| !text.is_empty());
                prose.losses.into_iter().for_each(|loss| lose(draft, loss));
            } else {
                lose(draft, losses::feedback());
            }
        }
        _ => lose(draft, losses::feedback()),
    }
    for reference in item.all("assessmentStimulusRef") {
        let href = reference.attribute("href").unwrap_or_default();
        let (_, bytes) = fetch(href).ok_or_else(|| vec![elsewhere(href)])?;
        let bytes = bytes.map_err(|mistake| vec![mistake])?;
        let stimulus = crate::interchange::tree::parse(&bytes, 1).map_err(|(_, mistake)| vec![mistake])?;
        let inside = stimulus.child("stimulusBody").unwrap_or(&stimulus);
        let prose = crate::interchange::prose::of_nodes(&inside.children, &mut |_| None);
        if !prose.refused.is_empty() {
            return Err(prose.refused);
        }
        if let Some((source, alt)) = prose.pictures.into_iter().next() {
            if draft.picture.is_some() {
                return Err(vec![crate::interchange::prose::several_pictures()]);
            }
            let folder = href.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
            // A scheme would be a step like any other behind the folder.
            let inside =
                Some(format!("{folder}{source}")).filter(|_| !source.contains(':') && !source.starts_with('/'));
            let place = inside.ok_or_else(|| vec![elsewhere(&source)])?;
            draft.picture = Some((picture(&place, &source, fetch, pictures).map_err(|wrong| vec![wrong])?, alt));
        }
        prose.losses.into_iter().for_each(|loss| lose(draft, loss));
        // Shown above the question, as it was there.
        draft.stem = format!("{}\n\n{}", prose.markdown, draft.stem);
    }
    if processing::punishes(item) {
        lose(draft, losses::penalty());
    }
    let has = |name: &str| item.child(name).is_some();
    if has("stylesheet") {
        lose(draft, losses::style());
    }
    if has("catalogInfo") {
        lose(draft, losses::catalogs());
    }
    for block in content.find(|e| e.name == "rubricBlock" && !body::is_for_candidates(e)) {
        let prose = crate::interchange::prose::of_nodes(&block.children, &mut |_| None);
        match &mut draft.kind {
            // What markers read is the rubric of what they mark.
            Kind::Essay { rubric: rubric @ None } if prose.refused.is_empty() && prose.pictures.is_empty() => {
                *rubric = Some(prose.markdown).filter(|text| !text.is_empty());
            }
            _ => lose(draft, losses::rubric_block()),
        }
    }
    for outcome in item.all("outcomeDeclaration").filter(|o| o.attribute("identifier") == Some("MAXSCORE")) {
        let most = outcome.child("defaultValue").map(|value| value.text().trim().to_owned()).unwrap_or_default();
        if most.parse::<f64>().is_ok_and(|most| (most - 1.0).abs() > 1e-9 && most != 0.0)
            && item.attribute("toolName") != Some("Waymark")
        {
            lose(draft, losses::points(&most));
        }
    }
    Ok(())
}

fn lose(draft: &mut Draft, loss: Mistake) {
    if draft.losses.iter().all(|known| known.code != loss.code) {
        draft.losses.push(loss);
    }
}

fn language(element: &Element) -> Option<String> {
    let tag = element.attribute("xml:lang")?.trim();
    let (primary, rest) = tag.split_once('-').map_or((tag, None), |(a, b)| (a, Some(b)));
    let primary = primary.to_ascii_lowercase();
    let tag = rest.map_or_else(|| primary.clone(), |rest| format!("{primary}-{rest}"));
    crate::text::is_language_tag(&tag).then_some(tag)
}

/// Items that change while they are answered, or are made anew for each candidate.
fn refuse_what_computes(item: &Element) -> Result<(), Mistake> {
    if item.attribute("adaptive") == Some("true") {
        return Err(losses::unsupported("adaptive item"));
    }
    if item.child("templateDeclaration").is_some() || item.child("templateProcessing").is_some() {
        return Err(losses::unsupported("item template"));
    }
    let custom = ["customInteraction", "portableCustomInteraction", "customOperator", "endAttemptInteraction"];
    let found = item.find(|e| custom.contains(&e.name.as_str()));
    found.first().map_or(Ok(()), |element| Err(losses::unsupported(&element.name)))
}

fn elsewhere(href: &str) -> Mistake {
    if href.contains(':') || href.starts_with("//") {
        losses::picture_elsewhere()
    } else {
        losses::picture_missing(href)
    }
}

fn no_body() -> Mistake {
    Mistake::new(
        "/question",
        "missing",
        "the item has no `itemBody`: nothing would be shown",
        "itemBody がなく、表示するものがありません",
    )
}
