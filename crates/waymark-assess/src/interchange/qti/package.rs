//! A QTI package: which of its files are items, by the manifest where that can be read, else by looking.

use super::item;
use crate::{
    interchange::{
        Entries,
        archive::Archive,
        draft::{self, Draft, Read, Unread},
        losses,
        tree::{self, Element},
    },
    mistake::Mistake,
};
use std::collections::{BTreeMap, BTreeSet};

const MANIFEST: &str = "imsmanifest.xml";

pub(in crate::interchange) fn read(bytes: &[u8]) -> Entries {
    let mut archive = match Archive::open(bytes) {
        Ok(archive) => archive,
        Err(mistake) => return Entries { broken: vec![(1, mistake)], ..Entries::default() },
    };
    let mut broken = Vec::new();
    let listed = match archive.contains(MANIFEST).then(|| archive.read(MANIFEST)) {
        Some(Ok(manifest)) => match tree::parse(&manifest, 1) {
            Ok(manifest) => Some(Manifest::of(&manifest)),
            Err((line, mistake)) => {
                broken.push((line, of_manifest(&mistake)));
                None
            }
        },
        Some(Err(mistake)) => {
            broken.push((1, of_manifest(&mistake)));
            None
        }
        None => {
            broken.push((1, no_manifest()));
            None
        }
    };
    let by_looking = listed.is_none();
    let manifest = listed.unwrap_or_else(|| Manifest::of_names(archive.names()));
    let (mut read, mut pictures) = (Vec::new(), BTreeMap::new());
    for resource in manifest.items {
        one(&mut archive, &resource, by_looking, &mut read, &mut pictures);
    }
    let mut entries = draft::entries(read, pictures);
    entries.broken = broken;
    entries
}

/// The resources of a manifest that may be items.
struct Manifest {
    items: Vec<Resource>,
}

#[derive(Default)]
struct Resource {
    path: String,
    domain: Option<String>,
    tags: Vec<String>,
}

impl Manifest {
    fn of(manifest: &Element) -> Self {
        let resources = manifest.find(|element| element.name == "resource");
        let is_item = |kind: &str| {
            let kind = kind.to_ascii_lowercase();
            kind.starts_with("imsqti_") && kind.contains("item") && !kind.contains("resourcemetadata")
        };
        let mut seen = BTreeSet::new();
        let mut items = Vec::new();
        for resource in resources.into_iter().filter(|r| r.attribute("type").is_some_and(is_item)) {
            let href =
                resource.attribute("href").or_else(|| resource.child("file").and_then(|file| file.attribute("href")));
            let path = href.unwrap_or_default().to_owned();
            if seen.insert(path.clone()) && items.len() < 2 * crate::interchange::MAX_ITEMS {
                let keywords = resource.find(|e| e.name == "keyword");
                let text = |e: &&Element| e.text().trim().to_owned();
                let (mut domain, mut tags) = (None, Vec::new());
                for keyword in keywords.iter().map(text).filter(|text| !text.is_empty()).take(crate::item::MAX_TAGS) {
                    match keyword.strip_prefix("domain:") {
                        Some(name) => domain = Some(name.to_owned()),
                        None => tags.push(keyword),
                    }
                }
                items.push(Resource { path, domain, tags });
            }
        }
        Self { items }
    }

    /// Without a manifest: every XML file that is not something else by its name.
    fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let xml = names.filter(|name| name.to_ascii_lowercase().ends_with(".xml") && *name != MANIFEST);
        Self { items: xml.map(|path| Resource { path: path.to_owned(), ..Resource::default() }).collect() }
    }
}

fn one(
    archive: &mut Archive<'_>,
    resource: &Resource,
    by_looking: bool,
    read: &mut Vec<Read>,
    pictures: &mut BTreeMap<String, Vec<u8>>,
) {
    let path = resolve("", &resource.path);
    let unread = |line: usize, mistake: Mistake| {
        let name = resource.path.rsplit('/').next().unwrap_or_default().chars().take(80).collect::<String>();
        Err(Unread {
            file: Some(resource.path.chars().take(200).collect()),
            line,
            name: Some(name).filter(|n| !n.is_empty()),
            mistakes: vec![mistake],
        })
    };
    let Some(path) = path else { return read.push(unread(1, losses::picture_elsewhere())) };
    let bytes = match archive.read(&path) {
        Ok(bytes) => bytes,
        Err(mistake) => return read.push(unread(1, mistake)),
    };
    let root = match tree::parse(&bytes, 1) {
        Ok(root) => root,
        Err((line, mistake)) => return read.push(unread(line, mistake)),
    };
    if root.name != "assessmentItem" {
        // A test, a stimulus, metadata: no item, and no mistake where nobody said it was one.
        if !by_looking {
            read.push(unread(root.line, losses::unsupported(&root.name)));
        }
        return;
    }
    let mut fetch = |href: &str| {
        let beside = resolve(&path, href)?;
        let bytes = archive.read(&beside);
        Some((beside, bytes))
    };
    let found = item::read(&root, Some(&path), &mut fetch, pictures);
    read.push(found.map(|draft| Draft {
        domain: draft.domain.or_else(|| resource.domain.clone()),
        tags: [draft.tags, resource.tags.clone()].concat(),
        ..draft
    }));
}

/// Where `href` in the file `from` leads to inside the package; nowhere if it leads out of it.
pub(super) fn resolve(from: &str, href: &str) -> Option<String> {
    let href = href.split(['?', '#']).next().unwrap_or_default();
    let scheme = href.split('/').next().is_some_and(|first| first.contains(':'));
    if href.is_empty() || scheme || href.starts_with(['/', '\\']) {
        return None;
    }
    let decoded = decode(href);
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in decoded.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

fn decode(href: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = href.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |bytes: &mut std::str::Bytes<'_>| {
            let pair = [bytes.next()?, bytes.next()?];
            u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()
        };
        let mut ahead = bytes.clone();
        match hex(&mut ahead).filter(|_| byte == b'%') {
            Some(decoded) => {
                out.push(decoded);
                bytes = ahead;
            }
            None => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn no_manifest() -> Mistake {
    Mistake::new(
        "",
        "no_manifest",
        "the archive has no imsmanifest.xml at its top: every XML file in it was looked at instead; export a content package to be sure",
        "ZIPの最上位に imsmanifest.xml がありません。代わりにZIPの中のXMLをすべて調べました。コンテンツパッケージとして書き出すと確実です",
    )
}

fn of_manifest(mistake: &Mistake) -> Mistake {
    Mistake::new(
        "",
        mistake.code,
        format!("imsmanifest.xml: {}; every XML file in the archive was looked at instead", mistake.message),
        format!("imsmanifest.xml: {}。代わりにZIPの中のXMLをすべて調べました", mistake.message_ja),
    )
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn references_stay_inside() {
        assert_eq!(resolve("items/a.xml", "../images/x%20y.png").as_deref(), Some("images/x y.png"));
        assert_eq!(resolve("items/a.xml", "./b.png").as_deref(), Some("items/b.png"));
        for out in ["../../x", "/etc/passwd", "https://a.example/x.png", "file:x", "", "\\\\host\\x", "%2e%2e/%2e%2e/x"]
        {
            assert_eq!(resolve("items/a.xml", out), None, "{out}");
        }
    }
}
