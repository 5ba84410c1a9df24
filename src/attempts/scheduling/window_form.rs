//! The form about a window: planned anew, or changed.

use serde::Deserialize;

use super::windows::{NewWindow, Window};
use crate::clock::{Timestamp, parse_rfc3339};
use crate::error::{Error, Fault, Result};
use crate::web::i18n::Words;
use crate::web::zone::Zone;

/// The fields at fault with what to write there.
#[derive(Debug, Default)]
pub(super) struct Wrong(Vec<(&'static str, String)>);

impl Wrong {
    pub(super) fn of(words: Words, error: &Error) -> Self {
        Self(error.faults().iter().map(|fault| worded(words, fault)).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.0.iter()
    }

    /// What to write in the field, where what stands there does not fit.
    pub(super) fn beside(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| *name == field).map_or("", |(_, text)| text.as_str())
    }
}

/// What stands in the form about a window.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowForm {
    pub(super) name: String,
    /// Day of the program's calendar and time of its clock: `2027-04-01`, `09:30`.
    pub(super) day: String,
    pub(super) from: String,
    pub(super) until_day: String,
    pub(super) until: String,
    #[serde(default)]
    pub(super) seats: String,
    #[serde(default)]
    pub(super) cuts: Option<String>,
    #[serde(default)]
    pub(super) identity: Option<String>,
    #[serde(default)]
    pub(super) start_code: String,
}

/// A day and a time of the zone's clock. On the day of a change of clocks the time counts from the beginning of that day.
fn moment(zone: &Zone, day: &str, clock: &str, pointer: &str) -> Result<Timestamp> {
    let wrong =
        || Error::invalid(vec![Fault::new(pointer, "not_a_time", "write a day like 2027-04-01 and a time like 09:30")]);
    let (first, _) = zone.day(day).ok_or_else(wrong)?;
    let of_day = parse_rfc3339(&format!("1970-01-01T{clock}:00Z")).filter(|_| clock.len() == 5).ok_or_else(wrong)?;
    Ok(first + (of_day - Timestamp::UNIX_EPOCH))
}

impl WindowForm {
    /// The form as it stands for a window that is there.
    pub(super) fn of(zone: &Zone, window: &Window) -> Self {
        let day = |at| {
            let (year, month, day) = zone.calendar(at);
            format!("{year:04}-{month:02}-{day:02}")
        };
        let minute = |at| zone.clock(at).chars().take("09:30".len()).collect();
        Self {
            name: window.name.clone(),
            day: day(window.opens_at),
            from: minute(window.opens_at),
            until_day: day(window.closes_at),
            until: minute(window.closes_at),
            seats: window.seats.map(|seats| seats.to_string()).unwrap_or_default(),
            cuts: window.cuts.then(|| "yes".to_owned()),
            identity: window.identity.then(|| "yes".to_owned()),
            start_code: window.start_code.clone().unwrap_or_default(),
        }
    }

    /// What it says in place of a window that is there. A time that nobody touched stays as it is, also where the form cannot say it: to the second, or
    /// on the day of a change of clocks.
    ///
    /// # Errors
    /// A day or a time that is none.
    pub(super) fn instead_of(self, zone: &Zone, window: &Window) -> Result<NewWindow> {
        let was = Self::of(zone, window);
        let opens = ((&was.day, &was.from) == (&self.day, &self.from)).then_some(window.opens_at);
        let closes = ((&was.until_day, &was.until) == (&self.until_day, &self.until)).then_some(window.closes_at);
        let new = self.window(zone)?;
        Ok(NewWindow { opens_at: opens.unwrap_or(new.opens_at), closes_at: closes.unwrap_or(new.closes_at), ..new })
    }

    /// The window that it says.
    ///
    /// # Errors
    /// A day or a time that is none.
    pub(super) fn window(self, zone: &Zone) -> Result<NewWindow> {
        let seats = Some(self.seats.trim()).filter(|text| !text.is_empty());
        Ok(NewWindow {
            opens_at: moment(zone, &self.day, &self.from, "/day")?,
            closes_at: moment(zone, &self.until_day, &self.until, "/until_day")?,
            // What is no number is refused as one that does not fit.
            seats: seats.map(|text| text.parse().unwrap_or_default()),
            name: self.name,
            cuts: self.cuts.is_some(),
            identity: self.identity.is_some(),
            start_code: Some(self.start_code),
        })
    }
}

/// The field that a fault is about, and what to write there.
fn worded(words: Words, fault: &Fault) -> (&'static str, String) {
    let (field, key) = match fault.pointer.as_str() {
        "/name" => ("name", "windows-fault-name"),
        "/day" => ("day", "windows-fault-opens"),
        "/until_day" => ("until_day", "windows-fault-closes"),
        "/closes_at" => ("until_day", "windows-fault-backwards"),
        "/seats" if fault.code == "below_taken" => ("seats", "windows-fault-below-taken"),
        "/seats" => ("seats", "windows-fault-seats"),
        _ => ("start_code", "windows-fault-start-code"),
    };
    (field, words.t(key))
}
