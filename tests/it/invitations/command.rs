//! `waymark member import`: the report, the exit codes, links to hand over.

use serde_json::{Value, json};

use crate::bulk::command::{installed, waymark};

#[test]
fn the_command_reports_enrols_and_writes_links() {
    let folder = installed();
    let data = folder.path();
    let list = "氏名,メール,言語,ハンドル\n七瀬 ひかり,hikari@members.example,ja,hikari\n,nobody@members.example,,\nBob,bob@members.example,en,\n";
    std::fs::write(data.join("people.csv"), encoding_rs::SHIFT_JIS.encode(list).0).expect("written");
    let import = |more: &[&str]| waymark(data, &[&["member", "import", "people.csv"], more].concat());
    let (exit, out, said) = import(&["--dry-run"]);
    assert!(exit == 8 && out.contains("3 rows: 2 new, 0 known, 1 left out"), "{out}{said}");
    assert!(said.contains("people.csv:3: error: 氏名:") && said.contains("nothing is written"), "{said}");
    let (exit, out, said) = import(&["--json", "--links", "links.csv"]);
    let result: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (exit, &result["enrolled"], &result["failed"], &result["state"]),
        (8, &json!(2), &json!(1), &json!("done")),
        "{said}"
    );
    let links = std::fs::read_to_string(data.join("links.csv")).expect("written");
    assert_eq!(links.matches("/invite/").count(), 2, "{links}");
    let (exit, out, _) = import(&["--json"]);
    let again: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((exit, &again["enrolled"], &again["known"]), (8, &json!(0), &json!(2)));
    assert_eq!(import(&["--links", "links.csv"]).0, 1, "links that are in use are not written over");
    assert_eq!(import(&["--language", "fr"]).0, 4);
    assert_eq!(waymark(data, &["member", "import", "none.csv"]).0, 3);
    std::fs::write(data.join("bad.csv"), "name,town\na,b\n").expect("written");
    let (exit, _, said) = waymark(data, &["member", "import", "bad.csv"]);
    assert!(exit == 4 && said.contains("email"), "{said}");
    std::fs::write(data.join("wrong.csv"), "name,email\n,x\n").expect("written");
    assert_eq!(waymark(data, &["member", "import", "wrong.csv"]).0, 4, "nobody at all");
    assert_eq!(waymark(data, &["member", "import"]).0, 2);
}
