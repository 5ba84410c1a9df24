//! The house holds its order: a room uses only rooms below it, and its doors keep out what does not belong there.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up. A room may use what stands on an earlier floor, and rooms of its own floor only to the left of itself.
const FLOORS: &[&[&str]] = &[
    &["clock", "entropy", "server_secret", "ids", "actor", "links", "domain_event", "config", "error", "document"],
    &["database"],
    &["outbound", "signing"],
    &["app"],
    &["web"],
    &["access"],
    &["issuer", "members", "jobs", "tables", "tracks", "badges"],
    &["facts", "banks"],
    &["exams", "contributions", "attestations", "groups", "decisions", "ranks"],
    &["authoring", "attempts", "credentials", "program", "planning", "exchange"],
    &[
        "titles",
        "thanks",
        "activities",
        "people",
        "invitations",
        "mentoring",
        "notices",
        "webhooks",
        "impact",
        "selections",
        "operations",
        "verification",
    ],
    &["sharing", "vc_api"],
    &["home", "api_docs"],
    &["worker"],
    &["demo"],
    &["router"],
    &["cli"],
];

/// The few arrows against the order, each with its reason.
const ALLOWED: &[(&str, &str, &str)] = &[("web", "app", "handlers and layers of the kit take the shared state")];

/// Which crate may not be named in which door.
const DOORS: &[(&str, &[&str])] = &[
    ("service.rs", &["axum::"]),
    ("api.rs", &["sea_orm::", "sea_orm::entity"]),
    ("pages.rs", &["sea_orm::"]),
    ("lifecycle.rs", &["sea_orm::", "axum::"]),
    ("entity.rs", &["axum::"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn height(room: &str) -> Option<(usize, usize)> {
    FLOORS
        .iter()
        .enumerate()
        .find_map(|(floor, rooms)| rooms.iter().position(|r| *r == room).map(|place| (floor, place)))
}

/// The rooms that a file names by `crate::room`.
fn used(text: &str) -> Vec<String> {
    let mut rooms = vec![];
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            for part in list.split('}').next().unwrap_or_default().split(',') {
                rooms.push(part.trim().split("::").next().unwrap_or_default().to_owned());
            }
        } else {
            rooms.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms.retain(|room| height(room).is_some());
    rooms
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let source = root().join("src");
    let mut wrong = vec![];
    for file in sources(&source) {
        let inside = file.strip_prefix(&source).expect("below src");
        let first = inside.components().next().expect("a component").as_os_str().to_string_lossy().replace(".rs", "");
        if matches!(first.as_str(), "lib" | "main") {
            continue;
        }
        let Some(own) = height(&first) else {
            wrong.push(format!("{} stands on no floor: add its room to FLOORS", inside.display()));
            continue;
        };
        for room in used(&fs::read_to_string(&file).expect("readable")) {
            let other = height(&room).expect("retained");
            let below = other.0 < own.0 || (other.0 == own.0 && (other.1 <= own.1 || own.0 == 0));
            if !below && !ALLOWED.iter().any(|(from, to, _)| *from == first && *to == room) {
                wrong.push(format!("{} uses {room}, which stands above it", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_doors_keep_out_what_does_not_belong() {
    let mut wrong = vec![];
    for file in sources(&root().join("src")) {
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("readable");
        for (door, forbidden) in DOORS {
            if name == *door {
                wrong.extend(
                    forbidden.iter().filter(|f| text.contains(**f)).map(|f| format!("{} names {f}", file.display())),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nobody_touches_another_rooms_entity() {
    let source = root().join("src");
    let mut wrong = vec![];
    for file in sources(&source) {
        let text = fs::read_to_string(&file).expect("readable");
        for (at, _) in text.match_indices("::entity") {
            let before = &text[..at];
            if let Some(room) = before
                .rsplit("crate::")
                .next()
                .filter(|r| !r.is_empty() && r.chars().all(|c| c.is_alphanumeric() || c == '_'))
            {
                let own = file.strip_prefix(&source).expect("below src").starts_with(room);
                if before.ends_with(&format!("crate::{room}")) && !own {
                    wrong.push(format!("{} reaches into the entity of {room}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_pure_crates_know_no_server_and_no_sibling() {
    for krate in ["waymark-credential", "waymark-criteria", "waymark-assess", "waymark-rendering"] {
        let manifest = fs::read_to_string(root().join("crates").join(krate).join("Cargo.toml")).expect("readable");
        let dependencies =
            manifest.split("[dependencies]").nth(1).expect("a section").split("\n[").next().expect("its text");
        for forbidden in ["tokio", "sea-orm", "axum", "getrandom", "reqwest", "waymark-"] {
            assert!(!dependencies.lines().any(|line| line.starts_with(forbidden)), "{krate} depends on {forbidden}");
        }
    }
}
