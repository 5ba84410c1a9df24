//! How this room writes points, lengths of time, sections and people: one way for all its pages, in both languages.
//!
//! Points are exact fractions. A whole number stands as it is. What ends within two decimals is written with a point: 2.5. Another fraction with a
//! denominator of at most 20 is written as people write it: 1 1/3, in Japanese 1と1/3. All else is cut, never rounded up, to two decimals and says
//! so, so that nobody reads a pass mark that was not reached. Where the text is not a whole number, the exact fraction stands beside it.

use time::Duration;
use waymark_assess::Rational;

use crate::access;
use crate::actor::Actor;
use crate::app::App;
use crate::database::Read;
use crate::error::Result;
use crate::exams::Exam;
use crate::web::i18n::Words;
use crate::web::zone::Zone;
use crate::{issuer, members};

/// Denominators up to this one are read at a glance.
const READABLE: i64 = 20;

/// Points as they are read, and exactly where that says more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub text: String,
    pub exact: Option<String>,
}

/// Points as people write them.
pub fn points(words: Words, value: Rational) -> String {
    let (numerator, denominator) = (value.numerator().unsigned_abs(), value.denominator().unsigned_abs());
    let (whole, part) = (numerator / denominator, numerator % denominator);
    let sign = if value.numerator() < 0 { "−" } else { "" };
    let hundredths = u128::from(part) * 100 / u128::from(denominator);
    let decimal = || format!("{whole}.{hundredths:02}").trim_end_matches('0').trim_end_matches('.').to_owned();
    if part == 0 {
        format!("{sign}{whole}")
    } else if 100 % denominator == 0 {
        format!("{sign}{}", decimal())
    } else if value.denominator() > READABLE {
        words.with1("points-about", "value", format!("{sign}{}", decimal()))
    } else if whole == 0 {
        format!("{sign}{part}/{denominator}")
    } else {
        words.with2("points-mixed", "whole", format!("{sign}{whole}"), "part", format!("{part}/{denominator}"))
    }
}

/// So many points of so many.
pub fn score(words: Words, value: Rational, max: Rational) -> Figure {
    let text = words.with2("result-score-value", "points", points(words, value), "max", points(words, max));
    let fractions = value.denominator() > 1 || max.denominator() > 1;
    let exact = fractions
        .then(|| words.with2("result-score-value", "points", value.to_string(), "max", max.to_string()))
        .filter(|exact| *exact != text);
    Figure { text, exact }
}

/// Points alone, as a figure.
pub fn figure(words: Words, value: Rational) -> Figure {
    let text = points(words, value);
    Figure { exact: (value.denominator() > 1).then(|| value.to_string()).filter(|exact| *exact != text), text }
}

/// A length of time in minutes, and in seconds where it is not whole: what is promised is what the clock gives.
pub fn length(words: Words, time: Duration) -> String {
    let (minutes, seconds) = (time.whole_minutes().max(0), time.whole_seconds().max(0) % 60);
    match (minutes, seconds) {
        (_, 0) => words.with1("length-minutes", "minutes", minutes),
        _ => words.with2("length-minutes-seconds", "minutes", minutes, "seconds", seconds),
    }
}

/// A section as candidates read it: its title, else the titles of its domains, else its name.
pub fn section_title(exam: &Exam, words: Words, name: &str) -> String {
    let Some(section) = exam.spec.sections.iter().find(|section| section.name == name) else { return name.to_owned() };
    if let Some(title) = &section.title {
        return title.pick(words.lang()).1.to_owned();
    }
    let titles: Option<Vec<&str>> =
        section.domains.iter().map(|domain| Some(exam.spec.domain(domain)?.1.pick(words.lang()).1)).collect();
    titles.map_or_else(|| name.to_owned(), |titles| titles.join(&words.t("list-comma")))
}

/// Who did something, for other staff: a name, and the id beside it where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub id: Option<String>,
}

/// Whom a row names as the one who acted: `mem_…`, `key_…`, `operator`, `system:…`.
pub async fn person(db: &impl Read, words: Words, actor: &str) -> Result<Person> {
    let named = match Actor::parse(actor) {
        Some(Actor::Member(id)) => match members::exists(db, id).await? {
            true => Some(members::find(db, id).await?.name),
            false => None,
        },
        Some(Actor::ApiKey(id)) => {
            access::api_key_name(db, id).await?.map(|name| words.with1("person-key", "name", name))
        }
        Some(Actor::Operator) => return Ok(Person { name: words.t("person-operator"), id: None }),
        _ => return Ok(Person { name: words.t("person-waymark"), id: None }),
    };
    // Somebody who is no longer there is named by what the row says.
    Ok(Person { name: named.unwrap_or_else(|| words.t("person-gone")), id: Some(actor.to_owned()) })
}

/// The time zone of the program.
pub(super) async fn zone(app: &App) -> Result<Zone> {
    let issuer = issuer::default_issuer(app.db.read()).await?;
    Ok(issuer.map_or_else(Zone::utc, |issuer| issuer.profile.zone()))
}

/// The title of an exam, else its slug.
pub(super) fn title(exam: &Exam, words: Words) -> String {
    exam.spec.title.as_ref().map_or_else(|| exam.spec.slug.clone(), |title| title.pick(words.lang()).1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::i18n::Locale;

    #[test]
    fn points_are_written_as_people_write_them_and_never_rounded_up() {
        let (en, ja) = (Words::new(Locale::En), Words::new(Locale::Ja));
        let written = |text: &str| {
            let value: Rational = text.parse().expect("a number");
            [points(en, value), points(ja, value)]
        };
        for (exact, in_english, in_japanese) in [
            ("0", "0", "0"),
            ("26", "26", "26"),
            ("5/2", "2.5", "2.5"),
            ("21/4", "5.25", "5.25"),
            ("51/100", "0.51", "0.51"),
            ("4/3", "1 1/3", "1と1/3"),
            ("2/3", "2/3", "2/3"),
            ("-4/3", "−1 1/3", "−1と1/3"),
            ("77/3", "25 2/3", "25と2/3"),
            ("155/6", "25 5/6", "25と5/6"),
            ("77999/3000", "about 25.99", "約25.99"),
            ("1/21", "about 0.04", "約0.04"),
        ] {
            assert_eq!(written(exact), [in_english, in_japanese], "{exact}");
        }
        let third = score(en, "4/3".parse().expect("a number"), Rational::from(3));
        assert_eq!((third.text.as_str(), third.exact.as_deref()), ("1 1/3 of 3 points", Some("4/3 of 3 points")));
        assert_eq!(score(en, Rational::from(2), Rational::from(3)).exact, None);
    }

    #[test]
    fn a_length_is_what_the_clock_gives() {
        let (en, ja) = (Words::new(Locale::En), Words::new(Locale::Ja));
        let half = Duration::minutes(25) * 3 / 2;
        assert_eq!([length(en, half), length(ja, half)], ["37 minutes 30 seconds", "37 分 30 秒"]);
        assert_eq!([length(en, Duration::MINUTE), length(ja, Duration::HOUR)], ["1 minute", "60 分"]);
    }
}
