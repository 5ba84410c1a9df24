//! Where staff make vouchers: codes in a file, given once.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::staff_pages::exam_of;
use super::vouchers::{self, MOST_VOUCHERS, NewVouchers, make};
use crate::access::{MakeVouchers, May, Posted};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::exams::Exam;
use crate::ids::VoucherId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;

#[derive(Template)]
#[template(path = "attempts/vouchers.html")]
struct VouchersPage {
    shell: Shell,
    slug: String,
    title: String,
    made: u64,
    redeemed: u64,
    most: u32,
    needed: bool,
    /// What was written, where it did not fit.
    form: VoucherForm,
    /// The fields at fault with what to write there.
    wrong: Vec<(&'static str, String)>,
}

impl VouchersPage {
    /// What to write in the field, where what stands there does not fit.
    fn beside(&self, field: &str) -> &str {
        self.wrong.iter().find(|(name, _)| *name == field).map_or("", |(_, text)| text.as_str())
    }
}

async fn page(
    app: &App,
    shell: Shell,
    exam: &Exam,
    form: VoucherForm,
    wrong: Vec<(&'static str, String)>,
) -> Result<VouchersPage> {
    let (made, redeemed) = vouchers::counts(app.db.read(), exam.id).await?;
    let (title, needed) = (title(exam, shell.w), exam.spec.sitting.voucher);
    let slug = exam.spec.slug.clone();
    Ok(VouchersPage { title, made, redeemed, most: MOST_VOUCHERS, needed, slug, form, wrong, shell })
}

/// `GET /admin/exams/{slug}/vouchers`.
pub async fn vouchers_page(
    staff: May<MakeVouchers>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exam_of(&app, &slug).await?;
    Ok(Page(page(&app, staff.shell(), &exam, VoucherForm::default(), vec![]).await?))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoucherForm {
    #[serde(default)]
    count: String,
    #[serde(default)]
    batch: String,
    /// A day of the program's calendar: `2027-04-01`.
    #[serde(default)]
    expires: String,
}

impl VoucherForm {
    fn vouchers(&self, zone: &Zone) -> Result<NewVouchers> {
        let day = Some(self.expires.trim()).filter(|text| !text.is_empty());
        let wrong = || Error::invalid(vec![Fault::new("/expires", "not_a_day", "write a day like 2027-04-01")]);
        Ok(NewVouchers {
            // What is no number is refused as one that does not fit.
            count: self.count.trim().parse().unwrap_or_default(),
            batch: self.batch.trim().to_owned(),
            expires_at: day.map(|day| zone.day(day).map(|(_, last)| last).ok_or_else(wrong)).transpose()?,
        })
    }
}

/// The field that a fault is about, and what to write there.
fn worded(words: Words, fault: &Fault) -> (&'static str, String) {
    match fault.pointer.as_str() {
        "/count" => ("count", words.with1("vouchers-fault-count", "most", MOST_VOUCHERS)),
        "/batch" => ("batch", words.t("vouchers-fault-batch")),
        "/expires" => ("expires", words.t("vouchers-fault-expires")),
        _ => ("expires", words.t("vouchers-fault-past")),
    }
}

/// `POST /admin/exams/{slug}/vouchers`: a CSV of codes, given this once; or the form again with what was written and what does not fit.
pub async fn voucher_post(
    staff: May<MakeVouchers>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<VoucherForm>,
) -> Result<Response> {
    let (exam, zone) = (exam_of(&app, &slug).await?, zone(&app).await?);
    match made(&app, &staff, &exam, form.vouchers(&zone)).await {
        Ok(made) => file(&exam, &made),
        Err(e) if e.code() == Code::ValidationFailed => {
            let wrong = e.faults().iter().map(|fault| worded(staff.visitor.words, fault)).collect();
            let page = page(&app, staff.shell(), &exam, form, wrong).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

async fn made(
    app: &App,
    staff: &May<MakeVouchers>,
    exam: &Exam,
    new: Result<NewVouchers>,
) -> Result<Vec<(VoucherId, String)>> {
    let new = new?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let made = make(&mut ch, exam.id, &new).await?;
    ch.commit().await?;
    Ok(made)
}

fn file(exam: &Exam, made: &[(VoucherId, String)]) -> Result<Response> {
    let mut table = csv::Writer::from_writer(vec![]);
    table.write_record(["code", "exam", "id"]).map_err(Error::internal)?;
    for (id, code) in made {
        table.write_record([code, &exam.spec.slug, &id.to_string()]).map_err(Error::internal)?;
    }
    let bytes = table.into_inner().map_err(Error::internal)?;
    let name = HeaderValue::try_from(format!("attachment; filename=\"vouchers-{}.csv\"", exam.spec.slug));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name.map_err(Error::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}
