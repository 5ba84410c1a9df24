//! Voiding an item, for staff: by call and by page. Both can be asked first what would change.

use askama::Template;
use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::grade::Treatment;

use super::api::number;
use super::rescoring::{self, Altered, LONGEST_VOID_REASON, Sat};
use super::wording::{Figure, Person, person, score};
use crate::access::{May, Posted, VoidItems};
use crate::app::App;
use crate::error::{Code, Error, Fault, Result};
use crate::exams;
use crate::members;
use crate::web::input::Json;
use crate::web::page::{Page, Shell};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidBody {
    item: String,
    /// The first digits of its hash, where several versions were sat.
    #[serde(default)]
    version: Option<String>,
    treatment: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
pub struct DryRun {
    #[serde(default)]
    dry_run: bool,
}

/// `POST /api/v1/exams/{slug}/voids` `{item, version?, treatment: full_credit|drop, reason}` → `{item, version, treatment, dry_run, attempts, now_pass, now_fail,
/// changes: [{attempt, member, flips, before, after}]}`; `?dry_run=true` writes nothing.
pub async fn void_call(
    who: May<VoidItems>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(DryRun { dry_run }): Query<DryRun>,
    Json(body): Json<VoidBody>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let how = treatment(&body.treatment)?;
    let sat = rescoring::which(app.db.read(), exam.id, &body.item, body.version.as_deref()).await?;
    let changes = if dry_run {
        rescoring::preview(app.db.read(), exam.id, sat.version, how).await?
    } else {
        let changes = rescoring::void_item(&app, who.actor(), &exam, &sat, how, &body.reason).await?;
        rescoring::rescore_due(&app).await?;
        changes
    };
    Ok(Answered(told(&sat, how, dry_run, &changes)))
}

fn treatment(text: &str) -> Result<Treatment> {
    Treatment::parse(text)
        .ok_or_else(|| Error::invalid(vec![Fault::new("/treatment", "not_one_of", "write `full_credit` or `drop`")]))
}

/// What a void does, as the API and the command line say it.
pub fn told(sat: &Sat, how: Treatment, dry_run: bool, changes: &[Altered]) -> Value {
    let flips = |passed: bool| changes.iter().filter(|c| c.flips() && c.after.passed == passed).count();
    let side = |r: &super::Released| json!({"points": number(r.points), "max": number(r.max), "scaled": r.scaled.map(|s| s.score), "passed": r.passed});
    let line = |c: &Altered| json!({"attempt": c.attempt, "member": c.member, "flips": c.flips(), "released": c.released, "before": side(&c.before), "after": side(&c.after)});
    json!({
        "item": sat.slug, "version": sat.version.to_string(), "treatment": how.as_str(), "dry_run": dry_run,
        "attempts": changes.len(), "now_pass": flips(true), "now_fail": flips(false),
        "changes": changes.iter().map(line).collect::<Vec<_>>(),
    })
}

struct SatLine {
    value: String,
    label: String,
}

/// An item that was voided before: what, how, when, by whom and why.
struct VoidedLine {
    what: String,
    how: String,
    at: String,
    by: Person,
    reason: String,
}

struct FlipLine {
    name: String,
    before: Figure,
    after: Figure,
    now_passes: bool,
}

#[derive(Template)]
#[template(path = "attempts/void.html")]
struct VoidPage {
    shell: Shell,
    slug: String,
    title: String,
    sat: Vec<SatLine>,
    voided: Vec<VoidedLine>,
    form: VoidForm,
    longest: usize,
    /// What it would change: attempts, flips.
    shown: Option<(usize, Vec<FlipLine>)>,
    wrong: Option<String>,
    done: bool,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidForm {
    /// Slug, a blank, hash.
    #[serde(default)]
    item: String,
    #[serde(default)]
    treatment: String,
    #[serde(default)]
    reason: String,
    /// `show` or `void`.
    #[serde(default)]
    step: String,
}

/// `GET /admin/exams/{slug}/voids`.
pub async fn void_page(
    staff: May<VoidItems>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    Ok(Page(page(&staff, &app, &slug, VoidForm::default()).await?))
}

async fn page(staff: &May<VoidItems>, app: &App, slug: &str, form: VoidForm) -> Result<VoidPage> {
    let shell = staff.shell();
    let exam = exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)?;
    let sat = rescoring::sat(app.db.read(), exam.id).await?.into_iter().filter(|sat| sat.voided.is_none());
    let zone = super::pages::zone(app).await?;
    let mut voided = vec![];
    for item in rescoring::voided_of(app.db.read(), exam.id).await? {
        let short: String = item.version.chars().take(8).collect();
        voided.push(VoidedLine {
            what: shell.w.with2("void-item-version", "item", item.slug, "version", short),
            how: match item.treatment {
                Some(Treatment::Drop) => shell.w.t("void-drop"),
                _ => shell.w.t("void-full-credit"),
            },
            at: zone.instant(shell.w, item.at),
            by: person(app.db.read(), shell.w, &item.actor).await?,
            reason: item.reason,
        });
    }
    let line = |sat: Sat| SatLine {
        value: format!("{} {}", sat.slug, sat.version),
        label: {
            let short = sat.version.to_string()[..8].to_owned();
            shell.w.with(
                "void-item-line",
                &[("item", &sat.slug.as_str()), ("version", &short.as_str()), ("count", &sat.attempts)],
            )
        },
    };
    Ok(VoidPage {
        title: super::pages::title(&exam, shell.w),
        slug: exam.spec.slug,
        sat: sat.map(line).collect(),
        voided,
        form,
        longest: LONGEST_VOID_REASON,
        shown: None,
        wrong: None,
        done: false,
        shell,
    })
}

/// `POST /admin/exams/{slug}/voids`: shows what would change, or does it.
pub async fn void_post(
    staff: May<VoidItems>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<VoidForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let mut page = page(&staff, &app, &slug, form.clone()).await?;
    let w = page.shell.w;
    let (item, version) = form.item.split_once(' ').unwrap_or((&form.item, ""));
    let Some(how) = Treatment::parse(&form.treatment).filter(|_| !item.is_empty()) else {
        page.wrong = Some(w.t("void-wrong-choice"));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    let sat = rescoring::which(app.db.read(), exam.id, item, Some(version)).await?;
    let changes = if form.step == "void" {
        match rescoring::void_item(&app, staff.actor(), &exam, &sat, how, &form.reason).await {
            Ok(changes) => {
                rescoring::rescore_due(&app).await?;
                // As it stands now, with this one among the voided.
                page = self::page(&staff, &app, &slug, form.clone()).await?;
                page.done = true;
                changes
            }
            Err(e) if e.code() == Code::ValidationFailed => {
                page.wrong = Some(w.t("void-wrong-reason"));
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
            }
            Err(e) => return Err(e),
        }
    } else {
        rescoring::preview(app.db.read(), exam.id, sat.version, how).await?
    };
    let mut flips = vec![];
    for change in changes.iter().filter(|change| change.flips()) {
        flips.push(FlipLine {
            name: members::find(app.db.read(), change.member).await?.name,
            before: score(w, change.before.points, change.before.max),
            after: score(w, change.after.points, change.after.max),
            now_passes: change.after.passed,
        });
    }
    page.shown = Some((changes.len(), flips));
    Ok(Page(page).into_response())
}
