//! The US amateur-radio Technician pool: a real bank of 409 items in 35 groups that nobody here wrote.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use waymark_assess::{
    ExamSpec, ItemVersion, Seed,
    interchange::{Format, Import, import},
    item::VersionHash,
    response::Response,
    score::{KeySet, score},
};

fn folder() -> Option<PathBuf> {
    let set = std::env::var_os("WAYMARK_SHARED_DATA").map(PathBuf::from);
    let data = set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let folder = Some(data.join("ncvec-technician")).filter(|folder| folder.is_dir());
    if folder.is_none() {
        #[expect(clippy::print_stderr, reason = "a test that skips says so")]
        {
            eprintln!("skipped: ../shared/data/ncvec-technician is absent (set WAYMARK_SHARED_DATA to test with it)");
        }
    }
    folder
}

fn load(folder: &Path, extension: &str) -> Import {
    let name = format!("technician-2026-2030.{extension}");
    let bytes = fs::read(folder.join(&name)).expect("the pool is there in three formats");
    let format = Format::detect(&name, &bytes).expect("the extension tells");
    import(&bytes, format, &|name| fs::read(folder.join(name)).ok(), &|_| None)
}

fn versions(import: Import) -> Vec<ItemVersion> {
    import.accepted.into_iter().map(|(_, version)| version).collect()
}

#[test]
fn all_three_formats_give_the_same_409_items() {
    let Some(folder) = folder() else { return };
    let mut seen: Option<Vec<VersionHash>> = None;
    for extension in ["csv", "json", "yaml"] {
        let import = load(&folder, extension);
        assert!(import.report.is_complete(), "{extension}: {:?}", import.report.rejected().next());
        assert_eq!(
            (import.report.imported(), import.report.warnings.len(), import.figures.len()),
            (409, 0, 3),
            "{extension}"
        );
        let fixed: Vec<_> = import.report.fixed_options.iter().map(|fixed| fixed.text.as_str()).collect();
        assert_eq!(fixed.len(), 58, "{extension}");
        assert!(
            fixed.iter().all(|text| matches!(*text, "All these choices are correct" | "All these answers are correct"))
        );
        assert_eq!(import.report.items[1].item, "T1A02");
        let hashes: Vec<_> = import.accepted.iter().map(|(_, version)| version.hash()).collect();
        assert_eq!(*seen.get_or_insert_with(|| hashes.clone()), hashes, "{extension}");
    }
}

#[test]
fn importing_again_changes_nothing() {
    let Some(folder) = folder() else { return };
    let held: BTreeMap<String, VersionHash> =
        versions(load(&folder, "json")).iter().map(|v| (v.slug().to_owned(), v.hash())).collect();
    let bytes = fs::read(folder.join("technician-2026-2030.csv")).expect("the pool is there as CSV");
    let changed =
        String::from_utf8(bytes).expect("the pool is UTF-8").replace("ARRL,Homeland Security", "ARRL,The coast guard");
    let again =
        import(changed.as_bytes(), Format::Csv, &|name| fs::read(folder.join(name)).ok(), &|id| held.get(id).copied());
    assert_eq!((again.report.imported(), again.report.updated(), again.report.unchanged()), (0, 1, 408));
}

#[test]
fn a_form_has_one_item_of_each_of_the_35_groups_and_passes_at_26() {
    let Some(folder) = folder() else { return };
    let bank = versions(load(&folder, "yaml"));
    let spec = ExamSpec::from_value(&serde_json::json!({
        "slug": "foundations-exam",
        "bank": "technician",
        "blueprint": {"group_by": {"id_prefix": 3}, "one_from_each": "group"},
        "timing": {"minutes": 60},
        "rules": {"attempts": 3, "cool_down_days": 0},
        "scoring": {"cut": 26},
        "release": "at_once",
    }))
    .expect("the example of the documentation is valid");
    let plan = spec.plan(bank.iter().map(Into::into)).expect("the pool fills the blueprint");
    let keys: KeySet = bank.iter().collect();
    for n in 0..50 {
        let form = plan.draw(Seed([n; 32]));
        assert_eq!(form.positions().len(), 35);
        let mut groups: Vec<_> = form.positions().iter().map(|p| p.slug.chars().take(3).collect::<String>()).collect();
        groups.dedup();
        assert_eq!(groups.len(), 35);
        for right in [25, 26] {
            // Answers read from the pool's own letters, not through the key type.
            let responses: BTreeMap<u32, Response> = form
                .positions()
                .iter()
                .take(right)
                .map(|position| {
                    let version = bank.iter().find(|v| v.slug() == position.slug).expect("drawn from this bank");
                    let key = version.key().to_stored();
                    let chosen: Vec<_> = position
                        .options()
                        .iter()
                        .filter(|placed| key.contains(&format!("\"{}\"", placed.option)))
                        .map(|placed| placed.handle.as_str())
                        .collect();
                    (position.number, Response::check(&serde_json::json!(chosen), position).expect("its own handle"))
                })
                .collect();
            let summary = score(&form, &keys, &responses, spec.scoring.cut)
                .expect("keys and form belong together")
                .summary()
                .clone();
            assert_eq!(summary.passed, right == 26);
            assert_eq!((summary.points.to_string(), summary.sections.len()), (right.to_string(), 35));
        }
    }
}
