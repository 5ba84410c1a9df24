//! `/admin/exams/new` and `/admin/exams/{slug}/settings`: an exam by form. The table of domains shows what the bank has against what a form needs.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use waymark_assess::ExamSpec;

use super::service::{self, feasible};
use super::summary::summary;
use super::written;
use crate::access::{May, Posted, PublishExams};
use crate::app::App;
use crate::banks;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::web::page::{Page, Shell, see_other};

/// What the form sends, by the name of its field.
type Fields = BTreeMap<String, String>;

/// One domain of the bank.
struct Cell {
    domain: String,
    /// The number of the row, for the names of its fields.
    row: usize,
    available: usize,
    needed: String,
    short: bool,
}

#[derive(Template)]
#[template(path = "exams/settings.html")]
struct SettingsPage {
    shell: Shell,
    /// Where the form goes.
    action: String,
    title: String,
    /// Banks to choose from, while none is chosen.
    banks: Vec<String>,
    bank: String,
    /// The slug can be chosen.
    new: bool,
    fields: Fields,
    cells: Vec<Cell>,
    /// The blueprint is of another kind than numbers of items from domains: it stays as it is.
    by_file: bool,
    without_domain: usize,
    in_pretest: usize,
    summary: Option<String>,
    wrong: Vec<String>,
    good: bool,
    done: bool,
    file: Option<String>,
}

impl SettingsPage {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    bank: String,
    #[serde(default)]
    done: String,
}

/// `GET /admin/exams/new`: first the bank, then the form.
pub async fn new_exam_page(
    staff: May<PublishExams>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let bank = if asked.bank.is_empty() || banks::exists(app.db.read(), &asked.bank).await? {
        asked.bank
    } else {
        String::new()
    };
    let fields: Fields = [("minutes", "60"), ("release", "at_once"), ("cool_down_days", "0"), ("bank", &bank)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    Ok(Page(page(&app, staff.shell(), None, fields).await?))
}

/// `GET /admin/exams/{slug}/settings`.
pub async fn exam_settings_page(
    staff: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let exam = service::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let fields = fields_of(&exam.spec);
    let mut page = page(&app, staff.shell(), Some(&exam.spec), fields).await?;
    page.summary = Some(summary(page.shell.w, &exam.spec));
    page.done = asked.done == "yes";
    Ok(Page(page))
}

/// `POST /admin/exams/new`.
pub async fn new_exam_post(
    staff: May<PublishExams>,
    State(app): State<App>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    if let Some(slug) = fields.get("slug")
        && service::find(app.db.read(), slug).await?.is_some()
    {
        let mut page = page(&app, staff.shell(), None, fields).await?;
        page.wrong = vec![page.shell.w.t("exam-slug-taken")];
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    keep(&staff, &app, None, fields).await
}

/// `POST /admin/exams/{slug}/settings`: checks, or publishes a new version.
pub async fn exam_settings_post(
    staff: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(fields): Posted<Fields>,
) -> Result<Response> {
    let exam = service::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    keep(&staff, &app, Some(&exam.spec), fields).await
}

async fn keep(staff: &May<PublishExams>, app: &App, known: Option<&ExamSpec>, fields: Fields) -> Result<Response> {
    let value = said(&fields, known);
    let lang = staff.shell().w.lang();
    let read = match ExamSpec::from_value(&value) {
        Ok(spec) => feasible(app.db.read(), &spec).await?.map(|_| spec),
        Err(mistakes) => Err(mistakes),
    };
    let spec = match read {
        Ok(spec) => spec,
        Err(mistakes) => {
            let mut page = page(app, staff.shell(), known, fields).await?;
            page.wrong = mistakes.iter().map(|m| m.message_in(lang).to_owned()).collect();
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    if fields.get("step").is_none_or(|step| step != "publish") {
        let mut page = page(app, staff.shell(), known, fields).await?;
        page.summary = Some(summary(page.shell.w, &spec));
        page.good = true;
        return Ok(Page(page).into_response());
    }
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let published = service::publish(&mut ch, &spec).await?;
    if published.changed {
        let detail = json!({"slug": spec.slug, "version": published.version});
        ch.audit(AuditEntry::new("exam.publish", published.exam, detail)).await?;
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    Ok(see_other(&format!("/admin/exams/{}/settings?done=yes", spec.slug)))
}

fn fields_of(spec: &ExamSpec) -> Fields {
    let value = spec.to_value();
    let text = |v: &Value| match v {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let places = [
        ("slug", "/slug"),
        ("bank", "/bank"),
        ("title_ja", "/title/ja"),
        ("title_en", "/title/en"),
        ("description_ja", "/description/ja"),
        ("description_en", "/description/en"),
        ("minutes", "/timing/minutes"),
        ("attempts", "/rules/attempts"),
        ("cool_down_days", "/rules/cool_down_days"),
        ("cut", "/scoring/cut"),
        ("release", "/release"),
        ("pretest", "/blueprint/pretest"),
        ("avoid", "/blueprint/avoid/last_attempts"),
        ("exposure", "/blueprint/exposure/at_most"),
        ("scale_min", "/scoring/scale/min"),
        ("scale_cut", "/scoring/scale/cut"),
        ("scale_max", "/scoring/scale/max"),
        ("sections_from", "/scoring/sections_from"),
    ];
    let mut fields: Fields =
        places.iter().filter_map(|(name, at)| Some(((*name).to_owned(), text(value.pointer(at)?)))).collect();
    let domains = value["blueprint"]["domains"].as_object();
    for (row, (domain, need)) in domains.into_iter().flatten().enumerate() {
        fields.insert(format!("domain-{row}"), domain.clone());
        fields.insert(format!("need-{row}"), text(need));
    }
    fields
}

/// The exam that the form says, on top of what is known of it.
fn said(fields: &Fields, known: Option<&ExamSpec>) -> Value {
    let mut value = known.map_or_else(|| json!({"blueprint": {}}), ExamSpec::to_value);
    let field = |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    // What is no number stays a text, so that it is refused where it stands.
    let number = |text: &str| text.parse::<u32>().map_or_else(|_| json!(text), |n| json!(n));
    if known.is_none() {
        for name in ["slug", "bank"] {
            value[name] = json!(field(name).unwrap_or_default());
        }
    }
    for (name, ja, en) in [("title", "title_ja", "title_en"), ("description", "description_ja", "description_en")] {
        let texts: Map<String, Value> =
            [("ja", ja), ("en", en)].into_iter().filter_map(|(l, f)| Some((l.to_owned(), json!(field(f)?)))).collect();
        if texts.is_empty() {
            if let Some(all) = value.as_object_mut() {
                all.remove(name);
            }
        } else {
            value[name] = Value::Object(texts);
        }
    }
    value["timing"]["minutes"] = field("minutes").map_or(Value::Null, number);
    value["rules"]["attempts"] = field("attempts").map_or(Value::Null, number);
    value["rules"]["cool_down_days"] = field("cool_down_days").map_or(json!(0), number);
    if let Some(cut) = field("cut") {
        value["scoring"]["cut"] = number(cut);
        if let Some(scoring) = value["scoring"].as_object_mut() {
            scoring.remove("cut_percent");
        }
    } else if value["scoring"].is_null() {
        value["scoring"] = json!({});
    }
    if let Some(release) = field("release").filter(|release| matches!(*release, "at_once" | "held")) {
        value["release"] = json!(release);
    }
    let scale = ["min", "cut", "max"].map(|name| (name, field(&format!("scale_{name}"))));
    value["scoring"]["scale"] = if scale.iter().any(|(_, text)| text.is_some()) {
        scale
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), number(text?))))
            .collect::<Map<_, _>>()
            .into()
    } else {
        Value::Null
    };
    value["scoring"]["sections_from"] = field("sections_from").map_or(Value::Null, number);
    let asked: Map<String, Value> = fields
        .iter()
        .filter_map(|(name, domain)| {
            let need = field(&format!("need-{}", name.strip_prefix("domain-")?)).filter(|need| *need != "0")?;
            Some((domain.clone(), number(need)))
        })
        .collect();
    let by_domain = ["weights", "group_by", "forms"].iter().all(|other| value["blueprint"].get(*other).is_none());
    if by_domain {
        value["blueprint"]["domains"] = if asked.is_empty() { Value::Null } else { Value::Object(asked) };
    }
    value["blueprint"]["pretest"] = field("pretest").map_or(Value::Null, number);
    value["blueprint"]["avoid"] =
        field("avoid").filter(|n| *n != "0").map_or(Value::Null, |n| json!({"last_attempts": number(n)}));
    value["blueprint"]["exposure"] = field("exposure").map_or(Value::Null, |n| json!({"at_most": number(n)}));
    value
}

async fn page(app: &App, shell: Shell, known: Option<&ExamSpec>, fields: Fields) -> Result<SettingsPage> {
    let bank = known.map_or_else(|| fields.get("bank").cloned().unwrap_or_default(), |spec| spec.bank.clone());
    let items = banks::drawables(app.db.read(), &bank).await?.unwrap_or_default();
    let mut available: BTreeMap<String, usize> = BTreeMap::new();
    for domain in items.iter().filter(|item| !item.is_pretest()).filter_map(|item| item.domain()) {
        *available.entry(domain.to_owned()).or_default() += 1;
    }
    let needed: BTreeMap<&String, &String> = fields
        .iter()
        .filter_map(|(name, domain)| Some((domain, fields.get(&format!("need-{}", name.strip_prefix("domain-")?))?)))
        .collect();
    for domain in needed.keys() {
        available.entry((*domain).clone()).or_default();
    }
    let cell = |(row, (domain, available)): (usize, (&String, &usize))| {
        let needed = needed.get(domain).map_or_else(String::new, |need| (*need).clone());
        let short = needed.parse::<usize>().is_ok_and(|need| need > *available);
        Cell { domain: domain.clone(), row, available: *available, needed, short }
    };
    let by_file = known.is_some_and(|spec| {
        let blueprint = spec.blueprint.to_value();
        ["weights", "group_by", "forms"].iter().any(|other| blueprint.get(*other).is_some())
    });
    Ok(SettingsPage {
        action: known
            .map_or_else(|| "/admin/exams/new".to_owned(), |spec| format!("/admin/exams/{}/settings", spec.slug)),
        title: known.map_or_else(
            || shell.w.t("exam-new"),
            |spec| {
                spec.title.as_ref().map_or_else(|| spec.slug.clone(), |title| title.pick(shell.w.lang()).1.to_owned())
            },
        ),
        banks: if bank.is_empty() { banks::slugs(app.db.read()).await? } else { vec![] },
        cells: available.iter().enumerate().map(cell).collect(),
        without_domain: items.iter().filter(|item| item.domain().is_none()).count(),
        in_pretest: items.iter().filter(|item| item.is_pretest()).count(),
        new: known.is_none(),
        file: known.map(written),
        bank,
        by_file,
        fields,
        summary: None,
        wrong: vec![],
        good: false,
        done: false,
        shell,
    })
}
