//! Items as a QTI package: 2.1, which nearly everything reads, or 3.0.

mod answers;
mod gaps;
mod item;
mod response;
mod xml;

pub(in crate::interchange) use xml::Dialect;

use crate::{
    interchange::{draft::Draft, pack::pack},
    mistake::Mistake,
};
use std::collections::BTreeSet;

/// A package that was written, and what became of each item: nothing, or why it is not in it.
pub(in crate::interchange) struct Package {
    pub bytes: Vec<u8>,
    pub written: Vec<Result<Vec<Mistake>, Mistake>>,
}

/// What answers the bytes of a picture by its SHA-256, with their extension.
pub(in crate::interchange) type Pictures<'p> = &'p dyn Fn(&str) -> Option<(Vec<u8>, &'static str)>;

/// Writes the drafts whose pictures `picture` answers, with their extension.
pub(in crate::interchange) fn write_package(drafts: &[Draft], dialect: Dialect, picture: Pictures<'_>) -> Package {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let (mut resources, mut written, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (n, draft) in drafts.iter().enumerate() {
        let found = draft.picture.as_ref().and_then(|(name, _)| picture(name));
        let image = found.map(|(bytes, extension)| (format!("images/figure-{:04}.{extension}", n + 1), bytes));
        let identifier = identifier(draft.id.as_deref().unwrap_or(&draft.name), n, &mut names);
        let href = image.as_ref().map(|(path, _)| format!("../{path}"));
        match item::write(draft, &identifier, dialect, href.as_deref()) {
            Err(mistake) => written.push(Err(mistake)),
            Ok((text, losses)) => {
                let path = format!("items/item-{:04}.xml", n + 1);
                resources.push(Resource {
                    identifier,
                    path: path.clone(),
                    image: image.as_ref().map(|(path, _)| path.clone()),
                    draft,
                });
                files.push((path, text.into_bytes()));
                files.extend(image);
                written.push(Ok(losses));
            }
        }
    }
    files.insert(0, ("imsmanifest.xml".into(), manifest(&resources, dialect).into_bytes()));
    let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    Package { bytes: pack(files), written }
}

struct Resource<'d> {
    identifier: String,
    path: String,
    image: Option<String>,
    draft: &'d Draft,
}

/// An identifier of QTI: it begins with a letter, and holds letters, digits, `_`, `-` and `.`.
fn identifier(id: &str, n: usize, taken: &mut BTreeSet<String>) -> String {
    let kept: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' }).collect();
    let begins = kept.starts_with(|c: char| c.is_ascii_alphabetic());
    let name = if begins { kept } else { format!("i_{kept}") };
    if taken.insert(name.clone()) {
        return name;
    }
    let name = format!("{name}_{}", n + 1);
    taken.insert(name.clone());
    name
}

fn manifest(resources: &[Resource<'_>], dialect: Dialect) -> String {
    let (namespace, schema, version, kind) = match dialect {
        Dialect::V21 => ("http://www.imsglobal.org/xsd/imscp_v1p1", "QTIv2.1 Package", "1.0.0", "imsqti_item_xmlv2p1"),
        Dialect::V3 => {
            ("http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "QTI Package", "3.0.0", "imsqti_item_xmlv3p0")
        }
    };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"{namespace}\" identifier=\"waymark-bank\">\n\
         <metadata><schema>{schema}</schema><schemaversion>{version}</schemaversion></metadata>\n<organizations/>\n<resources>\n"
    );
    for resource in resources {
        out.push_str(&format!(
            "<resource identifier=\"r_{}\" type=\"{kind}\" href=\"{}\">\n",
            resource.identifier, resource.path
        ));
        let domain = resource.draft.domain.iter().map(|domain| format!("domain:{domain}"));
        let keywords: Vec<String> = resource.draft.tags.iter().cloned().chain(domain).collect();
        if !keywords.is_empty() {
            out.push_str("<metadata><lom xmlns=\"http://ltsc.ieee.org/xsd/LOM\"><general>");
            for keyword in keywords {
                out.push_str(&format!("<keyword><string>{}</string></keyword>", crate::markup::escape(&keyword)));
            }
            out.push_str("</general></lom></metadata>\n");
        }
        out.push_str(&format!("<file href=\"{}\"/>\n", resource.path));
        if let Some(image) = &resource.image {
            out.push_str(&format!("<file href=\"{image}\"/>\n"));
        }
        out.push_str("</resource>\n");
    }
    out.push_str("</resources>\n</manifest>\n");
    out
}
