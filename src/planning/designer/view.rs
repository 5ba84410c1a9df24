//! What the page of a track that is being written shows.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};
use waymark_credential::model::vocabulary::ACHIEVEMENT_TYPES;

use super::control::{Control, Desk, Shape, listed, plain};
use super::fields::usual_sort;
use super::leaves::OWN_TITLE;
use super::node::{List, NodeView};
use super::notice::Notice;
use super::stock::Stock;
use super::typed::Fields;
use super::words::{Told, title, told};
use super::work::Work;
use super::wrong::{Labels, Wrong, beside, wrongs};
use crate::app::App;
use crate::database::Read;
use crate::error::{Fault, Result};
use crate::issuer;
use crate::planning::check::{UNUSED, checked};
use crate::program::{BUILT_IN_TEMPLATES, document_of_track};
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::Shell;

/// A part of the form with its controls.
pub struct Part {
    pub id: &'static str,
    pub title: String,
    pub about: String,
    pub controls: Vec<Control>,
}

/// One line of what publishing changes in the file.
pub struct Changed {
    /// `ins` or `del`.
    pub tag: &'static str,
    pub line: String,
}

/// Everything that is made from the document in one pass.
struct Form {
    parts: Vec<Part>,
    after: Vec<Part>,
    tree: NodeView,
    renewal: List,
    ids: Labels,
}

#[derive(Template)]
#[template(path = "planning/designer.html")]
pub struct DesignerPage {
    shell: Shell,
    work: Work,
    title: String,
    parts: Vec<Part>,
    tree: NodeView,
    renewal: List,
    after: Vec<Part>,
    wrong: Vec<Wrong>,
    pub good: bool,
    pub insist: bool,
    pub notice: Notice,
    /// What has the short name already: its slug and what it is called.
    taken: Option<(String, String)>,
    told: String,
    changes: Vec<Changed>,
    scheduled: Option<String>,
    silent: bool,
    effective_on: String,
    zone: String,
}

/// The summary as a nested list.
#[derive(Template)]
#[template(path = "planning/_told.html")]
struct ToldList {
    lines: Vec<Told>,
}

impl ToldList {
    fn below(&self, told: &Told) -> String {
        html(told.below.clone())
    }
}

fn html(lines: Vec<Told>) -> String {
    ToldList { lines }.render().unwrap_or_default()
}

/// The summary of a document as HTML.
pub async fn summary(db: &impl Read, w: Words, document: &Value) -> Result<String> {
    Ok(html(told(w, &Stock::of(db, w, document).await?.names(), document)))
}

/// What is wrong where: the sentences that stand beside fields, and every field to which a mistake leads.
type Marks<'m> = (&'m BTreeMap<String, Vec<String>>, &'m BTreeSet<String>);

fn form(
    w: Words,
    stock: &Stock,
    badges: &[String],
    (new, languages): (bool, &[String]),
    document: &Value,
    (wrong, marked): Marks<'_>,
) -> Form {
    let mut desk = Desk { w, wrong, marked, ids: Labels::new(), languages };
    let said = |pointer: &str| document.pointer(pointer).unwrap_or(&Value::Null);
    let mut basics = vec![];
    if new {
        basics.push(desk.line("/slug", "designer-slug", said("/slug")));
    }
    basics.push(kind(&mut desk, said("/kind")));
    basics.push(desk.texts("/title", "designer-title", 1, said("/title")));
    basics.push(desk.texts("/criteria", "designer-criteria", 3, said("/criteria")));
    basics.push(desk.texts("/description", "designer-description", 3, said("/description")));
    let goal = vec![
        desk.texts("/goal", "designer-goal", 2, said("/goal")),
        desk.words("/goal/measure", "designer-measure-of", &["awards"], &plain(said("/goal/measure"))),
        desk.number("/goal/target", "designer-target", said("/goal/target")),
        desk.line("/goal/owner", "designer-owner", said("/goal/owner")),
    ];
    let nothing = json!({"all": []});
    let tree = document.get("requires").unwrap_or(&nothing);
    let meaning = standing(&mut desk, tree);
    let tree = NodeView::top(&mut desk, stock, "/requires", tree);
    let holds = vec![desk.number("/validity/months", "designer-months", said("/validity/months"))];
    let renewal = List::new(&mut desk, stock, "/renewal/by", said("/renewal/by"), false);
    desk.call("/renewal/by", &w.t("designer-renews"));
    let reminders = said("/renewal/reminders");
    let renews = vec![
        desk.number("/renewal/grace_days", "designer-grace", said("/renewal/grace_days")),
        desk.control("/renewal/reminders", "designer-reminders", Shape::Line(listed(reminders, ", "))),
    ];
    let level = vec![
        desk.line("/level/ladder", "designer-ladder", said("/level/ladder")),
        desk.number("/level/step", "designer-step", said("/level/step")),
    ];
    let templates =
        BUILT_IN_TEMPLATES.iter().map(|name| ((*name).to_owned(), w.t(&format!("designer-template-{name}"))));
    let templates = templates.chain(badges.iter().map(|name| (name.clone(), name.clone()))).collect();
    let looks = vec![
        desk.choice("/template", "designer-template", templates, &plain(said("/template"))),
        sort(&mut desk, said("/kind"), said("/achievement_type")),
        desk.control("/tags", "designer-tags", Shape::Line(listed(said("/tags"), ", "))),
    ];
    let part = |id: &'static str, controls| {
        let about = format!("designer-part-{id}-about");
        Part {
            id,
            title: w.t(&format!("designer-part-{id}")),
            about: if w.has(&about) { w.t(&about) } else { String::new() },
            controls,
        }
    };
    Form {
        parts: vec![part("basics", basics), part("goal", goal)],
        after: vec![
            part("meaning", meaning),
            part("validity", holds),
            part("renewal", renews),
            part("level", level),
            part("looks", looks),
        ],
        tree,
        renewal,
        ids: desk.ids,
    }
}

fn kind(desk: &mut Desk<'_>, said: &Value) -> Control {
    let kinds = ["milestone", "certification", "learning", "title", "thanks"];
    let mut named: Vec<_> = kinds.map(|kind| (kind.to_owned(), desk.w.t(&format!("track-kind-{kind}")))).into();
    if said.is_null() {
        named.insert(0, (String::new(), desk.w.t("designer-choose")));
    }
    desk.choice("/kind", "designer-kind", named, &plain(said))
}

/// What having met it means; where nothing is said, that goes by the kind, and where it is said without need, it stays said.
fn standing(desk: &mut Desk<'_>, tree: &Value) -> Vec<Control> {
    let said = &tree["standing"];
    let word = if said.is_object() { "term".to_owned() } else { plain(said) };
    let mut words = vec!["", "current", "term", "decided"];
    if word == "earned" {
        words.insert(1, "earned");
    }
    let months = if word == "term" { &said["term"]["months"] } else { &tree[UNUSED]["standing/months"] };
    vec![
        desk.words("/requires/standing", "designer-standing", &words, &word),
        desk.number("/requires/standing/months", "designer-standing-months", months),
    ]
}

/// The sort of achievement: that of the kind, or another one.
fn sort(desk: &mut Desk<'_>, kind: &Value, said: &Value) -> Control {
    let w = desk.w;
    let name = |sort: &str| {
        let key = format!("achievement-type-{}", sort.replace(':', "-").to_lowercase());
        if w.has(&key) { w.t(&key) } else { sort.to_owned() }
    };
    let usual = usual_sort(kind);
    let left = usual.map(|sort| (String::new(), w.with1("designer-sort-usual", "sort", name(sort))));
    let sorts = ACHIEVEMENT_TYPES.iter().map(|sort| ((*sort).to_owned(), name(sort)));
    // What says nothing is an achievement and no more.
    let said = said.as_str().unwrap_or("Achievement");
    let value = if Some(said) == usual { "" } else { said };
    desk.choice("/achievement_type", "designer-sort", left.into_iter().chain(sorts).collect(), value)
}

impl DesignerPage {
    pub async fn new(
        app: &App,
        shell: Shell,
        work: Work,
        document: Value,
        fields: Option<&Fields>,
        insist: bool,
        notice: Notice,
    ) -> Result<Self> {
        let (db, w) = (app.db.read(), shell.w);
        let found = checked(db, &document).await?;
        // That of this very track is a good choice, also before it has a name.
        let own = |fault: &&Fault| document.pointer(&fault.pointer).is_some_and(|said| said == OWN_TITLE);
        let mut faults: Vec<Fault> = notice.fault().into_iter().collect();
        faults.extend(found.faults.iter().filter(|fault| !own(fault)).cloned());
        let stock = Stock::of(db, w, &document).await?;
        let languages = issuer::languages(db).await?;
        let badges: Vec<String> = tracks::badges(db).await?.into_keys().collect();
        let make = |marks: Marks<'_>| form(w, &stock, &badges, (work.is_new(), &languages), &document, marks);
        // Once to learn which fields there are, so that each mistake finds the nearest.
        let wrong = wrongs(w, &make((&BTreeMap::new(), &BTreeSet::new())).ids, &faults);
        let beside = if insist { beside(&wrong) } else { BTreeMap::new() };
        let marked = wrong.iter().map(|wrong| wrong.field.clone()).collect();
        let Form { parts, after, tree, renewal, .. } = make((&beside, &marked));
        let zone = issuer::zone(db).await?;
        let typed = |name: &str| fields.and_then(|fields| fields.get(name)).cloned().unwrap_or_default();
        Ok(Self {
            title: if work.is_new() { w.t("designer-new") } else { title(w, &document, &work.slug) },
            told: html(told(w, &stock.names(), &document)),
            taken: if notice == Notice::SlugTaken {
                Some(taken(app, w, &plain(&document["slug"])).await?)
            } else {
                None
            },
            changes: changes(&work, &document),
            scheduled: work.scheduled.as_ref().map(|due| zone.instant(w, due.takes_effect_at)),
            silent: !typed("silent").is_empty(),
            effective_on: typed("effective_on"),
            zone: issuer::default_issuer(db).await?.map_or_else(|| "UTC".to_owned(), |own| own.profile.time_zone),
            good: found.good().is_some(),
            notice,
            insist,
            wrong,
            parts,
            after,
            tree,
            renewal,
            work,
            shell,
        })
    }

    fn action(&self) -> String {
        if self.work.is_new() { "/admin/tracks/new".to_owned() } else { format!("/admin/tracks/{}", self.work.slug) }
    }
}

/// What stands under a short name already, and what it is called.
pub async fn taken(app: &App, w: Words, slug: &str) -> Result<(String, String)> {
    Ok((slug.to_owned(), title(w, &Work::of(app, slug).await?.base(), slug)))
}

/// What publishing changes: lines of the file as it is published against those of the document.
fn changes(work: &Work, document: &Value) -> Vec<Changed> {
    let Some(known) = &work.known else { return vec![] };
    let new = tracks::TrackDefinition::from_value(document).map_or_else(|_| document.clone(), |read| read.as_file());
    let (old, new) = (document_of_track(known.definition.as_file()), document_of_track(new));
    let diff = TextDiff::from_lines(&old, &new);
    let changed = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal);
    let line = |change: similar::Change<&str>| Changed {
        tag: if change.tag() == ChangeTag::Delete { "del" } else { "ins" },
        line: change.value().trim_end().to_owned(),
    };
    changed.map(line).collect()
}
