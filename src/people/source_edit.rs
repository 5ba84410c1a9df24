//! `/admin/settings/source/{name}`: a source that was added by form is changed by form, and ended. What files write is shown and left to them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::source_page::{SourceForm, Tick, ticks, unproved};
use crate::access::{ApplyProgram, May, Posted};
use crate::app::App;
use crate::contributions::{self, SourceDefinition, SubjectForm};
use crate::database::{Kind, Read};
use crate::error::{Code, Error, Result};
use crate::program;
use crate::tracks::Managed;
use crate::web::form::{Field, Shape, Wrong};
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "people/source_edit.html")]
struct EditPage {
    shell: Shell,
    name: String,
    title: String,
    source: String,
    /// Whether files write it.
    locked: bool,
    /// Whether it takes nothing any more.
    ended: bool,
    fields: Vec<Field>,
    kinds: Vec<Tick>,
    why_kinds: Option<String>,
    mailto: Field,
    /// Where no mail is set up: what becomes of events that name an address.
    unproved: Option<String>,
    wrong: Wrong,
    done: Option<String>,
}

/// A source by its name in addresses, and who writes it.
async fn found(db: &impl Read, name: &str) -> Result<(SourceDefinition, Managed)> {
    let all = contributions::named_sources(db).await?;
    let (_, source) = all.into_iter().find(|(known, _)| known == name).ok_or_else(Error::not_found)?;
    let managed = contributions::source_managed(db, &source.source).await?;
    Ok((source, managed))
}

impl EditPage {
    fn of(
        shell: Shell,
        name: String,
        (known, managed): &(SourceDefinition, Managed),
        form: &SourceForm,
        wrong: Wrong,
    ) -> Self {
        let w = shell.w;
        let field = |id, value: &str| Field::new(w, "newsource", id, value, &wrong);
        Self {
            title: w.pick(&known.title).to_owned(),
            source: known.source.clone(),
            locked: *managed == Managed::Files,
            ended: known.types.is_empty(),
            fields: vec![
                field("title_ja", &form.title_ja).at_most(120).written_in("ja"),
                field("title_en", &form.title_en).at_most(120).written_in("en"),
            ],
            kinds: ticks(w, &form.kinds, &known.types),
            why_kinds: wrong.of("kinds"),
            mailto: field("mailto", &form.mailto).of(Shape::Tick),
            unproved: None,
            done: None,
            name,
            wrong,
            shell,
        }
    }
}

/// The form as the source would have filled it in.
fn filled(known: &SourceDefinition) -> SourceForm {
    let title = |tag: &str| known.title.get(tag).cloned().unwrap_or_default();
    SourceForm {
        source: known.source.clone(),
        title_ja: title("ja"),
        title_en: title("en"),
        kinds: known.types.clone(),
        mailto: if known.subjects.contains(&SubjectForm::Mailto) { "yes".to_owned() } else { String::new() },
        step: String::new(),
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /admin/settings/source/{name}`.
pub async fn source_edit_page(
    staff: May<ApplyProgram>,
    State(app): State<App>,
    Path(name): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let known = found(app.db.read(), &name).await?;
    let form = filled(&known.0);
    let page = EditPage::of(staff.shell(), name, &known, &form, Wrong::default());
    let w = page.shell.w;
    let done = ["saved", "ended"].contains(&&*done.done).then(|| w.t(&format!("editsource-done-{}", done.done)));
    Ok(Page(EditPage { done, unproved: unproved(&app, w), ..page }))
}

/// `POST /admin/settings/source/{name}`: keeps what the form says, or ends the source: it is known still, and takes nothing.
pub async fn source_edit_post(
    staff: May<ApplyProgram>,
    State(app): State<App>,
    Path(name): Path<String>,
    Posted(form): Posted<SourceForm>,
) -> Result<Response> {
    let known = found(app.db.read(), &name).await?;
    if known.1 == Managed::Files {
        return Err(Error::new(Code::ManagedByFiles));
    }
    let ends = form.step == "end";
    let form = if ends { SourceForm { kinds: vec![], step: form.step, ..filled(&known.0) } } else { form };
    match form.changed(&known.0) {
        Ok(source) => {
            let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
            if program::apply_source(&mut ch, &source).await? {
                ch.commit().await?;
            } else {
                ch.undo().await?;
            }
            let done = if ends { "ended" } else { "saved" };
            Ok(see_other(&format!("/admin/settings/source/{name}?done={done}")))
        }
        Err(fields) => {
            let shell = staff.shell();
            let mut wrong = Wrong::default();
            fields.into_iter().for_each(|field| wrong.note(shell.w, "newsource", field));
            let unproved = unproved(&app, shell.w);
            let page = EditPage { unproved, ..EditPage::of(shell, name, &known, &form, wrong) };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}
