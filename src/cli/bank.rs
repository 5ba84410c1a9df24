//! `waymark bank`: bring items into a bank, and take them along.

mod export;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use waymark_assess::interchange::{self, Format, Import, Report};

use super::{Context, DRY_RUN, Exit, Failure, Outcome, counted, say};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Kind};
use crate::{banks, exams};

#[derive(Subcommand)]
pub(super) enum Bank {
    /// Import items from a file, a package or a folder; pictures are read from beside the file.
    Import(ImportArgs),
    /// Write all items of a bank, keys included, to a file.
    Export(export::ExportArgs),
}

#[derive(Args)]
pub(super) struct ImportArgs {
    /// The file, or a folder with a bank file and its pictures or with an unpacked package.
    file: PathBuf,
    /// The bank that takes the items; it is created when absent.
    #[arg(long, value_name = "SLUG")]
    bank: String,
    #[arg(long, value_enum, default_value_t = FormatName::Auto)]
    format: FormatName,
    /// Report what would happen and store nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatName {
    /// By the file's name, else by its beginning.
    Auto,
    Csv,
    Json,
    Yaml,
    /// A package (ZIP) or one item (XML) of QTI 2.x or 3.0.
    Qti,
    /// Moodle XML.
    #[value(name = "moodle-xml", alias = "moodle")]
    Moodle,
    Gift,
    Aiken,
}

impl Bank {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Import(args) => import(context, args).await,
            Self::Export(args) => export::export(context, args).await,
        }
    }
}

async fn import(context: &Context, args: ImportArgs) -> Outcome {
    if !banks::is_slug(&args.bank) {
        let message =
            format!("`{}` names no bank: use up to 64 of a-z, 0-9 and `-`, not beginning with `-`", args.bank);
        return Err(Failure::new(Exit::Invalid, message));
    }
    let bytes = read(&args)?;
    let format = format(&args, &bytes)?;
    let beside = banks::beside(args.file.parent().unwrap_or_else(|| Path::new(".")));
    let app = context.open().await?;
    let new = !banks::exists(app.db.read(), &args.bank).await?;
    let read = banks::read_file(app.db.read(), &args.bank, &bytes, format, &beside).await?;
    if read.accepted.is_empty() {
        let report = read.report;
        print(context, &args, &report, false);
        return Ok(Exit::Invalid);
    }
    let report = store(&app, &args, read).await?;
    print(context, &args, &report, new);
    app.db.close().await;
    Ok(if report.is_complete() { Exit::Ok } else { Exit::Partial })
}

/// The file, or the folder as the archive that it would be.
fn read(args: &ImportArgs) -> Result<Vec<u8>, Failure> {
    let unreadable = |path: &Path, why: &std::io::Error| {
        let exit = if why.kind() == ErrorKind::NotFound { Exit::NotFound } else { Exit::Failure };
        Failure::new(exit, format!("{} cannot be read: {why}", path.display()))
    };
    if !args.file.is_dir() {
        return banks::read_bounded(&args.file, interchange::MAX_FILE).map_err(|why| unreadable(&args.file, &why));
    }
    let folder = banks::packed_folder(&args.file).map_err(|(path, why)| unreadable(&path, &why))?;
    for link in &folder.links {
        say(&format!("{} is a link and was not followed: put the file itself into the folder", link.display()));
    }
    Ok(folder.bytes)
}

fn format(args: &ImportArgs, bytes: &[u8]) -> Result<Format, Failure> {
    Ok(match args.format {
        FormatName::Csv => Format::Csv,
        FormatName::Json => Format::Json,
        FormatName::Yaml => Format::Yaml,
        FormatName::Qti => Format::Qti,
        FormatName::Moodle => Format::Moodle,
        FormatName::Gift => Format::Gift,
        FormatName::Aiken => Format::Aiken,
        FormatName::Auto => {
            let named = Some(&args.file).filter(|file| !file.is_dir()).and_then(|file| file.file_name());
            let name = named.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Format::detect(&name, bytes).map_err(|mistake| Failure::new(Exit::Invalid, mistake.message))?
        }
    })
}

/// One change: the items, the check that every exam on this bank can still be filled, the audit row. A dry run does the same and lets go of it.
async fn store(app: &App, args: &ImportArgs, read: Import) -> Result<Report, Failure> {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let report = banks::import(&mut ch, &args.bank, read).await?;
    let broken = exams::broken_by(ch.tx(), &args.bank).await?;
    if !broken.is_empty() {
        let lines = broken.iter().map(|(exam, mistake)| format!("\n  exam {exam}: {}", mistake.message));
        let message = format!("nothing was stored: these exams could no longer be filled{}", lines.collect::<String>());
        return Err(Failure::new(Exit::Invalid, message));
    }
    if args.dry_run {
        return Ok(report);
    }
    let counts = json!({"imported": report.imported(), "updated": report.updated(), "unchanged": report.unchanged()});
    ch.audit(AuditEntry::new("bank.import", &args.bank, counts)).await?;
    ch.commit().await?;
    Ok(report)
}

fn print(context: &Context, args: &ImportArgs, report: &Report, created: bool) {
    let (new, changed, same) = (report.imported(), report.updated(), report.unchanged());
    let (name, fixed) = (&args.bank, report.fixed_options.len());
    let told = if args.dry_run { "would be " } else { "" };
    if args.dry_run {
        say(DRY_RUN);
    }
    let text = format!(
        "bank {name}{}: {new} {told}imported, {changed} {told}updated, {same} unchanged, {} rejected; {} kept in place",
        if created { " (new)" } else { "" },
        report.rejected().count(),
        counted(fixed, "option")
    );
    if !context.json {
        for (line, mistake) in &report.broken {
            say(&format!("{}:{line}: {mistake}", args.file.display()));
        }
        for (item, mistakes) in report.rejected() {
            let inside = item.file.as_ref().map(|file| format!("/{file}")).unwrap_or_default();
            for mistake in mistakes {
                say(&format!("{}{inside}:{}: {} rejected: {mistake}", args.file.display(), item.line, item.item));
            }
        }
        for loss in &report.losses {
            say(&format!("{}: {}: not kept: {}", args.file.display(), loss.item, loss.text));
        }
        for warning in &report.warnings {
            let item = warning.item.as_ref().map(|item| format!("{item}: ")).unwrap_or_default();
            say(&format!("{}:{}: {item}warning: {}", args.file.display(), warning.line, warning.text));
        }
    }
    let mut body = json!(report);
    body["bank_created"] = json!(created && !args.dry_run);
    context.print(&body, &text);
    if created && !context.json {
        say(&format!(
            "There was no bank {name}: it {} made. An exam draws from it once its settings name it, by page or as `bank: {name}` in a file in exams/.",
            if args.dry_run { "would be" } else { "is" }
        ));
    }
}
