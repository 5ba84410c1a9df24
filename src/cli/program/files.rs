//! `waymark program export` and `diff`: the program in the store as files, written anew or held against those of a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use serde_json::json;
use similar::TextDiff;
use waymark_assess::interchange::ExportFormat;

use crate::actor::Actor;
use crate::app::App;
use crate::cli::{Context, Exit, Failure, Outcome, counted, say};
use crate::exchange;
use crate::program::{self, BankOut, Program};

fn nothing_applied() -> Failure {
    Failure::new(Exit::NotFound, "no program was applied here: waymark program apply DIR")
}

/// Writes every file, banks included, for their owner alone. What a bank has and its file cannot say is told, and the command ends with 8.
pub(super) async fn export(context: &Context, app: &App, to: &Path) -> Outcome {
    if to.exists() && !std::fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_none()) {
        let message = format!("{} is no empty folder: name one that is empty or not there", to.display());
        return Err(Failure::new(Exit::Conflict, message));
    }
    let mut files: BTreeMap<String, Vec<u8>> = program::export(app.db.read())
        .await?
        .unwrap_or_default()
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .collect();
    let mut lost = vec![];
    for BankOut { slug: bank, not_in_use } in program::banks_of(app.db.read()).await? {
        let written = exchange::export(app, Actor::Operator, &bank, ExportFormat::Yaml, "en").await?;
        let Some(written) = written else { continue };
        lost.extend(
            written
                .left_out
                .iter()
                .chain(&written.losses)
                .map(|loss| (bank.clone(), loss.item.clone(), loss.text.to_string())),
        );
        lost.extend(not_in_use.into_iter().map(|(state, items)| {
            let what = format!(
                "{}: a file says no states, and another installation would put them into use",
                counted(items, "item")
            );
            (bank.clone(), state.to_owned(), what)
        }));
        if written.items == 0 {
            say(&format!("bank {bank} has no items, so that there is no file for it"));
            continue;
        }
        files.insert(format!("banks/{bank}.yaml"), written.bytes);
        files.extend(written.beside.into_iter().map(|(name, bytes)| (format!("banks/{name}"), bytes)));
    }
    if files.is_empty() {
        return Err(nothing_applied());
    }
    let whole = files.contains_key("program.yaml");
    for (name, bytes) in &files {
        write(&to.join(name), bytes).map_err(|why| Failure::new(Exit::Failure, format!("{name}: {why}")))?;
    }
    for (bank, item, why) in &lost {
        say(&format!("bank {bank}, {item}: {why}"));
    }
    if !whole {
        say(
            "there is no program.yaml, since no program was applied here: write one beside these files before they are applied; it names the issuer \
             and the time zone, and `waymark program schema` tells the rest",
        );
    }
    let names: Vec<&String> = files.keys().collect();
    let lost_body: Vec<_> =
        lost.iter().map(|(bank, item, why)| json!({"bank": bank, "item": item, "what": why})).collect();
    let text = format!("{}: {}. The files in banks/ hold the keys.", to.display(), counted(files.len(), "file"));
    context.print(&json!({"dir": to.display().to_string(), "files": names, "losses": lost_body}), &text);
    Ok(if lost.is_empty() && whole { Exit::Ok } else { Exit::Partial })
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(bytes)
}

/// What differs, file by file, both sides written the same way: order, comments and quotes are no difference.
pub(super) async fn diff(context: &Context, app: &App, program: &Program) -> Result<(), Failure> {
    let here = program::export(app.db.read()).await?.unwrap_or_default();
    let there = program::written(program)?;
    let names: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    let mut lines = vec![];
    let mut differing = vec![];
    for name in names {
        let [before, after] = [&here, &there].map(|files| files.get(name).map_or("", String::as_str));
        // What no file names stays in the installation: nothing is taken away by leaving it out.
        if before == after || !there.contains_key(name) {
            continue;
        }
        differing.push(name);
        let text = TextDiff::from_lines(before, after);
        lines.push(text.unified_diff().context_radius(2).header(&format!("installation/{name}"), name).to_string());
    }
    let kept: Vec<&String> = here.keys().filter(|name| !there.contains_key(*name)).collect();
    for name in &kept {
        say(&format!("{name} is not in the folder; it stays as it is"));
    }
    if lines.is_empty() {
        lines.push("no difference".to_owned());
    }
    context.print(
        &json!({"differing": differing, "not_in_folder": kept, "diff": lines.concat()}),
        lines.concat().trim_end(),
    );
    Ok(())
}
