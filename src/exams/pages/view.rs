//! What the page of an exam shows.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde_json::Value;

use super::check::Panel;
use super::controls::Controls;
use super::notice::{Notice, title};
use super::picks::{Picks, picks};
use super::pointed::Fields;
use super::rows::{self, count};
use super::stock::Stock;
use super::wrong::{beside, label};
use crate::access::{MakeVouchers, May, Permission, PublishExams};
use crate::app::App;
use crate::banks;
use crate::database::Read;
use crate::error::Result;
use crate::exams::checking::checked;
use crate::exams::service;
use crate::exams::work::Work;
use crate::issuer;
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::Shell;

/// Something that may be asked for before: its slug, what it is called, whether it is.
struct Asked {
    row: usize,
    slug: String,
    title: String,
    on: bool,
}

/// A domain that a section may hold.
struct Inside {
    id: String,
    name: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "exams/settings.html")]
pub struct SettingsPage {
    shell: Shell,
    work: Work,
    title: String,
    /// Slugs with what people call them.
    banks: Vec<(String, String)>,
    bank: String,
    fields: Fields,
    wrong: BTreeMap<String, Vec<String>>,
    pub panel: Panel,
    pub notice: Notice,
    /// Somebody asked what is missing: the mistakes stand at the top and beside their fields.
    pub insist: bool,
    stock: Stock,
    picks: Picks,
    exams: Vec<Asked>,
    credentials: Vec<Asked>,
    /// The languages in which the program writes.
    languages: Vec<String>,
    /// Names of domains or groups that stand in a form.
    names: Vec<String>,
    zone: String,
    /// Whether the reader may make vouchers: to others there is no such page.
    may_make_vouchers: bool,
}

/// Tags of a bank that get a row without being asked for.
const MOST_TAGS: usize = 60;
/// Sets that the page names.
const MOST_SETS: usize = 50;

impl SettingsPage {
    pub async fn new(
        app: &App,
        staff: &May<PublishExams>,
        work: Work,
        mut fields: Fields,
        document: Value,
        insist: bool,
    ) -> Result<Self> {
        let (db, shell) = (app.db.read(), staff.shell());
        let bank = document["bank"].as_str().unwrap_or_default().to_owned();
        let stock = Stock::of(db, if banks::is_slug(&bank) { &bank } else { "" }).await?;
        rows::complete(&mut fields, "cell", stock.domains.keys().cloned());
        rows::complete(&mut fields, "tag", stock.tags.keys().take(MOST_TAGS).cloned());
        let (exams, credentials) = (known_exams(db, &work.slug, shell.w).await?, known_tracks(db, shell.w).await?);
        rows::complete(&mut fields, "exams", exams.keys().cloned());
        rows::complete(&mut fields, "credentials", credentials.keys().cloned());
        let zone = issuer::zone(db).await?;
        let checked = checked(db, &document).await?;
        let panel = Panel::new(shell.w, &zone, &work, &fields, &document, (&stock, &checked));
        let by_forms = fields.get("way").is_some_and(|way| way == "forms");
        Ok(Self {
            title: if work.is_new() { shell.w.t("exam-new") } else { title(shell.w, &document, &work.slug) },
            banks: banks::titles(db).await?,
            wrong: beside(&panel.wrong),
            notice: Notice::None,
            insist,
            picks: if by_forms && banks::is_slug(&bank) {
                picks(db, &bank, &fields, shell.w).await?
            } else {
                Picks::default()
            },
            exams: asked(&fields, "exams", &exams),
            credentials: asked(&fields, "credentials", &credentials),
            languages: issuer::languages(db).await?,
            names: stock.names(&fields, &document),
            zone: issuer::default_issuer(db).await?.map_or("UTC".to_owned(), |issuer| issuer.profile.time_zone),
            may_make_vouchers: staff.principal.holds(MakeVouchers::ROLES),
            bank,
            stock,
            panel,
            fields,
            work,
            shell,
        })
    }

    /// Whether the bank that the exam names is there.
    fn has_bank(&self) -> bool {
        self.banks.iter().any(|(slug, _)| *slug == self.bank)
    }

    fn panel_html(&self) -> String {
        self.panel.render().unwrap_or_default()
    }

    fn action(&self) -> String {
        match self.work.is_new() {
            true => "/admin/exams/new".to_owned(),
            false => format!("/admin/exams/{}/settings", self.work.slug),
        }
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn rows(&self, name: &str) -> std::ops::Range<usize> {
        0..count(&self.fields, name).unwrap_or(0)
    }

    /// What stands beside a field; nothing before somebody asked.
    fn beside(&self, id: &str) -> &[String] {
        let none: &[String] = &[];
        if self.insist { self.wrong.get(id).map_or(none, Vec::as_slice) } else { none }
    }

    fn with<T>(&self, make: impl FnOnce(&Controls<'_>) -> T) -> T {
        let none = BTreeMap::new();
        let wrong = if self.insist { &self.wrong } else { &none };
        make(&Controls { w: self.shell.w, fields: &self.fields, wrong, languages: &self.languages })
    }

    fn text(&self, id: &str) -> String {
        self.with(|controls| controls.input(id, "text"))
    }

    fn area(&self, id: &str) -> String {
        self.with(|controls| controls.input(id, "area"))
    }

    fn number(&self, id: &str) -> String {
        self.with(|controls| controls.input(id, "number"))
    }

    fn moment(&self, id: &str) -> String {
        self.with(|controls| controls.input(id, "moment"))
    }

    fn texts(&self, id: &str, rows: u32) -> String {
        self.with(|controls| controls.texts(id, rows))
    }

    fn flag(&self, id: &str) -> String {
        self.with(|controls| controls.flag(id))
    }

    fn words(&self, id: &str, words: &[&str]) -> String {
        self.with(|controls| controls.words(id, words))
    }

    fn row_text(&self, list: &str, row: &usize, name: &str) -> String {
        self.text(&format!("{list}/{row}/{name}"))
    }

    fn row_number(&self, list: &str, row: &usize, name: &str) -> String {
        self.number(&format!("{list}/{row}/{name}"))
    }

    fn row_texts(&self, list: &str, row: &usize) -> String {
        self.texts(&format!("{list}/{row}/title"), 1)
    }

    fn row_words(&self, list: &str, row: &usize, name: &str, words: &[&str]) -> String {
        self.words(&format!("{list}/{row}/{name}"), words)
    }

    fn name_of(&self, rows: &str, row: &usize) -> &str {
        self.field(&format!("{rows}/{row}/name"))
    }

    fn of(&self, rows: &str, row: &usize, name: &str) -> &str {
        self.field(&format!("{rows}/{row}/{name}"))
    }

    fn wrong_in(&self, rows: &str, row: &usize, name: &str) -> &[String] {
        self.beside(&format!("{rows}/{row}/{name}"))
    }

    /// What a screen reader says of a field in a table.
    fn called(&self, rows: &str, row: &usize, name: &str) -> String {
        label(self.shell.w, &self.fields, &format!("{rows}/{row}/{name}"))
    }

    fn available(&self, row: &usize) -> usize {
        self.stock.domains.get(self.name_of("cell", row)).copied().unwrap_or(0)
    }

    fn tagged(&self, row: &usize) -> usize {
        self.stock.tags.get(self.name_of("tag", row)).copied().unwrap_or(0)
    }

    fn state(&self, row: &usize) -> String {
        let line = self.panel.lines.iter().find(|line| line.row == Some(*row));
        line.map_or_else(String::new, |line| line.state(&self.shell.w))
    }

    /// How many questions a weight comes to.
    fn comes_to(&self, row: &usize) -> usize {
        self.panel.lines.iter().find(|line| line.row == Some(*row)).map_or(0, |line| line.needed)
    }

    fn sets(&self) -> &[(String, Vec<String>)] {
        &self.stock.sets[..self.stock.sets.len().min(MOST_SETS)]
    }

    /// The domains of a section first, in their order, then the others.
    fn inside(&self, row: &usize) -> Vec<Inside> {
        let prefix = format!("/sections/{row}/in/");
        let own: Vec<&String> = self
            .fields
            .range(prefix.clone()..)
            .take_while(|(n, _)| n.starts_with(&prefix))
            .map(|(_, name)| name)
            .collect();
        let there: BTreeSet<&String> = own.iter().copied().collect();
        let others = self.names.iter().filter(|name| !there.contains(name));
        let all = own.iter().map(|name| (*name, true)).chain(others.map(|name| (name, false)));
        let each = |(n, (name, on)): (usize, (&String, bool))| Inside {
            id: format!("{prefix}{n:03}"),
            name: name.clone(),
            on,
        };
        all.enumerate().map(each).collect()
    }
}

/// Exams by slug with their titles, but this one.
async fn known_exams(db: &impl Read, own: &str, w: Words) -> Result<BTreeMap<String, String>> {
    let listed = service::list(db).await?.into_iter().filter(|exam| exam.spec.slug != own);
    Ok(listed.map(|exam| (exam.spec.slug.clone(), title(w, &exam.spec.to_value(), &exam.spec.slug))).collect())
}

async fn known_tracks(db: &impl Read, w: Words) -> Result<BTreeMap<String, String>> {
    let listed = tracks::current(db).await?;
    Ok(listed.into_iter().map(|t| (t.definition.slug.clone(), w.pick(&t.definition.title).to_owned())).collect())
}

fn asked(fields: &Fields, of: &str, known: &BTreeMap<String, String>) -> Vec<Asked> {
    let one = |row: usize| {
        let slug = fields.get(&format!("{of}/{row}/name")).cloned().unwrap_or_default();
        Asked {
            row,
            title: known.get(&slug).unwrap_or(&slug).clone(),
            on: rows::typed(fields, &format!("{of}/{row}/on")).is_some(),
            slug,
        }
    };
    (0..count(fields, of).unwrap_or(0)).map(one).collect()
}
