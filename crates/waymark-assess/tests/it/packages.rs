//! QTI packages, good, damaged and meant to harm.

use crate::{bank::png, exchange::read};
use std::io::{Cursor, Write as _};
use waymark_assess::interchange::{Format, Import};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).expect("begun");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("packed").into_inner()
}

pub fn item(id: &str, body: &str, rest: &str) -> String {
    format!(
        "<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"{id}\" title=\"{id}\" adaptive=\"false\" timeDependent=\"false\">{rest}\
         <itemBody>{body}</itemBody></assessmentItem>"
    )
}

pub const KEY: &str = "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" baseType=\"identifier\"><correctResponse><value>A</value></correctResponse></responseDeclaration>\
    <responseProcessing template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct.xml\"/>";
pub const CHOICE: &str = "<choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\" maxChoices=\"1\"><prompt>Which?</prompt>\
    <simpleChoice identifier=\"A\">yes</simpleChoice><simpleChoice identifier=\"B\">no</simpleChoice></choiceInteraction>";

pub fn manifest(paths: &[&str]) -> String {
    let resources: String = paths
        .iter()
        .enumerate()
        .map(|(n, path)| format!("<resource identifier=\"r{n}\" type=\"imsqti_item_xmlv2p1\" href=\"{path}\"><file href=\"{path}\"/></resource>"))
        .collect();
    format!(
        "<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" identifier=\"m\"><resources>{resources}</resources></manifest>"
    )
}

fn package(files: &[(&str, &[u8])]) -> Import {
    read(&pack(files), Format::Qti)
}

fn broken(bytes: &[u8]) -> &'static str {
    let import = read(bytes, Format::Qti);
    assert!(import.accepted.is_empty(), "nothing is read of it");
    import.report.broken[0].1.code
}

fn codes(import: &Import) -> Vec<&'static str> {
    import.report.rejected().map(|(_, wrong)| wrong[0].code).collect()
}

/// Overwrites a field of the first central header.
fn tamper(mut bytes: Vec<u8>, offset: usize, with: &[u8]) -> Vec<u8> {
    let central = bytes.windows(4).position(|w| w == b"PK\x01\x02").expect("a central header");
    bytes[central + offset..central + offset + with.len()].copy_from_slice(with);
    bytes
}

#[test]
fn a_package_is_read_and_the_rest_of_a_damaged_one_too() {
    let good = item("good", CHOICE, KEY);
    let pictured = item("pictured", &format!("<p><img src=\"../images/p.png\" alt=\"p\"/></p>{CHOICE}"), KEY);
    let remote =
        item("remote", &format!("<p><img src=\"https://elsewhere.example/p.png\" alt=\"p\"/></p>{CHOICE}"), KEY);
    let gone = item("gone", &format!("<p><img src=\"../../p.png\" alt=\"p\"/></p>{CHOICE}"), KEY);
    let paths = [
        "items/good.xml",
        "items/pictured.xml",
        "items/remote.xml",
        "items/gone.xml",
        "items/cut.xml",
        "items/none.xml",
    ];
    let found = package(&[
        ("imsmanifest.xml", manifest(&paths).as_bytes()),
        (paths[0], good.as_bytes()),
        (paths[1], pictured.as_bytes()),
        (paths[2], remote.as_bytes()),
        (paths[3], gone.as_bytes()),
        (paths[4], &good.as_bytes()[..300]),
        ("images/p.png", &png()),
    ]);
    let slugs: Vec<&str> = found.accepted.iter().map(|(_, v)| v.slug()).collect();
    assert_eq!(slugs, ["good", "pictured"]);
    assert_eq!(found.figures.len(), 1);
    assert_eq!(codes(&found), ["remote_reference", "figure_missing", "xml_syntax", "file_missing"]);
    let (rejected, _) = found.report.rejected().next().expect("one");
    assert_eq!(rejected.file.as_deref(), Some("items/remote.xml"));
}

#[test]
fn without_a_manifest_every_xml_file_is_looked_at() {
    let good = item("good", CHOICE, KEY);
    let found = package(&[("a/good.xml", good.as_bytes()), ("readme.xml", b"<readme/>"), ("x.zip", b"PK\x03\x04")]);
    assert_eq!((found.accepted.len(), found.report.items.len()), (1, 1));
    assert_eq!(found.report.broken[0].1.code, "no_manifest");
    let found = package(&[("imsmanifest.xml", b"<manifest>"), ("good.xml", good.as_bytes())]);
    assert_eq!((found.accepted.len(), found.report.broken[0].1.code), (1, "xml_syntax"));
}

#[test]
fn paths_that_lead_out_are_refused() {
    for name in
        ["../evil.xml", "a/../../evil.xml", "/etc/evil.xml", "a\\..\\..\\evil.xml", "C:/evil.xml", "a/\u{7}.xml"]
    {
        let bytes = pack(&[("x.xml", b"<x/>"), (name, b"<x/>")]);
        assert_eq!(broken(&bytes), "path_leads_out", "{name}");
    }
}

#[test]
fn links_locks_doubles_and_bombs_are_refused() {
    let bytes = pack(&[("a.xml", b"<x/>")]);
    // The mode of Unix: a symbolic link.
    assert_eq!(broken(&tamper(bytes.clone(), 38, &0xa1ff_0000_u32.to_le_bytes())), "link_in_archive");
    assert_eq!(broken(&tamper(bytes.clone(), 8, &[1, 0])), "encrypted_archive");
    assert_eq!(broken(&tamper(bytes.clone(), 24, &u32::MAX.to_le_bytes()[..])), "archive_bomb");
    let two = pack(&[("a.xml", b"<x/>"), ("A.xml", b"<y/>")]);
    assert_eq!(broken(&two), "duplicate_file");
    let zeros = vec![b' '; 4 * 1024 * 1024];
    assert_eq!(broken(&pack(&[("a.xml", &zeros)])), "archive_bomb");
    let many: Vec<(String, Vec<u8>)> = (0..10_001).map(|n| (format!("{n}.xml"), b"<x/>".to_vec())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert_eq!(broken(&pack(&many)), "too_many_files");
    assert_eq!(broken(&bytes[..bytes.len() - 30]), "damaged_archive");
    assert_eq!(broken(b"PK\x03\x04"), "damaged_archive");
}

#[test]
fn an_entry_that_says_less_than_it_holds_is_not_believed() {
    let good = item("good", CHOICE, KEY);
    let bytes = pack(&[("good.xml", good.as_bytes())]);
    let short = tamper(bytes.clone(), 24, &10_u32.to_le_bytes());
    let found = read(&short, Format::Qti);
    assert!(found.accepted.is_empty(), "an entry cut to the length it claims is damaged");
    // A wrong checksum costs its entry, not the package.
    let found = read(&tamper(bytes, 16, &[1, 2, 3, 4]), Format::Qti);
    assert_eq!(codes(&found), ["damaged_file"]);
}

#[test]
fn entities_and_document_types_are_refused() {
    let evil =
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><assessmentItem identifier=\"a\">&e;</assessmentItem>";
    let found = package(&[("imsmanifest.xml", manifest(&["a.xml"]).as_bytes()), ("a.xml", evil.as_bytes())]);
    assert_eq!(codes(&found), ["document_type"]);
    assert_eq!(broken(evil.as_bytes()), "document_type");
}

fn one(body: &str, rest: &str) -> Import {
    read(item("x", body, rest).as_bytes(), Format::Qti)
}

#[test]
fn scoring_rules_that_come_to_a_template_are_taken_and_others_not() {
    let declaration = "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" baseType=\"identifier\"><correctResponse><value>A</value></correctResponse></responseDeclaration>";
    let with = |rules: &str| one(CHOICE, &format!("{declaration}<responseProcessing{rules}"));
    for address in [
        "http://www.imsglobal.org/question/qti_v2p0/rptemplates/match_correct",
        "http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct.xml",
        "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct",
        "rptemplates/match_correct.xml",
    ] {
        assert_eq!(with(&format!(" template=\"{address}\"/>")).accepted.len(), 1, "{address}");
    }
    let score = "<setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">1</baseValue></setOutcomeValue>";
    let right = "<match><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></match>";
    let zero = "<responseElse><setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">0</baseValue></setOutcomeValue></responseElse>";
    let rule = |test: &str, other: &str| {
        format!(
            "><responseCondition><responseIf>{test}{score}</responseIf>{other}</responseCondition></responseProcessing>"
        )
    };
    assert_eq!(with(&rule(right, "")).accepted.len(), 1);
    assert_eq!(with(&rule(right, zero)).accepted.len(), 1);
    let silent =
        with(&format!("><responseCondition><responseIf>{right}</responseIf></responseCondition></responseProcessing>"));
    assert_eq!(silent.report.losses[0].text.code, "no_response_processing", "rules without points leave them open");
    let negated = format!("<not>{right}</not>");
    let other = "<match><variable identifier=\"RESPONSE\"/><baseValue baseType=\"identifier\">B</baseValue></match>";
    for (what, rules) in [
        ("a foreign template", " template=\"https://elsewhere.example/match_correct\"/>".to_owned()),
        ("another template", " template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/own\"/>".to_owned()),
        ("the opposite", rule(&negated, "")),
        ("another value", rule(other, "")),
        ("two grades", rule(right, &format!("<responseElseIf>{other}{score}</responseElseIf>"))),
    ] {
        assert_eq!(codes(&with(&rules)), ["own_response_processing"], "{what}");
    }
}

/// Rules as programs write them: bounds around the points, points per response, an empty answer first.
#[test]
fn rules_that_only_say_more_come_to_the_same() {
    let key = "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" baseType=\"identifier\"><correctResponse><value>A</value></correctResponse></responseDeclaration>";
    let right = "<match><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></match>";
    let set = |to: &str| format!("<setOutcomeValue identifier=\"SCORE\">{to}</setOutcomeValue>");
    let number = |n: &str| format!("<baseValue baseType=\"float\">{n}</baseValue>");
    let (most, least) = (set("<variable identifier=\"MAXSCORE\"/>"), set("<variable identifier=\"MINSCORE\"/>"));
    let empty = "<isNull><variable identifier=\"RESPONSE\"/></isNull>";
    let compared = |test: &str, with: &str| {
        format!("<{test}><variable identifier=\"SCORE\"/><variable identifier=\"{with}\"/></{test}>")
    };
    let condition = |branches: String| format!("<responseCondition>{branches}</responseCondition>");
    let when = |test: &str, then: &str| format!("<responseIf>{test}{then}</responseIf>");
    let one_point = set(&number("1"));
    let bounded = condition(format!(
        "{}<responseElseIf>{right}{most}</responseElseIf><responseElse>{least}</responseElse>",
        when(empty, "")
    )) + &condition(when(&compared("gt", "MAXSCORE"), &most))
        + &condition(when(&compared("lt", "MINSCORE"), &least));
    let nested = condition(format!(
        "{}<responseElse>{}</responseElse>",
        when(empty, &set(&number("0"))),
        condition(format!("{}<responseElse>{}</responseElse>", when(right, &one_point), set(&number("-1"))))
    ));
    let by_value = condition(when(
        "<match><variable identifier=\"RESPONSE\"/><baseValue baseType=\"identifier\">A</baseValue></match>",
        &one_point,
    ));
    for (what, rules, lost) in [
        ("bounds", bounded, None),
        ("an empty answer first", nested, Some("penalty")),
        ("the right value itself", by_value, None),
    ] {
        let found = one(CHOICE, &format!("{key}<responseProcessing>{rules}</responseProcessing>"));
        assert_eq!(found.accepted.len(), 1, "{what}: {:?}", codes(&found));
        assert_eq!(found.report.losses.first().map(|loss| loss.text.code), lost, "{what}");
    }
    let float = |id: &str, value: &str| {
        format!(
            "<responseDeclaration identifier=\"{id}\" cardinality=\"single\" baseType=\"float\"><correctResponse><value>{value}</value></correctResponse></responseDeclaration>"
        )
    };
    let near = |id: &str, tolerance: &str| {
        let test = format!(
            "<equal toleranceMode=\"absolute\" tolerance=\"{tolerance}\"><variable identifier=\"{id}\"/><correct identifier=\"{id}\"/></equal>"
        );
        let set = format!(
            "<setOutcomeValue identifier=\"SCORE_{id}\"><variable identifier=\"MAXSCORE_{id}\"/></setOutcomeValue>"
        );
        condition(when(&test, &set))
    };
    let gaps = "<p>From <textEntryInteraction responseIdentifier=\"R1\"/> to <textEntryInteraction responseIdentifier=\"R2\"/>.</p>";
    let rules = format!(
        "{}{}<responseProcessing>{}{}{}</responseProcessing>",
        float("R1", "3"),
        float("R2", "5"),
        near("R1", "0.5 0.5"),
        near("R2", "2"),
        set("<sum><variable identifier=\"SCORE_R1\"/><variable identifier=\"SCORE_R2\"/></sum>")
    );
    let found = one(gaps, &rules);
    assert_eq!(found.accepted.len(), 1, "{:?}", codes(&found));
    let key = found.accepted[0].1.key().to_stored();
    assert!(key.contains("\"0.5\"") && key.contains("\"2\""), "each gap has its own tolerance: {key}");
}

#[test]
fn mappings_choose_the_key_and_say_what_is_lost() {
    let mapped = |cardinality: &str, entries: &str, attributes: &str| {
        let rest = format!(
            "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"{cardinality}\" baseType=\"identifier\"><mapping {attributes}>{entries}</mapping></responseDeclaration>\
             <responseProcessing template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response\"/>"
        );
        one(&CHOICE.replace("maxChoices=\"1\"", "maxChoices=\"0\""), &rest)
    };
    let entries = "<mapEntry mapKey=\"A\" mappedValue=\"1\"/><mapEntry mapKey=\"B\" mappedValue=\"-1\"/>";
    let found = mapped("multiple", entries, "defaultValue=\"0\" lowerBound=\"0\" upperBound=\"0.5\"");
    assert!(found.accepted[0].1.key().to_stored().contains("[\"a\"]"));
    let lost: Vec<_> = found.report.losses.iter().map(|l| l.text.code).collect();
    assert!(lost.contains(&"penalty") && lost.contains(&"bounds"), "{lost:?}");
    assert_eq!(codes(&mapped("multiple", "<mapEntry mapKey=\"A\" mappedValue=\"0\"/>", "")), ["no_key"]);
    assert_eq!(codes(&mapped("single", "<mapEntry mapKey=\"Z\" mappedValue=\"1\"/>", "")), ["no_such_option"]);
}

#[test]
fn what_an_item_here_cannot_be_is_rejected_by_name() {
    for (body, code) in [
        ("<p>only text</p>", "unsupported_type"),
        ("<sliderInteraction responseIdentifier=\"RESPONSE\"/>", "unsupported_type"),
        ("<portableCustomInteraction responseIdentifier=\"RESPONSE\"/>", "unsupported_type"),
        ("<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><ci>x</ci></math>", "cannot_be_shown"),
    ] {
        assert_eq!(codes(&one(body, KEY)), [code], "{body}");
    }
    assert_eq!(codes(&one(&format!("{CHOICE}{CHOICE}"), KEY)), ["several_interactions"]);
    assert_eq!(codes(&one(CHOICE, &KEY.replace("<value>A</value>", "<value>Z</value>"))), ["no_such_option"]);
    let templated = format!("<templateDeclaration identifier=\"T\" cardinality=\"single\" baseType=\"float\"/>{KEY}");
    assert_eq!(codes(&one(CHOICE, &templated)), ["unsupported_type"]);
}

#[test]
fn the_third_generation_reads_alike() {
    let text = "<qti-assessment-item xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" identifier=\"x3\" title=\"x\" xml:lang=\"en-US\">\
        <qti-response-declaration identifier=\"RESPONSE\" cardinality=\"multiple\" base-type=\"identifier\"><qti-correct-response><qti-value>A</qti-value><qti-value>C</qti-value></qti-correct-response></qti-response-declaration>\
        <qti-item-body><qti-choice-interaction response-identifier=\"RESPONSE\" shuffle=\"true\" min-choices=\"2\" max-choices=\"2\"><qti-prompt>Which <strong>two</strong>?</qti-prompt>\
        <qti-simple-choice identifier=\"A\">one</qti-simple-choice><qti-simple-choice identifier=\"B\">two</qti-simple-choice><qti-simple-choice identifier=\"C\" fixed=\"true\">three</qti-simple-choice></qti-choice-interaction></qti-item-body>\
        <qti-response-processing template=\"https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml\"/></qti-assessment-item>";
    let found = read(text.as_bytes(), Format::Qti);
    let version = &found.accepted[0].1;
    assert_eq!(version.content().stem.pick("en"), ("en-US", "Which **two**?"));
    let stored = version.content().to_stored();
    assert!(stored.contains("\"choose\":2") && stored.matches("\"fixed\":true").count() == 1, "{stored}");
}
