//! A bank file packed with its pictures, and packages as other programs and people pack them.

use crate::{
    bank::png,
    exchange::read,
    packages::{CHOICE, KEY, item, manifest, pack},
};
use waymark_assess::interchange::{Format, Import, import};

const CSV: &str =
    "id,correct,question,a,b,figure\none,0,Which?,x,y,plug.png\ntwo,1,Which?,x,y,gone.png\nthree,0,Which?,x,y,\n";

fn accepted(import: &Import) -> Vec<&str> {
    import.accepted.iter().map(|(_, version)| version.slug()).collect()
}

fn rejected(import: &Import) -> Vec<(&str, &str)> {
    import.report.rejected().map(|(item, wrong)| (item.item.as_str(), wrong[0].code)).collect()
}

fn broken(import: &Import) -> Vec<&str> {
    import.report.broken.iter().map(|(_, mistake)| mistake.code).collect()
}

fn packed(files: &[(&str, &[u8])]) -> Import {
    read(&pack(files), Format::Qti)
}

#[test]
fn a_bank_file_comes_with_its_pictures() {
    let gift = "::one:: Which? {=x ~y}\n";
    let moodle = "<quiz><question type='truefalse'><name><text>one</text></name><questiontext><text>So?</text></questiontext>\
                  <answer fraction='100'><text>true</text></answer></question></quiz>";
    for (folder, pictures) in [("", ""), ("bank/", "bank/"), ("bank/", "bank/images/"), ("", "pictures/")] {
        let (csv, png_name) = (format!("{folder}quiz.csv"), format!("{pictures}plug.png"));
        let found = packed(&[
            (csv.as_str(), CSV.as_bytes()),
            (png_name.as_str(), &png()),
            ("__MACOSX/._quiz.csv", b"\0"),
            (".DS_Store", b"\0"),
            ("readme.txt", b"ANSWER: read me"),
        ]);
        assert_eq!(accepted(&found), ["one", "three"], "{folder} {pictures} {:?}", found.report.broken);
        assert_eq!(rejected(&found), [("two", "figure_missing")]);
        assert_eq!(found.figures.len(), 1);
        assert_eq!(found.report.items[0].file.as_deref(), Some(csv.as_str()));
    }
    for (name, text) in [("a.gift", gift), ("a.txt", gift), ("a.xml", moodle)] {
        assert_eq!(accepted(&packed(&[(name, text.as_bytes())])), ["one"], "{name}");
    }
    let named = import(&pack(&[("a.txt", gift.as_bytes())]), Format::Gift, &|_| None, &|_| None);
    assert_eq!(accepted(&named), ["one"]);
}

#[test]
fn the_same_archive_again_changes_nothing() {
    let bytes = pack(&[("quiz.csv", CSV.as_bytes()), ("plug.png", &png())]);
    let first = read(&bytes, Format::Qti);
    let held: std::collections::BTreeMap<_, _> =
        first.accepted.iter().map(|(_, v)| (v.slug().to_owned(), v.hash())).collect();
    let again = import(&bytes, Format::Qti, &|_| None, &|slug| held.get(slug).copied());
    assert_eq!((again.report.unchanged(), again.report.imported(), again.report.updated()), (2, 0, 0));
}

#[test]
fn an_archive_without_one_bank_file_says_so() {
    let two = packed(&[("a.csv", CSV.as_bytes()), ("b.csv", CSV.as_bytes())]);
    assert_eq!(broken(&two), ["several_bank_files"]);
    let none = import(&pack(&[("plug.png", &png())]), Format::Csv, &|_| None, &|_| None);
    assert_eq!(broken(&none), ["no_bank_file"]);
    let harmful = import(&pack(&[("../a.csv", CSV.as_bytes())]), Format::Csv, &|_| None, &|_| None);
    assert_eq!(broken(&harmful), ["path_leads_out"]);
    assert_eq!(broken(&packed(&[("plug.png", &png())])), ["no_manifest"]);
}

#[test]
fn packages_are_found_as_people_pack_them() {
    let good = item("good", &format!("<p><img src=\"../Images/P.PNG\" alt=\"p\"/></p>{CHOICE}"), KEY);
    let list = manifest(&["items/good.xml"]);
    let based = list.replace("<resources>", "<resources xml:base=\"items/\">").replace("items/good", "good");
    for (what, files) in [
        ("a folder packed with its name", vec![("p/imsmanifest.xml", &list), ("p/items/good.xml", &good)]),
        ("signs of Windows", vec![("imsmanifest.xml", &list), ("items\\good.xml", &good)]),
        ("letters of another case", vec![("IMSManifest.xml", &list), ("Items/Good.xml", &good)]),
        ("a base", vec![("imsmanifest.xml", &based), ("items/good.xml", &good)]),
    ] {
        let mut files: Vec<(&str, &[u8])> = files.into_iter().map(|(name, text)| (name, text.as_bytes())).collect();
        let picture = if files[0].0.starts_with("p/") { "p/images/p.png" } else { "images/p.png" };
        let png = png();
        files.push((picture, &png));
        files.push(("__MACOSX/._good.xml", b"\0"));
        let found = packed(&files);
        assert_eq!((accepted(&found), broken(&found)), (vec!["good"], vec![]), "{what}: {:?}", rejected(&found));
        assert_eq!(found.figures.len(), 1, "{what}");
    }
}

#[test]
fn what_a_package_holds_beside_items_is_told() {
    let one = item("same", CHOICE, KEY);
    let other = one.replace("Which?", "Which one?");
    let list = manifest(&["a.xml", "b.xml"]).replace(
        "</resources>",
        "<resource identifier=\"t\" type=\"imsqti_test_xmlv2p1\" href=\"test.xml\"/>\
         <resource identifier=\"o\" type=\"imsqti_xmlv1p2\" href=\"old.xml\"/></resources>",
    );
    let files: [(&str, &[u8]); 4] = [
        ("imsmanifest.xml", list.as_bytes()),
        ("a.xml", one.as_bytes()),
        ("b.xml", other.as_bytes()),
        ("old.xml", b"<questestinterop/>"),
    ];
    let found = packed(&files);
    assert_eq!(accepted(&found), ["same", "same-b"], "two items of one identifier are two");
    assert_eq!(rejected(&found), [("old.xml", "older_generation")]);
    assert_eq!(found.report.losses.last().map(|loss| loss.text.code), Some("renamed"));
    assert_eq!(found.report.warnings.iter().map(|w| w.text.code).collect::<Vec<_>>(), ["test_left"]);
    let unlisted = packed(&[("imsmanifest.xml", b"<manifest/>"), ("a.xml", one.as_bytes())]);
    assert_eq!((accepted(&unlisted), broken(&unlisted)), (vec!["same"], vec!["no_items"]));
}

#[test]
fn a_picture_says_its_size_where_the_item_does_not() {
    let declaration = KEY.replace("cardinality=\"single\"", "cardinality=\"multiple\"");
    let spot = |size: &str| {
        let body = format!(
            "<p>Where?</p><hotspotInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"0\"><object type=\"image/png\" data=\"p.png\"{size}>map</object>\
             <hotspotChoice identifier=\"A\" shape=\"circle\" coords=\"5.4,5,4px\"/><hotspotChoice identifier=\"B\" shape=\"rect\" coords=\"12,0,16,8\"/></hotspotInteraction>"
        );
        let item = item("spot", &body, &declaration);
        packed(&[("imsmanifest.xml", manifest(&["a.xml"]).as_bytes()), ("a.xml", item.as_bytes()), ("p.png", &png())])
    };
    for size in ["", " width=\"64px\" height=\"48\""] {
        let found = spot(size);
        assert_eq!(accepted(&found), ["spot"], "{size}: {:?}", found.report.items);
    }
}

#[test]
fn questions_of_endless_parts_are_refused_before_they_are_compared() {
    let choices: String =
        (0..30_000).map(|n| format!("<simpleChoice identifier=\"C{n}\">{n}</simpleChoice>")).collect();
    let values: String = (0..30_000).map(|n| format!("<value>C{n}</value>")).collect();
    let rest = format!(
        "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"ordered\" baseType=\"identifier\"><correctResponse>{values}</correctResponse></responseDeclaration>\
         <responseProcessing template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct\"/>"
    );
    let order =
        item("o", &format!("<orderInteraction responseIdentifier=\"RESPONSE\">{choices}</orderInteraction>"), &rest);
    assert_eq!(rejected(&read(order.as_bytes(), Format::Qti)), [("o", "too_many_parts")]);
    let key = item("k", CHOICE, &rest.replace("ordered", "multiple"));
    assert_eq!(rejected(&read(key.as_bytes(), Format::Qti)), [("k", "too_many_parts")]);
    let gaps = item("g", &format!("<p>{}</p>", "<textEntryInteraction responseIdentifier=\"R\"/>".repeat(5_000)), "");
    assert_eq!(rejected(&read(gaps.as_bytes(), Format::Qti)), [("g", "too_many_parts")]);
    let pair = |n: usize| format!("<subquestion><text>s{n}</text><answer><text>t{n}</text></answer></subquestion>");
    for (kind, parts) in [
        ("matching", (0..30_000).map(pair).collect::<String>()),
        ("ordering", "<answer fraction='1'><text>a</text></answer>".repeat(30_000)),
        ("multichoice", "<answer fraction='1'><text>a</text></answer>".repeat(2_000)),
        ("ddwtos", "<dragbox><text>a</text></dragbox>".repeat(2_000)),
    ] {
        let quiz = format!(
            "<quiz><question type='{kind}'><name><text>q</text></name><questiontext><text>Q</text></questiontext>{parts}</question>\
             <question type='essay'><name><text>e</text></name><questiontext><text>Why?</text></questiontext></question></quiz>"
        );
        let found = read(quiz.as_bytes(), Format::Moodle);
        assert_eq!((rejected(&found), accepted(&found)), (vec![("q", "too_many_parts")], vec!["e"]), "{kind}");
    }
    let cloze = "{1:SA:=a}".repeat(3_000);
    let quiz = format!(
        "<quiz><question type='cloze'><name><text>q</text></name><questiontext><text>{cloze}</text></questiontext></question></quiz>"
    );
    assert_eq!(rejected(&read(quiz.as_bytes(), Format::Moodle)), [("q", "too_many_parts")]);
    // A line of full stops was once looked at anew for each of them.
    let dots = item("d", &format!("<p><b>x</b> * {}</p>{CHOICE}", ".".repeat(2_000_000)), KEY);
    assert_eq!(rejected(&read(dots.as_bytes(), Format::Qti)), [("d", "too_long")]);
}
