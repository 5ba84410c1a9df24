//! A QTI package: which of its files are items, by the manifest where that can be read, else by looking.

use super::item;
use crate::{
    interchange::{
        Entries, Stop, Warning,
        archive::{Archive, is_litter},
        draft::{self, Draft, Read, Unread},
        losses,
        tree::{self, Element},
    },
    mistake::Mistake,
};
use std::collections::{BTreeMap, BTreeSet};

const MANIFEST: &str = "imsmanifest.xml";

/// Whether the archive says that it is a package.
pub(in crate::interchange) fn is_package(archive: &Archive<'_>) -> bool {
    manifest_of(archive).is_some()
}

/// The manifest: at the top or, as of a folder that was packed with its name, in the only folder that has one.
fn manifest_of(archive: &Archive<'_>) -> Option<String> {
    if let Some(name) = archive.find(MANIFEST) {
        return Some(name.to_owned());
    }
    let of_folder = |path: &&str| {
        let step = path.split_once('/').map(|(_, rest)| rest);
        step.is_some_and(|rest| rest.eq_ignore_ascii_case(MANIFEST)) && !is_litter(path)
    };
    let mut found = archive.names().filter(of_folder);
    found.next().filter(|_| found.next().is_none()).map(str::to_owned)
}

pub(in crate::interchange) fn read(bytes: &[u8], stop: Stop<'_>) -> Entries {
    let mut archive = match Archive::open(bytes) {
        Ok(archive) => archive,
        Err(mistake) => return Entries { broken: vec![(1, mistake)], ..Entries::default() },
    };
    let mut broken = Vec::new();
    let listed = match manifest_of(&archive).map(|name| (archive.read(&name), name)) {
        Some((Ok(bytes), name)) => match tree::parse(&bytes, 1) {
            Ok(manifest) => Some(Manifest::of(&manifest, &name)),
            Err((line, mistake)) => {
                broken.push((line, of_manifest(&mistake)));
                None
            }
        },
        Some((Err(mistake), _)) => {
            broken.push((1, of_manifest(&mistake)));
            None
        }
        None => {
            broken.push((1, no_manifest()));
            None
        }
    };
    let listed = listed.filter(|manifest| {
        let names_items = !manifest.items.is_empty();
        if !names_items {
            broken.push((1, names_no_item()));
        }
        names_items
    });
    let by_looking = listed.is_none();
    let manifest = listed.unwrap_or_else(|| Manifest::of_names(archive.names()));
    if by_looking {
        let nested = archive.names().filter(|name| !is_litter(name) && is_archive(name));
        broken.extend(nested.take(5).map(|name| (1, nested_archive(name))));
    }
    let (mut read, mut pictures) = (Vec::new(), BTreeMap::new());
    for resource in manifest.items {
        if stop() {
            break;
        }
        one(&mut archive, &resource, by_looking, &mut read, &mut pictures);
    }
    keep_apart(&mut read);
    let mut entries = draft::entries(read, pictures);
    entries.broken = broken;
    entries.warnings =
        manifest.tests.iter().map(|href| Warning { item: None, line: 1, text: test_left(href) }).collect();
    entries
}

/// Items of one identifier in files of their own are different items: the later ones are called after their files.
fn keep_apart(read: &mut [Read]) {
    let mut taken = BTreeSet::new();
    for draft in read.iter_mut().flatten() {
        let Some(id) = draft.id.clone() else { continue };
        if taken.insert(id.clone()) {
            continue;
        }
        let path = draft.file.clone().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
        let begin: String = id.chars().take(30).collect();
        let own = draft::as_id(&format!("{begin}-{name}"));
        if taken.insert(own.clone()) {
            draft.losses.push(renamed(&id));
            draft.id = Some(own);
        }
    }
}

/// The resources of a manifest that may be items.
struct Manifest {
    items: Vec<Resource>,
    tests: Vec<String>,
}

#[derive(Default)]
struct Resource {
    /// As it is written, for the report.
    href: String,
    /// Where that leads in the archive; nothing if it leads out.
    path: Option<String>,
    domain: Option<String>,
    tags: Vec<String>,
    /// Of a generation before that of `assessmentItem`.
    old: bool,
}

impl Manifest {
    /// `name`: where the manifest stands in the archive, from which its references lead on.
    fn of(manifest: &Element, name: &str) -> Self {
        let base = |element: &Element| element.attribute("xml:base").unwrap_or_default().to_owned();
        let (mut seen, mut items, mut tests) = (BTreeSet::new(), Vec::new(), Vec::new());
        for list in manifest.all("resources") {
            let outer = base(manifest) + &base(list);
            for resource in list.all("resource") {
                let kind = resource.attribute("type").unwrap_or_default().to_ascii_lowercase();
                let first = || resource.child("file").and_then(|file| file.attribute("href"));
                let href = resource.attribute("href").or_else(first).unwrap_or_default().to_owned();
                if kind.starts_with("imsqti_") && kind.contains("test") && tests.len() < 20 {
                    tests.push(href);
                    continue;
                }
                let old = kind.starts_with("imsqti_xmlv1");
                let is_item =
                    kind.starts_with("imsqti_") && kind.contains("item") && !kind.contains("resourcemetadata");
                if !(is_item || old) || items.len() >= 2 * crate::interchange::MAX_ITEMS {
                    continue;
                }
                let path = resolve(name, &format!("{outer}{}{href}", base(resource)));
                if !seen.insert(path.clone().unwrap_or_else(|| href.clone())) {
                    continue;
                }
                let (domain, tags) = keywords(resource);
                items.push(Resource { href, path, domain, tags, old });
            }
        }
        Self { items, tests }
    }

    /// Without a manifest: every XML file that is not something else by its name.
    fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let xml = names.filter(|name| {
            let last = name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            last.ends_with(".xml") && last != MANIFEST && !is_litter(name)
        });
        let resource =
            |path: &str| Resource { href: path.to_owned(), path: Some(path.to_owned()), ..Resource::default() };
        Self { items: xml.map(resource).collect(), tests: Vec::new() }
    }
}

/// Keywords of a resource: tags, and the domain that Waymark writes among them.
fn keywords(resource: &Element) -> (Option<String>, Vec<String>) {
    let found = resource.find(|e| e.name == "keyword");
    let texts = found.iter().map(|e| e.text().trim().to_owned()).filter(|text| !text.is_empty());
    let (mut domain, mut tags) = (None, Vec::new());
    for keyword in texts.take(crate::item::MAX_TAGS) {
        match keyword.strip_prefix("domain:") {
            Some(name) => domain = Some(name.to_owned()),
            None => tags.push(keyword),
        }
    }
    (domain, tags)
}

fn one(
    archive: &mut Archive<'_>,
    resource: &Resource,
    by_looking: bool,
    read: &mut Vec<Read>,
    pictures: &mut BTreeMap<String, Vec<u8>>,
) {
    let unread = |line: usize, mistake: Mistake| {
        let name = resource.href.rsplit('/').next().unwrap_or_default().chars().take(80).collect::<String>();
        Err(Unread {
            file: Some(resource.href.chars().take(200).collect()),
            line,
            name: Some(name).filter(|n| !n.is_empty()),
            mistakes: vec![mistake],
        })
    };
    if resource.old {
        return read.push(unread(1, older_generation()));
    }
    let Some(path) = resource.path.clone() else { return read.push(unread(1, item_elsewhere())) };
    let bytes = match archive.read(&path) {
        Ok(bytes) => bytes,
        Err(mistake) => return read.push(unread(1, mistake)),
    };
    let root = match tree::parse(&bytes, 1) {
        Ok(root) => root,
        Err((line, mistake)) => return read.push(unread(line, mistake)),
    };
    if root.name == "questestinterop" {
        return read.push(unread(root.line, older_generation()));
    }
    if root.name != "assessmentItem" {
        // A test, a stimulus, metadata: no item, and no mistake where nobody said it was one.
        if !by_looking {
            read.push(unread(root.line, losses::unsupported(&root.name)));
        }
        return;
    }
    let mut fetch = |href: &str| {
        let beside = resolve(&path, href)?;
        // A name may hold a per cent sign of its own.
        let as_written =
            resolve_plain(&path, href).filter(|name| archive.find(&beside).is_none() && archive.find(name).is_some());
        let beside = as_written.unwrap_or(beside);
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
    resolve_plain(from, &decode(href.split(['?', '#']).next().unwrap_or_default()))
}

fn resolve_plain(from: &str, href: &str) -> Option<String> {
    let href = href.replace('\\', "/");
    let scheme = href.split('/').next().is_some_and(|first| first.contains(':'));
    if href.is_empty() || scheme || href.starts_with('/') {
        return None;
    }
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in href.split('/') {
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

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".zip", ".imscc", ".jar", ".7z", ".gz", ".tar", ".rar"].iter().any(|end| name.ends_with(end))
}

fn shown(name: &str) -> String {
    name.chars().take(80).filter(|c| !c.is_control()).collect()
}

fn nested_archive(name: &str) -> Mistake {
    let name = shown(name);
    Mistake::new(
        "",
        "nested_archive",
        format!("`{name}` is an archive within the archive and was not opened: unpack it and import it by itself"),
        format!("ZIPの中の「{name}」もアーカイブです。開いていません。取り出して、それだけを取り込んでください"),
    )
}

pub(super) fn older_generation() -> Mistake {
    Mistake::new(
        "/type",
        "older_generation",
        "this is QTI 1, which is not read: export QTI 2.1 or later, or Moodle XML",
        "QTI 1の形式は読めません。QTI 2.1以降かMoodle XMLで書き出してください",
    )
}

fn item_elsewhere() -> Mistake {
    Mistake::new(
        "",
        "remote_reference",
        "the manifest names a file outside of the archive, which is never fetched: put it into the archive",
        "マニフェストがZIPの外のファイルを指しています。取りに行くことはしないので、ZIPの中に入れてください",
    )
}

fn names_no_item() -> Mistake {
    Mistake::new(
        "",
        "no_items",
        "imsmanifest.xml names no item: every XML file in the archive was looked at instead",
        "imsmanifest.xml に設問がありません。代わりにZIPの中のXMLをすべて調べました",
    )
}

fn renamed(id: &str) -> Mistake {
    let id = shown(id);
    Mistake::new(
        "/id",
        "renamed",
        format!("another item of the package is called `{id}` too: this one got the name of its file behind it"),
        format!("「{id}」という設問がパッケージの中に複数あるため、ファイル名を付けたidにしました"),
    )
}

fn test_left(href: &str) -> Mistake {
    let href = shown(href);
    Mistake::new(
        "",
        "test_left",
        format!(
            "the test `{href}` (its order, sections, times) is not taken over, its items are: set up an exam for them here"
        ),
        format!(
            "テスト「{href}」の順序・区分・時間は取り込みません。設問だけを取り込むので、試験はここで作ってください"
        ),
    )
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
