//! How an exam is delivered, as staff set it: by a form and by the API.

use askama::Template;
use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::delivery::{Delivery, Late, delivery_of, set_delivery};
use crate::access::{May, Posted, SetDelivery};
use crate::app::App;
use crate::attempts::pages::title;
use crate::attempts::seb::settings_of;
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::web::input::Json;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "attempts/delivery.html")]
struct DeliveryPage {
    shell: Shell,
    slug: String,
    title: String,
    keep: bool,
    config_keys: String,
    browser_keys: String,
    /// The config key of the file that is offered here, and whether it is asked for.
    file_key: String,
    file_asked: bool,
    done: bool,
    /// Which fields hold something that is no key.
    wrong_config: bool,
    wrong_browser: bool,
}

async fn exam(app: &App, slug: &str) -> Result<Exam> {
    exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)
}

/// The config key of the settings file of this exam.
fn file_key(app: &App, exam: &Exam) -> String {
    settings_of(&app.links.to(&format!("/exams/{}", exam.spec.slug))).config_key()
}

fn page(app: &App, shell: Shell, exam: &Exam, delivery: &Delivery) -> DeliveryPage {
    let file_key = file_key(app, exam);
    DeliveryPage {
        file_asked: delivery.config_keys.contains(&file_key),
        file_key,
        title: title(exam, shell.w),
        slug: exam.spec.slug.clone(),
        keep: delivery.late == Late::Keep,
        config_keys: delivery.config_keys.join("\n"),
        browser_keys: delivery.browser_keys.join("\n"),
        done: false,
        wrong_config: false,
        wrong_browser: false,
        shell,
    }
}

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
}

/// `GET /admin/exams/{slug}/delivery`.
pub async fn delivery_page(
    staff: May<SetDelivery>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let exam = exam(&app, &slug).await?;
    let delivery = delivery_of(app.db.read(), exam.id).await?;
    let page = page(&app, staff.shell(), &exam, &delivery);
    Ok(Page(DeliveryPage { done: done.done.is_some(), ..page }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryForm {
    late: String,
    #[serde(default)]
    config_keys: String,
    #[serde(default)]
    browser_keys: String,
    /// `file`: the key of the file that is offered here is asked for, too.
    #[serde(default)]
    with: String,
}

/// `POST /admin/exams/{slug}/delivery`.
pub async fn delivery_post(
    staff: May<SetDelivery>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<DeliveryForm>,
) -> Result<Response> {
    let exam = exam(&app, &slug).await?;
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut wanted = Delivery {
        late: late(&form.late)?,
        config_keys: list(&form.config_keys),
        browser_keys: list(&form.browser_keys),
    };
    if form.with == "file" {
        wanted.config_keys.push(file_key(&app, &exam));
    }
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match set_delivery(&mut ch, exam.id, &wanted).await {
        Ok(_) => {
            ch.commit().await?;
            Ok(see_other(&format!("/admin/exams/{slug}/delivery?done=1")))
        }
        Err(e) if e.code() == Code::ValidationFailed => {
            let named = |name: &str| e.faults().iter().any(|fault| fault.pointer.starts_with(name));
            let page = page(&app, staff.shell(), &exam, &wanted);
            let page =
                DeliveryPage { wrong_config: named("/config_keys"), wrong_browser: named("/browser_keys"), ..page };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

fn late(text: &str) -> Result<Late> {
    Late::parse(text)
        .ok_or_else(|| Error::invalid(vec![Fault::new("/late", "unknown_policy", "send `keep` or `reject`")]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryBody {
    late: String,
    #[serde(default)]
    config_keys: Vec<String>,
    #[serde(default)]
    browser_keys: Vec<String>,
}

fn described(delivery: &Delivery) -> Value {
    json!({
        "late": delivery.late.as_str(),
        "config_keys": delivery.config_keys,
        "browser_keys": delivery.browser_keys,
    })
}

/// `GET /api/v1/exams/{slug}/delivery` → `{late: keep|reject, config_keys, browser_keys}`.
pub async fn read_delivery(
    _: May<SetDelivery>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exam(&app, &slug).await?;
    Ok(Answered(described(&delivery_of(app.db.read(), exam.id).await?)))
}

/// `PUT /api/v1/exams/{slug}/delivery`: all of it, from now on and for attempts under way.
pub async fn write_delivery(
    staff: May<SetDelivery>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Json(body): Json<DeliveryBody>,
) -> Result<impl IntoResponse> {
    let exam = exam(&app, &slug).await?;
    let wanted = Delivery { late: late(&body.late)?, config_keys: body.config_keys, browser_keys: body.browser_keys };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let set = set_delivery(&mut ch, exam.id, &wanted).await?;
    ch.commit().await?;
    Ok(Answered(described(&set)))
}
