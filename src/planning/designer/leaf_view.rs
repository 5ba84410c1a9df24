//! The fields of what one requirement asks.

use serde_json::Value;

use super::control::{Control, Desk, Shape, listed, plain};
use super::leaves::{LIMITS, MEASURES, OWN_TITLE, SCORES, WINDOWS};
use super::stock::Stock;
use super::words::kind_name;

/// One requirement as it stands in the document.
#[derive(Clone, Copy)]
pub struct Said<'v> {
    pub kind: &'static str,
    /// What it asks.
    pub asked: &'v Value,
    /// What was filled in and does not apply.
    pub unused: &'v Value,
}

impl<'v> Said<'v> {
    /// What does not apply, by the name of its field.
    fn kept(self, name: &str) -> &'v Value {
        &self.unused[format!("{}/{name}", self.kind)]
    }
}

/// Puts the fields into `controls`, and what is seldom asked for into `more`.
pub fn leaf(
    desk: &mut Desk<'_>,
    stock: &Stock,
    base: &str,
    said: Said<'_>,
    (controls, more): (&mut Vec<Control>, &mut Vec<Control>),
) {
    let (id, asked) = (|name: &str| format!("{base}/{name}"), said.asked);
    match said.kind {
        "exam" => {
            let exams = offered(desk, &stock.exams, false);
            controls.push(desk.choice(&id("slug"), "designer-exam", exams, &plain(&asked["slug"])));
            let score =
                SCORES.into_iter().find(|word| !word.is_empty() && !asked["score"][word].is_null()).unwrap_or("");
            let value = if score.is_empty() { said.kept("score/value") } else { &asked["score"][score] };
            controls.push(desk.words(&id("score"), "designer-score", &SCORES, score));
            controls.push(desk.number(&id("score/value"), "designer-score-value", value));
        }
        "held" => {
            let tracks = offered(desk, &stock.tracks, true);
            controls.push(desk.choice(&id("track"), "designer-held", tracks, &plain(&asked["track"])));
            controls.push(desk.words(&id("at"), "designer-held-at", &["now", "ever"], &plain(&asked["at"])));
        }
        "tenure" => {
            let unit = if asked["days"].is_null() { "months" } else { "days" };
            controls.push(desk.number(&id("n"), "designer-tenure", &asked[unit]));
            controls.push(desk.words(&id("unit"), "designer-tenure-unit", &["months", "days"], unit));
        }
        "attested" => controls.push(desk.line_with(&id("role"), "designer-role", &asked["role"], &stock.roles)),
        "panel" => controls.push(given(desk, stock, &id("title"), &plain(&asked["title"]))),
        _ => contributions(desk, stock, base, said, (controls, more)),
    }
}

/// Which title: that of the track itself, or another one that is published.
fn given(desk: &mut Desk<'_>, stock: &Stock, id: &str, said: &str) -> Control {
    let others: Vec<(String, String)> = stock.titles.iter().filter(|(slug, _)| *slug != stock.own).cloned().collect();
    let mut titles = offered(desk, &others, true);
    titles.insert(1, (OWN_TITLE.to_owned(), desk.w.t("designer-given-own")));
    let is_own = !stock.own.is_empty() && said == stock.own;
    desk.choice(id, "designer-given", titles, if is_own { OWN_TITLE } else { said })
}

/// Nothing chosen, then what there is; `slugs`: each with its slug.
fn offered(desk: &Desk<'_>, known: &[(String, String)], slugs: bool) -> Vec<(String, String)> {
    let name = |slug: &str, title: &str| match slugs {
        true => desk.w.with2("designer-named", "title", title, "slug", slug),
        false => title.to_owned(),
    };
    let nothing = (String::new(), desk.w.t("designer-choose"));
    std::iter::once(nothing).chain(known.iter().map(|(slug, title)| (slug.clone(), name(slug, title)))).collect()
}

fn contributions(
    desk: &mut Desk<'_>,
    stock: &Stock,
    base: &str,
    said: Said<'_>,
    (controls, more): (&mut Vec<Control>, &mut Vec<Control>),
) {
    let (id, asked) = (|name: &str| format!("{base}/{name}"), said.asked);
    types(desk, stock, base, asked, controls);

    let measure = MEASURES.into_iter().find(|(_, word, step)| match step {
        Some(step) => !asked[word][step].is_null(),
        None => !asked[word].is_null(),
    });
    let (form, word, step) = measure.unwrap_or(MEASURES[0]);
    let amount = step.map_or(&asked[word], |step| &asked[word][step]);
    controls.push(desk.words(&id("measure"), "designer-measure", &MEASURES.map(|(form, ..)| form), form));
    controls.push(desk.number(&id("at_least"), "designer-amount", amount));

    let (window, value) = window(&asked["window"]);
    let of = |word: &str| if word == window { value } else { said.kept(&format!("window/{word}")) };
    controls.push(desk.words(&id("window"), "designer-window", &WINDOWS, window));
    controls.push(desk.number(&id("window/days"), "designer-since-days", of("days")));
    let tracks = offered(desk, &stock.tracks, true);
    controls.push(desk.choice(&id("window/award"), "designer-since-award", tracks, &plain(of("award"))));
    let mut event = desk.line(&id("window/event"), "designer-since-event", of("event"));
    event.note = unsent(desk, stock, &[plain(of("event"))]);
    controls.push(event);
    let distinct = plain(&asked["distinct"]);
    controls.push(desk.words(&id("distinct"), "designer-distinct", &["", "object", "type", "source"], &distinct));
    for limit in LIMITS {
        more.push(desk.number(&id(limit), &format!("designer-{}", limit.replace('_', "-")), &asked[limit]));
    }
    more.push(desk.flag(&id("accepted"), "designer-accepted", !asked["accepted"].is_null()));
    more.push(desk.flag(&id("own"), "designer-own", asked["own"] == true));
    let mut sources = desk.control(&id("sources"), "designer-sources", Shape::Area(listed(&asked["sources"], "\n"), 2));
    let unknown = stock.unknown_sources(&asked["sources"]);
    if !unknown.is_empty() {
        let text = desk.w.with1("designer-sources-unknown", "sources", unknown.join(&desk.w.t("list-comma")));
        sources.note = Some((text, "/admin/sources", desk.w.t("designer-types-sources")));
    }
    more.push(sources);
}

/// A word on those of these types that nothing brings.
fn unsent(desk: &Desk<'_>, stock: &Stock, kinds: &[String]) -> Option<(String, &'static str, String)> {
    let unsent = stock.unsent(kinds).into_iter().filter(|kind| !kind.is_empty()).map(|kind| kind_name(desk.w, kind));
    let unsent: Vec<String> = unsent.collect();
    let text = desk.w.with1("designer-types-unsent", "kinds", unsent.join(&desk.w.t("list-comma")));
    (!unsent.is_empty()).then(|| (text, "/admin/sources", desk.w.t("designer-types-sources")))
}

/// What counts: boxes for the types that are known, a line for others, and a word on those that nothing brings.
fn types(desk: &mut Desk<'_>, stock: &Stock, base: &str, asked: &Value, controls: &mut Vec<Control>) {
    let said: Vec<String> = asked["types"].as_array().into_iter().flatten().map(plain).collect();
    let boxes =
        stock.types.iter().map(|(kind, name)| (format!("{base}/type/{kind}"), name.clone(), said.contains(kind)));
    let mut ticks = desk.control(&format!("{base}/types"), "designer-types", Shape::Ticks(boxes.collect()));
    ticks.note = unsent(desk, stock, &said);
    controls.push(ticks);
    let typed: Vec<&str> =
        said.iter().map(String::as_str).filter(|kind| !stock.types.iter().any(|(known, _)| known == kind)).collect();
    controls.push(desk.control(&format!("{base}/types:own"), "designer-types-own", Shape::Line(typed.join(", "))));
}

/// The word of the form for a window, and the value that goes with it.
fn window(said: &Value) -> (&'static str, &Value) {
    if !said["days"].is_null() {
        return ("days", &said["days"]);
    }
    if let Some(cycle) = said["calendar"].as_str() {
        return (WINDOWS.into_iter().find(|word| *word == cycle).unwrap_or(""), &Value::Null);
    }
    match &said["since"] {
        Value::String(word) if word == "joining" => ("joining", &Value::Null),
        since if !since["award"].is_null() => ("award", &since["award"]),
        since if !since["event"].is_null() => ("event", &since["event"]),
        _ => ("", &Value::Null),
    }
}
