//! `waymark bank export`: the items of a bank as a file, in a format of ours or of another system.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;
use waymark_assess::interchange::{Export, ExportFormat};

use crate::actor::Actor;
use crate::cli::{Context, Exit, Failure, Outcome, counted, say};
use crate::exchange;

#[derive(Args)]
pub(in crate::cli) struct ExportArgs {
    /// The bank.
    slug: String,
    #[arg(long, value_enum)]
    format: Name,
    /// Where to write it; standard output when not said. Pictures that the file only names are written beside it, or, where the
    /// name ends in `.zip`, packed with it.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The language of formats that hold one.
    #[arg(long, default_value = "en")]
    language: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// A package of QTI 3.0.
    Qti3,
    /// A package of QTI 2.1.
    Qti21,
    /// Moodle XML.
    #[value(name = "moodle-xml", alias = "moodle")]
    Moodle,
    Gift,
    Aiken,
    Csv,
    Json,
    Yaml,
}

impl Name {
    fn format(self) -> ExportFormat {
        match self {
            Self::Qti3 => ExportFormat::Qti3,
            Self::Qti21 => ExportFormat::Qti21,
            Self::Moodle => ExportFormat::Moodle,
            Self::Gift => ExportFormat::Gift,
            Self::Aiken => ExportFormat::Aiken,
            Self::Csv => ExportFormat::Csv,
            Self::Json => ExportFormat::Json,
            Self::Yaml => ExportFormat::Yaml,
        }
    }
}

pub(super) async fn export(context: &Context, args: ExportArgs) -> Outcome {
    let app = context.open().await?;
    let format = args.format.format();
    let written = exchange::export(&app, Actor::Operator, &args.slug, format, &args.language).await?;
    app.db.close().await;
    let Some(export) = written else {
        return Err(Failure::new(Exit::NotFound, format!("there is no bank {}", args.slug)));
    };
    let io = |why: std::io::Error| Failure::new(Exit::Failure, format!("the file cannot be written: {why}"));
    for loss in &export.left_out {
        say(&format!("{} is left out: {}", loss.item, loss.text));
    }
    for loss in &export.losses {
        say(&format!("{}: {}", loss.item, loss.text));
    }
    let Some(path) = &args.output else {
        std::io::stdout().write_all(&export.bytes).map_err(io)?;
        return Ok(exit(&export));
    };
    let packed = format.names_pictures() && path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip"));
    if packed {
        std::fs::write(path, export.packed(&format!("{}.{}", args.slug, format.extension()))).map_err(io)?;
    } else {
        std::fs::write(path, &export.bytes).map_err(io)?;
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        for (name, bytes) in &export.beside {
            std::fs::write(folder.join(name), bytes).map_err(io)?;
        }
    }
    let body = json!({
        "bank": args.slug, "format": format.as_str(), "items": export.items, "losses": export.losses, "left_out": export.left_out,
        "pictures_beside": export.beside.keys().collect::<Vec<_>>(),
    });
    let text = format!(
        "{}: {} of bank {} as {}; {} left out, {}. The file holds the keys.",
        path.display(),
        counted(export.items, "item"),
        args.slug,
        format.as_str(),
        export.left_out.len(),
        if export.losses.len() == 1 { "1 loss".to_owned() } else { format!("{} losses", export.losses.len()) }
    );
    context.print(&body, &text);
    if !export.beside.is_empty() && !context.json {
        let place = if packed { "are packed with it" } else { "lie beside it" };
        say(&format!("{} pictures {place}.", export.beside.len()));
    }
    Ok(exit(&export))
}

fn exit(export: &Export) -> Exit {
    if export.left_out.is_empty() { Exit::Ok } else { Exit::Partial }
}
