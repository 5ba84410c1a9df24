//! What the page of a track that is being written shows.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};
use waymark_credential::model::vocabulary::ACHIEVEMENT_TYPES;

use super::control::{Control, Desk, Shape, listed, plain};
use super::node::{List, NodeView, Stock};
use super::notice::Notice;
use super::typed::Fields;
use super::words::{Names, Told, kind_name, told};
use super::work::Work;
use super::wrong::{Labels, Wrong, beside, wrongs};
use crate::app::App;
use crate::contributions::{self, is_activity};
use crate::database::Read;
use crate::error::Result;
use crate::planning::check::checked;
use crate::program::{BUILT_IN_TEMPLATES, document_of_track};
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::Shell;
use crate::{exams, issuer};

/// Event types that every installation offers: those of the contract that credit somebody.
const TYPES: [&str; 12] = [
    "answer.accepted",
    "idea.submitted",
    "idea.shipped",
    "content.published",
    "event.held",
    "event.attended",
    "talk.given",
    "review.published",
    "referral.made",
    "mentoring.session",
    "thanks.given",
    "change.merged",
];

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
    Ok(html(told(w, &names(&stock(db, w).await?), document)))
}

fn names(stock: &Stock) -> Names {
    let map = |list: &[(String, String)]| -> BTreeMap<String, String> { list.iter().cloned().collect() };
    Names { exams: map(&stock.exams), tracks: map(&stock.tracks) }
}

/// What there is to choose from.
async fn stock(db: &impl Read, w: Words) -> Result<Stock> {
    let exams = exams::list(db).await?.into_iter().map(|exam| {
        let name = title(w, &exam.spec.to_value(), &exam.spec.slug);
        (exam.spec.slug, name)
    });
    let (mut tracks, mut titles) = (vec![], vec![]);
    for version in tracks::current(db).await? {
        let named = (version.definition.slug.clone(), w.pick(&version.definition.title).to_owned());
        if version.definition.is_decided_title() {
            titles.push(named.clone());
        }
        tracks.push(named);
    }
    let sent = contributions::sources(db).await?.into_iter().flat_map(|source| source.types);
    let mut types: Vec<String> = TYPES.map(str::to_owned).into();
    let own: BTreeSet<String> = sent.filter(|kind| !is_activity(kind) && !TYPES.contains(&kind.as_str())).collect();
    types.extend(own);
    let types = types.into_iter().map(|kind| (kind.clone(), kind_name(w, &kind))).collect();
    Ok(Stock { exams: exams.collect(), tracks, titles, own_title: None, types })
}

fn form(
    w: Words,
    stock: &Stock,
    badges: &[String],
    (new, languages): (bool, &[String]),
    document: &Value,
    wrong: &BTreeMap<String, Vec<String>>,
) -> Form {
    let mut desk = Desk { w, wrong, ids: Labels::new(), languages };
    let said = |pointer: &str| document.pointer(pointer).unwrap_or(&Value::Null);
    let kinds = ["milestone", "certification", "learning", "title", "thanks"];
    let mut basics = vec![];
    if new {
        basics.push(desk.line("/slug", "designer-slug", said("/slug")));
    }
    let named = kinds.map(|kind| (kind.to_owned(), w.t(&format!("track-kind-{kind}")))).into();
    basics.push(desk.choice("/kind", "designer-kind", named, &plain(said("/kind"))));
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
    let standing = &tree["standing"];
    let word = if standing.is_object() { "term".to_owned() } else { plain(standing) };
    let meaning = vec![
        desk.words("/requires/standing", "designer-standing", &["earned", "current", "term", "decided"], &word),
        desk.number("/requires/standing/months", "designer-standing-months", &standing["term"]["months"]),
    ];
    let tree = NodeView::top(&mut desk, stock, "/requires", tree);
    let holds = vec![desk.number("/validity/months", "designer-months", said("/validity/months"))];
    let renewal = List::new(&mut desk, stock, "/renewal/by", said("/renewal/by"), false);
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
    let sorts = ACHIEVEMENT_TYPES.iter().map(|sort| ((*sort).to_owned(), (*sort).to_owned())).collect();
    let looks = vec![
        desk.choice("/template", "designer-template", templates, &plain(said("/template"))),
        desk.choice("/achievement_type", "designer-sort", sorts, &plain(said("/achievement_type"))),
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

impl DesignerPage {
    pub async fn new(
        app: &App,
        shell: Shell,
        work: Work,
        document: Value,
        fields: Option<&Fields>,
        insist: bool,
    ) -> Result<Self> {
        let (db, w) = (app.db.read(), shell.w);
        let found = checked(db, &document).await?;
        let mut stock = stock(db, w).await?;
        stock.own_title = (document["kind"] == "title").then(|| plain(&document["slug"]));
        let languages = issuer::languages(db).await?;
        let badges: Vec<String> = tracks::badges(db).await?.into_keys().collect();
        let make = |wrong: &BTreeMap<String, Vec<String>>| {
            form(w, &stock, &badges, (work.is_new(), &languages), &document, wrong)
        };
        // Once to learn which fields there are, so that each mistake finds the nearest.
        let wrong = wrongs(w, &make(&BTreeMap::new()).ids, &found.faults);
        let beside = if insist { beside(&wrong) } else { BTreeMap::new() };
        let Form { parts, after, tree, renewal, .. } = make(&beside);
        let zone = issuer::zone(db).await?;
        let typed = |name: &str| fields.and_then(|fields| fields.get(name)).cloned().unwrap_or_default();
        Ok(Self {
            title: if work.is_new() { w.t("designer-new") } else { title(w, &document, &work.slug) },
            told: html(told(w, &names(&stock), &document)),
            changes: changes(&work, &document),
            scheduled: work.scheduled.as_ref().map(|due| zone.instant(w, due.takes_effect_at)),
            silent: !typed("silent").is_empty(),
            effective_on: typed("effective_on"),
            zone: issuer::default_issuer(db).await?.map_or_else(|| "UTC".to_owned(), |own| own.profile.time_zone),
            good: found.good().is_some(),
            notice: Notice::None,
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

/// What a track is called while it is written.
pub fn title(w: Words, document: &Value, slug: &str) -> String {
    let own = document["title"][w.lang()].as_str().or_else(|| document["title"].as_str());
    let any = || document["title"].as_object().and_then(|texts| texts.values().find_map(Value::as_str));
    own.or_else(any).unwrap_or(slug).to_owned()
}
