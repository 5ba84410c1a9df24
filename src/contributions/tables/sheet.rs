//! A file and its settings → one event a row, with what is wrong with the row itself. Nothing is looked up here but the source.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::columns::{self, Column, There};
use crate::clock::{Timestamp, parse_rfc3339, rfc3339};
use crate::contributions::envelope::Envelope;
use crate::tables::text::{narrow, plain_day};
use crate::tables::{Apart, Cells, Columns, FileSettings, Finding, Import as _, Opened};
use crate::web::zone::Zone;

/// A service whose list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    None,
    Connpass,
    Peatix,
    Doorkeeper,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::None, Self::Connpass, Self::Peatix, Self::Doorkeeper];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Connpass => "connpass",
            Self::Peatix => "peatix",
            Self::Doorkeeper => "doorkeeper",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text)
    }

    /// The source under which its handles are known.
    pub fn source(self) -> &'static str {
        match self {
            Self::None => crate::contributions::own::TABLES,
            Self::Connpass => "https://connpass.com",
            Self::Peatix => "https://peatix.com",
            Self::Doorkeeper => "https://www.doorkeeper.jp",
        }
    }
}

/// What is said about a file beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub preset: Preset,
    /// The event type of every row.
    pub kind: String,
    /// The thing that the rows are about, where no column says it: the address of the gathering.
    pub object: Option<String>,
    pub title: Option<String>,
    /// `2026-04-01`, where no column says it.
    pub day: Option<String>,
    #[serde(flatten)]
    pub file: FileSettings<Column>,
}

/// One row, read.
#[derive(Debug, Clone)]
pub struct Row {
    /// As a spreadsheet counts: the header is row 1.
    pub row: u32,
    pub who: String,
    pub read: Read,
}

#[derive(Debug, Clone)]
pub enum Read {
    Event(Box<Envelope>),
    /// The row says that they were not there.
    NotThere,
    Wrong(Finding),
}

/// Reads the file by the meanings of its columns.
///
/// # Errors
/// What is wrong with the file as a whole.
pub fn read(
    place: &Apart,
    bytes: &[u8],
    settings: &Settings,
    zone: &Zone,
    now: Timestamp,
) -> Result<Vec<Row>, Vec<Finding>> {
    let Opened { table, meanings, .. } = settings.opened(place, bytes)?;
    let columns = Columns { header: &table.header, meanings: &meanings };
    Ok(table.rows.into_iter().map(|cells| row(cells, columns, settings, zone, now)).collect())
}

fn row(
    Cells { row, cells }: Cells,
    columns: Columns<'_, Column>,
    settings: &Settings,
    zone: &Zone,
    now: Timestamp,
) -> Row {
    let cell = |column| columns.cell(&cells, column);
    let called = |column| columns.called(column);
    let who = cell(Column::Name).or(cell(Column::Handle)).or(cell(Column::Email)).or(cell(Column::Member));
    let who = who.unwrap_or_default().to_owned();
    let read = |read| Row { row, who: who.clone(), read };
    if columns.has(Column::Status) {
        match columns::there(cell(Column::Status).unwrap_or_default()) {
            There::Yes => {}
            There::No => return read(Read::NotThere),
            There::Unclear => {
                let detail = "it is not clear whether they were there: write 出席 or 欠席, yes or no";
                let value = cell(Column::Status).unwrap_or_default();
                return read(Read::Wrong(Finding::error("unclear_status", called(Column::Status), value, detail)));
            }
        }
    }
    let subject = match (cell(Column::Member), cell(Column::Handle), cell(Column::Email)) {
        (Some(id), _, _) => narrow(id),
        (None, Some(handle), _) => format!("handle:{}", narrow(handle).trim().trim_start_matches('@')),
        (None, None, Some(email)) => format!("mailto:{}", narrow(email).trim()),
        (None, None, None) => {
            let detail = "nothing says who it is: fill in the handle, the address or the member id";
            return read(Read::Wrong(Finding::error("missing_value", "", "", detail)));
        }
    };
    let Some(object) = cell(Column::Object).map(str::to_owned).or_else(|| settings.object.clone()) else {
        let detail = "nothing says what it is about: name the gathering for all rows, or fill in a column for it";
        return read(Read::Wrong(Finding::error("missing_object", called(Column::Object), "", detail)));
    };
    let written = cell(Column::Day).map(str::to_owned).or_else(|| settings.day.clone()).unwrap_or_default();
    let Some(day) = day(&written, zone).filter(|at| *at <= now) else {
        let detail = "write a day that is not ahead, such as 2026-04-01 or 2026/4/1";
        return read(Read::Wrong(Finding::error("invalid_time", called(Column::Day), &written, detail)));
    };
    read(event(settings, &subject, &object, cell(Column::Title).or(settings.title.as_deref()), day))
}

fn day(text: &str, zone: &Zone) -> Option<Timestamp> {
    let day = plain_day(text)?;
    parse_rfc3339(&day).or_else(|| zone.day(&day).map(|(first, _)| first))
}

/// The event of a row. Its id follows from what it says, so that the same row of another upload is the same event.
fn event(settings: &Settings, subject: &str, object: &str, title: Option<&str>, at: Timestamp) -> Read {
    let source = settings.preset.source();
    let id = Sha256::digest(format!("{}\x1f{object}\x1f{}", settings.kind, subject.to_lowercase()));
    let id: String = id.iter().map(|b| format!("{b:02x}")).collect();
    let web = object.starts_with("https://") || object.starts_with("http://");
    let mut data = json!({"object": object, "accepted_by": "staff"});
    if web {
        data["url"] = json!(object);
    }
    if let Some(title) = title {
        data["title"] = json!(title);
    }
    let event = json!({
        "specversion": "1.0", "id": format!("row:{id}"), "source": source, "type": settings.kind, "subject": subject,
        "time": rfc3339(at), "data": data,
    });
    match Envelope::structured(event) {
        Ok(event) => Read::Event(Box::new(event)),
        Err(wrong) => Read::Wrong(Finding::error("unreadable_row", "", subject, wrong.what.detail())),
    }
}

/// The event as it is kept for its row of long work.
pub fn kept(event: &Envelope) -> Value {
    json!({
        "specversion": "1.0", "id": event.id, "source": event.source, "type": event.kind, "subject": event.subject,
        "time": event.time.map(rfc3339), "data": event.data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            preset: Preset::Connpass,
            kind: "event.attended".to_owned(),
            object: Some("https://guild.connpass.com/event/1/".to_owned()),
            title: None,
            day: Some("2026-11-20".to_owned()),
            file: FileSettings::of("", None, b""),
        }
    }

    fn rows(text: &[u8], settings: &Settings) -> Vec<Row> {
        let now = parse_rfc3339("2026-11-21T00:00:00Z").expect("a literal time");
        read(&Apart::in_a_test(), text, settings, &Zone::utc(), now).expect("a table")
    }

    #[test]
    fn a_list_in_cp932_becomes_events_with_ids_that_stay() {
        let text = "参加枠名,ユーザー名,表示名,参加ステータス,出欠ステータス\n一般,Hikari,七瀬 ひかり,参加,出席\n一般,ren,蓮,参加,欠席\n一般,mio,澪,参加,たぶん\n";
        let bytes = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
        let first = rows(&bytes, &settings());
        let Read::Event(event) = &first[0].read else { panic!("{:?}", first[0]) };
        assert_eq!((event.subject.as_deref(), event.source.as_str()), (Some("handle:Hikari"), "https://connpass.com"));
        assert_eq!(first[0].who, "七瀬 ひかり");
        assert!(matches!(first[1].read, Read::NotThere));
        assert!(matches!(&first[2].read, Read::Wrong(f) if f.code == "unclear_status"));
        let again = rows(&bytes, &Settings { day: Some("2026/11/19".to_owned()), ..settings() });
        let Read::Event(same) = &again[0].read else { panic!("{:?}", again[0]) };
        assert_eq!(same.id, event.id, "the day is no part of which row it is");
        let other =
            rows(&bytes, &Settings { object: Some("https://guild.connpass.com/event/2/".to_owned()), ..settings() });
        let Read::Event(other) = &other[0].read else { panic!("{:?}", other[0]) };
        assert_ne!(other.id, event.id);
    }

    #[test]
    fn what_a_row_lacks_is_said() {
        let code = |text: &str, settings: &Settings| match &rows(text.as_bytes(), settings)[0].read {
            Read::Wrong(finding) => finding.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code("handle,name\n,a\n", &settings()), "missing_value");
        assert_eq!(code("handle\na\n", &Settings { object: None, ..settings() }), "missing_object");
        assert_eq!(code("handle\na\n", &Settings { day: None, ..settings() }), "invalid_time");
        assert_eq!(code("handle,day\na,2026-11-22\n", &settings()), "invalid_time", "a day ahead");
    }
}
