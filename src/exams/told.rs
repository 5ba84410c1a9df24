//! An exam in words, part by part, as a person would tell it: everything that its file says.

use waymark_assess::ExamSpec;
use waymark_assess::attempt::{Connection, Navigation};
use waymark_assess::blueprint::{Base, Bounds, GroupBy, by_largest_remainder};
use waymark_assess::score::Cut;
use waymark_assess::spec::{Admission, Release, SectionSpec};
use waymark_assess::text::Text;

use crate::web::i18n::Words;
use crate::web::zone::Zone;

/// One part of an exam in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// `blueprint`, `sections`, `sitting`, `scoring`, `release`
    pub part: &'static str,
    pub text: String,
}

/// The exam, part by part; a part that has nothing to say is left out.
pub fn told(w: Words, zone: &Zone, spec: &ExamSpec) -> Vec<Told> {
    let parts = [
        ("blueprint", drawn(w, spec)),
        ("sections", spec.sections.iter().enumerate().map(|(at, section)| one(w, spec, at, section)).collect()),
        ("sitting", [entry(w, spec), course(w, spec)].concat()),
        ("scoring", scored(w, spec)),
        ("release", released(w, zone, spec)),
    ];
    let text = |(part, sentences): (&'static str, Vec<String>)| Told { part, text: w.sentences(&sentences) };
    parts.into_iter().filter(|(_, sentences)| !sentences.is_empty()).map(text).collect()
}

fn list(w: Words, entries: impl IntoIterator<Item = String>) -> String {
    entries.into_iter().collect::<Vec<_>>().join(&w.t("exam-sum-comma"))
}

fn domain(w: Words, spec: &ExamSpec, name: &str) -> String {
    spec.domain(name).map_or_else(|| name.to_owned(), |(_, title)| picked(w, title))
}

fn picked(w: Words, text: &Text) -> String {
    text.pick(w.lang()).1.to_owned()
}

fn drawn(w: Words, spec: &ExamSpec) -> Vec<String> {
    let assembly = spec.blueprint.assembly();
    let bank = spec.bank.as_str();
    let each = |name: &String, n: u32| w.with2("exam-sum-from", "name", domain(w, spec, name), "n", n);
    let mut told = match &assembly.base {
        Base::PerDomain(domains) => vec![
            w.with2("exam-sum-items", "n", domains.values().sum::<u32>(), "bank", bank),
            w.with1("exam-sum-parts", "list", list(w, domains.iter().map(|(name, n)| each(name, *n)))),
        ],
        Base::Weighted { weights, items } => {
            let counts = by_largest_remainder(weights, *items);
            vec![
                w.with2("exam-sum-items", "n", *items, "bank", bank),
                w.with1("exam-sum-weights", "list", list(w, counts.iter().map(|(name, n)| each(name, *n)))),
            ]
        }
        Base::OneFromEach(GroupBy::IdPrefix(n)) => vec![w.with2("exam-sum-groups", "bank", bank, "n", *n)],
        Base::Forms(forms) => {
            let form =
                |(name, items): (&String, &Vec<String>)| w.with2("exam-sum-from", "name", name, "n", items.len());
            vec![
                w.with1("exam-sum-forms", "n", forms.len()),
                w.with1("exam-sum-parts", "list", list(w, forms.iter().map(form))),
            ]
        }
        _ => vec![],
    };
    if !assembly.tags.is_empty() {
        let tags = list(w, assembly.tags.iter().map(|(tag, bounds)| tagged(w, tag, *bounds)));
        told.push(w.with1("exam-sum-tags", "list", tags));
    }
    if assembly.pretest > 0 {
        told.push(w.with1("exam-sum-pretest", "n", assembly.pretest));
    }
    if let Some(most) = assembly.exposure {
        told.push(w.with1("exam-sum-exposure", "n", most));
    }
    if assembly.avoid_last > 0 {
        told.push(w.with1("exam-sum-avoid", "n", assembly.avoid_last));
    }
    told
}

fn tagged(w: Words, tag: &str, bounds: Bounds) -> String {
    let key = match (bounds.at_least, bounds.at_most) {
        (least, Some(most)) if least == most => "exam-sum-tag-exactly",
        (0, Some(_)) => "exam-sum-tag-most",
        (_, None) => "exam-sum-tag-least",
        _ => "exam-sum-tag",
    };
    w.with(key, &[("tag", &tag), ("least", &bounds.at_least), ("most", &bounds.at_most.unwrap_or_default())])
}

fn one(w: Words, spec: &ExamSpec, at: usize, section: &SectionSpec) -> String {
    let title = section.title.as_ref().map_or_else(|| section.name.clone(), |title| picked(w, title));
    let domains = list(w, section.domains.iter().map(|name| domain(w, spec, name)));
    let mut told = vec![w.with("exam-sum-section", &[("place", &(at + 1)), ("title", &title), ("domains", &domains)])];
    if let Some(minutes) = section.minutes {
        told.push(w.with1("exam-sum-section-minutes", "n", minutes));
    }
    told.push(w.t(&moving("exam-sum-section", section.navigation)));
    if section.break_minutes > 0 {
        told.push(w.with1("exam-sum-break", "n", section.break_minutes));
    }
    w.sentences(&told)
}

fn moving(prefix: &str, navigation: Navigation) -> String {
    format!("{prefix}-{}", navigation.as_str())
}

/// Who may begin, when, and what is asked.
fn entry(w: Words, spec: &ExamSpec) -> Vec<String> {
    let sitting = &spec.sitting;
    let mut told = vec![];
    if sitting.practice {
        told.push(w.t("exam-sum-practice"));
    }
    told.push(w.t(match sitting.admission {
        Admission::Open => "exam-sum-open",
        Admission::Window => "exam-sum-window",
        Admission::Seat => "exam-sum-seat",
    }));
    if !sitting.exams.is_empty() {
        told.push(w.with1("exam-sum-requires-exams", "list", list(w, sitting.exams.iter().cloned())));
    }
    if !sitting.credentials.is_empty() {
        told.push(w.with1("exam-sum-requires-credentials", "list", list(w, sitting.credentials.iter().cloned())));
    }
    if sitting.voucher {
        told.push(w.t("exam-sum-voucher"));
    }
    if sitting.agreement.is_some() {
        told.push(w.t("exam-sum-agreement"));
    }
    if let Some(fee) = &sitting.fee {
        told.push(w.with1("exam-sum-fee", "fee", picked(w, fee)));
    }
    told.push(match spec.rules.attempts {
        Some(n) => w.with1("exam-sum-attempts", "n", n),
        None => w.t("exam-sum-attempts-free"),
    });
    if spec.rules.cool_down_days > 0 {
        let key = if sitting.calendar_days { "exam-sum-cool-down-calendar" } else { "exam-sum-cool-down" };
        told.push(w.with1(key, "n", spec.rules.cool_down_days));
    }
    told
}

/// How an attempt goes on.
fn course(w: Words, spec: &ExamSpec) -> Vec<String> {
    let sitting = &spec.sitting;
    let mut told = vec![];
    if sitting.untimed {
        told.push(w.t("exam-sum-untimed"));
    } else {
        told.push(w.with1("exam-sum-minutes", "n", spec.timing.minutes));
        if spec.timing.grace_seconds > 0 {
            told.push(w.with1("exam-sum-grace", "n", spec.timing.grace_seconds));
        }
        if let Connection::Pauses { minutes } = sitting.connection {
            told.push(w.with1("exam-sum-pauses", "n", minutes));
        }
        if sitting.downtime_lost {
            told.push(w.t("exam-sum-downtime-lost"));
        }
    }
    if spec.sections.is_empty() {
        told.push(w.t(&moving("exam-sum", spec.navigation)));
    }
    told
}

fn scored(w: Words, spec: &ExamSpec) -> Vec<String> {
    let scoring = &spec.scoring;
    let mut told = vec![match scoring.cut {
        Cut::Points(n) => w.with1("exam-sum-cut", "n", n),
        Cut::Percent(percent) => w.with1("exam-sum-cut-percent", "n", percent.to_string()),
        _ => String::new(),
    }];
    if !scoring.cuts.is_empty() {
        let each = |(name, points): (&String, &u32)| w.with2("exam-sum-form-cut", "name", name, "n", *points);
        told.push(w.with1("exam-sum-cuts", "list", list(w, scoring.cuts.iter().map(each))));
    }
    if let Some(scale) = scoring.scale {
        let ends: [(&str, &dyn crate::web::i18n::Arg); 3] =
            [("min", &scale.min), ("cut", &scale.cut), ("max", &scale.max)];
        told.push(w.with("exam-sum-scale", &ends));
    }
    if let Some(from) = scoring.sections_from {
        told.push(w.with1("exam-sum-words", "n", from));
    }
    told
}

fn released(w: Words, zone: &Zone, spec: &ExamSpec) -> Vec<String> {
    vec![match spec.release {
        Release::AtOnce => w.t("exam-sum-at-once"),
        Release::Held => w.t("exam-sum-held"),
        Release::On(at) => w.with1("exam-sum-on", "at", zone.instant(w, at)),
        _ => String::new(),
    }]
}
