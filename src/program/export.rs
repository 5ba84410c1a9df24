//! A program as it stands in the store, written as files again: the same bytes for the same program, and reading them changes nothing.
//!
//! Comments and the names of files that say nothing (those of sources) are not kept: a source's file is named after its slug or its address. Banks are written by
//! whoever asks, since what they hold are keys.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::validate::Program;
use crate::contributions::{self, SourceDefinition};
use crate::database::Read;
use crate::document::yaml;
use crate::error::Result;
use crate::issuer::{self, Honorific, IssuerProfile};
use crate::ranks::{self, LadderDefinition};
use crate::tracks::{self, TrackDefinition};
use crate::{banks, exams};

const PROGRAM: [&str; 6] = ["issuer", "time_zone", "locales", "number_format", "certificate", "thanks"];
const SOURCE: [&str; 12] = [
    "source",
    "slug",
    "title",
    "adapter",
    "types",
    "subjects",
    "secret",
    "from",
    "map",
    "weights",
    "quiet_days",
    "per_member_per_day",
];
const TRACK: [&str; 13] = [
    "slug",
    "kind",
    "title",
    "description",
    "criteria",
    "goal",
    "requires",
    "validity",
    "renewal",
    "level",
    "template",
    "achievement_type",
    "tags",
];

/// The files by their path inside the program, without the banks; without `program.yaml` where no program was applied and things were made on the
/// pages. None where there is nothing at all.
pub async fn export(db: &impl Read) -> Result<Option<BTreeMap<String, String>>> {
    let issuer = issuer::default_issuer(db).await?;
    let sources = contributions::sources(db).await?;
    let exams = exams::list(db).await?.into_iter().map(|exam| exam.spec).collect::<Vec<_>>();
    let tracks = tracks::current(db).await?.into_iter().map(|version| version.definition).collect::<Vec<_>>();
    let ladders = ranks::current(db).await?.into_iter().map(|version| version.definition).collect::<Vec<_>>();
    let badges = tracks::badges(db).await?;
    let mut all = files(issuer.as_ref().map(|issuer| &issuer.profile), &sources, &exams, &tracks, &badges)?;
    all.extend(ladders.iter().map(ladder_file));
    Ok(Some(all).filter(|all| !all.is_empty()))
}

/// A bank whose file belongs to the program.
pub struct BankOut {
    pub slug: String,
    /// How many items stand elsewhere than in use, by the name of their state. A file says no states: whoever applies it puts all its items into use.
    pub not_in_use: Vec<(&'static str, u64)>,
}

/// The banks whose files belong to the program, by slug.
pub async fn banks_of(db: &impl Read) -> Result<Vec<BankOut>> {
    let out = banks::banks(db).await?.into_iter().map(|(bank, states)| {
        let states = states.into_iter().map(|(state, items)| (state.as_str(), items));
        BankOut { slug: bank.slug, not_in_use: states.filter(|(state, _)| *state != "operational").collect() }
    });
    Ok(out.collect())
}

/// A program that was read, written the same way, without the banks: to be held against [`export`].
pub fn written(program: &Program) -> Result<BTreeMap<String, String>> {
    let mut all = files(Some(&program.issuer), &program.sources, &program.exams, &program.tracks, &program.badges)?;
    all.extend(program.ladders.iter().map(ladder_file));
    Ok(all)
}

fn files(
    issuer: Option<&IssuerProfile>,
    sources: &[SourceDefinition],
    exams: &[waymark_assess::ExamSpec],
    tracks: &[TrackDefinition],
    badges: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let written = |of| ("program.yaml".to_owned(), yaml::written(&program(of), &PROGRAM));
    let mut files: BTreeMap<String, String> = issuer.map(written).into_iter().collect();
    let mut names = BTreeSet::new();
    for source in sources {
        let plain = source.slug.clone().unwrap_or_else(|| contributions::plain_name(&source.source));
        let free =
            (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain}-{n}") }).find(|n| !names.contains(n));
        let name = free.unwrap_or_default();
        files.insert(
            format!("sources/{name}.yaml"),
            yaml::written(&plain_texts(serde_json::to_value(source)?), &SOURCE),
        );
        names.insert(name);
    }
    for exam in exams {
        files.insert(format!("exams/{}.yaml", exam.slug), exams::written(exam));
    }
    for definition in tracks {
        files.insert(format!("tracks/{}.yaml", definition.slug), written_track(definition));
    }
    for (name, svg) in badges {
        files.insert(format!("badges/{name}.svg"), svg.clone());
    }
    Ok(files)
}

fn ladder_file(of: &LadderDefinition) -> (String, String) {
    (format!("ladders/{}.yaml", of.slug), ranks::written(of))
}

fn program(of: &IssuerProfile) -> Map<String, Value> {
    let mut issuer = plain_texts(json!({"name": of.name, "url": of.url}));
    if let Some(email) = &of.email {
        issuer.insert("email".to_owned(), json!(email));
    }
    if let Some(id) = &of.linkedin_organization {
        issuer.insert("linkedin".to_owned(), json!({"organization_id": id}));
    }
    let mut all = Map::new();
    all.insert("issuer".to_owned(), Value::Object(issuer));
    all.insert("time_zone".to_owned(), json!(of.time_zone));
    all.insert("locales".to_owned(), json!(of.locales));
    all.insert("number_format".to_owned(), json!(of.number_format));
    let mut certificate = Map::new();
    if of.certificate.era {
        certificate.insert("dates".to_owned(), json!("era"));
    }
    if let Some(honorific) = of.certificate.honorific {
        let word = match honorific {
            Honorific::None => "none",
            Honorific::Dono => "殿",
            Honorific::Sama => "様",
        };
        certificate.insert("honorific".to_owned(), json!(word));
    }
    if !certificate.is_empty() {
        all.insert("certificate".to_owned(), Value::Object(certificate));
    }
    if !of.thanks.is_default() {
        all.insert("thanks".to_owned(), json!(of.thanks));
    }
    all
}

/// A track as its file.
pub fn written_track(of: &TrackDefinition) -> String {
    document_of_track(of.as_file())
}

/// A document that may be no track yet, in the same hand.
pub fn document_of_track(document: Value) -> String {
    let Value::Object(all) = document else { return String::new() };
    yaml::written(&all, &TRACK)
}

/// A text that names no language is written as the text alone.
fn plain_texts(value: Value) -> Map<String, Value> {
    let Value::Object(mut all) = value else { return Map::new() };
    for text in all.values_mut() {
        if let Some(plain) = text.as_object().filter(|map| map.len() == 1).and_then(|map| map.get("und")).cloned() {
            *text = plain;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, from: impl Fn(&Value) -> std::result::Result<T, Vec<crate::error::Fault>>) -> T {
        from(&crate::program::read_yaml(text).expect("YAML")).expect("valid")
    }

    #[test]
    fn everything_that_a_program_file_can_say_is_written() {
        let text = "issuer:\n  email: office@guild.example\n  linkedin: {organization_id: \"0123\"}\n  name: Example Guild\n  url: https://guild.example\n";
        let all = format!(
            "{text}time_zone: Asia/Tokyo\nlocales: [ja]\nnumber_format: \"EG-{{year}}-{{seq:6}}\"\ncertificate: {{dates: era, honorific: 殿}}\nthanks: {{per_week: 3}}\n"
        );
        let issuer = read(&all, IssuerProfile::from_value);
        let first = yaml::written(&program(&issuer), &PROGRAM);
        assert_eq!(read(&first, IssuerProfile::from_value), issuer, "{first}");
        assert!(
            first.contains("dates: era") && first.contains("\"殿\"") && first.contains("name: \"Example Guild\""),
            "{first}"
        );

        let all = "slug: t\nkind: title\ntitle: {ja: 題, en: T}\ndescription: D\ncriteria: {en: \"1: one\\n2: two\"}\n\
                   goal: {ja: 目標, measure: awards, target: 3, owner: \"事務局\"}\nrequires: {any: [{id: a, tenure: {days: 3}, text: {en: \"no\"}}, {id: b, held: {track: u, at: ever}}]}\n\
                   validity: {months: 12}\nrenewal: {by: [{id: again, exam: {slug: short}}], grace_days: 30, reminders: [30, 7]}\nlevel: {ladder: helper, step: 2}\ntemplate: seal\nachievement_type: Badge\ntags: [\"on\", \"2026\"]\n";
        let definition = read(all, TrackDefinition::from_value);
        let first = written_track(&definition);
        assert_eq!(read(&first, TrackDefinition::from_value), definition, "{first}");
    }
}
