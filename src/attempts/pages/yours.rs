//! How long this person has, and how they move: what the exam gives everybody, what the person is allowed beyond, and when a window ends.

use time::Duration;
use waymark_assess::attempt::{Allowance, Connection, Navigation, Terms};

use crate::attempts::beginning::UNTIMED;
use crate::attempts::scheduling::{Eligibility, allowance_of};
use crate::attempts::wording::{length, section_title};
use crate::clock::Timestamp;
use crate::database::Read;
use crate::error::Result;
use crate::exams::Exam;
use crate::ids::MemberId;
use crate::web::i18n::{Arg, Words};
use crate::web::zone::Zone;

/// One section, before the exam.
pub(super) struct Section {
    pub title: String,
    /// Where it has a clock of its own.
    pub time: Option<String>,
    pub moving: String,
    /// The break after it.
    pub rest: Option<String>,
}

/// The time of a person at an exam, in words.
pub(super) struct Yours {
    /// None where the exam has no clock.
    pub time: Option<String>,
    /// Why it is not what others have.
    pub allowed: Option<String>,
    /// Breaks that the person may take.
    pub breaks: Option<String>,
    /// Where a window ends before the time would.
    pub cut: Option<String>,
    pub sections: Vec<Section>,
    /// How one moves, where there are no sections.
    pub moving: String,
    /// What becomes of the clock without a connection.
    pub connection: String,
    /// On the button that begins.
    pub begin: String,
}

fn moving(words: Words, navigation: Navigation, whole: bool) -> String {
    words.t(match (navigation, whole) {
        (Navigation::Linear, true) => "intro-moving-linear",
        (Navigation::Locked, true) | (Navigation::Free, true) => "intro-moving-free",
        (Navigation::Linear, false) => "intro-section-linear",
        (Navigation::Locked, false) => "intro-section-locked",
        (Navigation::Free, false) => "intro-section-free",
    })
}

/// The time that an exam gives this person, before accommodations and with them.
pub(in crate::attempts) async fn time_of(
    db: &impl Read,
    exam: &Exam,
    member: MemberId,
) -> Result<(Duration, Duration, Allowance)> {
    let limit = Duration::minutes(exam.spec.timing.minutes.into());
    let allowance = allowance_of(db, member, exam.id).await?;
    Ok((limit, allowance.of(limit), allowance))
}

impl Yours {
    pub async fn of(
        db: &impl Read,
        (words, zone): (Words, &Zone),
        exam: &Exam,
        (member, found): (MemberId, &Eligibility),
        now: Timestamp,
    ) -> Result<Self> {
        let (limit, own, allowance) = time_of(db, exam, member).await?;
        let untimed = exam.spec.sitting.untimed;
        let window = found.window.as_ref().filter(|window| window.cuts && !untimed);
        let terms = Terms { allowance, cut: window.map(|w| w.closes_at), ..Terms::of(limit, Duration::ZERO) };
        let has = (terms.deadline(now) - now).max(Duration::ZERO).min(own);
        let cut = (has < own).then(|| {
            let args: [(&str, &dyn Arg); 3] = [
                ("time", &length(words, has)),
                ("at", &zone.instant(words, terms.deadline(now))),
                ("usual", &length(words, own)),
            ];
            words.with("intro-time-cut", &args)
        });
        let usual = length(words, limit);
        let allowed = (own > limit).then(|| match (allowance.percent > 100, allowance.minutes > 0) {
            (true, true) => {
                let args: [(&str, &dyn Arg); 3] =
                    [("usual", &usual), ("percent", &allowance.percent), ("minutes", &allowance.minutes)];
                words.with("intro-allowed-both", &args)
            }
            (true, false) => words.with2("intro-allowed-percent", "usual", usual, "percent", allowance.percent),
            _ => words.with2("intro-allowed-minutes", "usual", usual, "minutes", allowance.minutes),
        });
        let rested = (allowance.break_minutes > 0).then(|| {
            words.with1("intro-breaks-own", "time", length(words, Duration::minutes(allowance.break_minutes.into())))
        });
        let minutes = |count: u32| Duration::minutes(count.into());
        let section = |section: &waymark_assess::spec::SectionSpec| Section {
            title: section_title(exam, words, &section.name),
            time: section.minutes.map(|count| length(words, allowance.of_part(minutes(count), limit))),
            moving: moving(words, section.navigation, false),
            rest: (section.break_minutes > 0)
                .then(|| words.with1("intro-section-break", "time", length(words, minutes(section.break_minutes)))),
        };
        let connection = match exam.spec.sitting.connection {
            Connection::Pauses { minutes: credited } if credited > 0 && !untimed => {
                words.with1("intro-how-clock-pauses", "time", length(words, minutes(credited)))
            }
            _ if untimed => words.with1("intro-how-untimed", "days", UNTIMED.whole_days()),
            _ => words.t("intro-how-clock"),
        };
        let begin = match untimed {
            true => words.t("intro-begin-untimed"),
            false if has.whole_seconds() % 60 == 0 => words.with1("intro-begin", "minutes", has.whole_minutes()),
            false => words.with1("intro-begin-for", "time", length(words, has)),
        };
        Ok(Self {
            time: (!untimed).then(|| length(words, own)),
            allowed: allowed.filter(|_| !untimed),
            breaks: rested.filter(|_| !untimed),
            cut,
            sections: exam.spec.sections.iter().map(section).collect(),
            moving: moving(words, exam.spec.navigation, true),
            connection,
            begin,
        })
    }
}
