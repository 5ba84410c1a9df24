//! What a column means, by its name in Japanese or English, and what a service calls being there.

use serde::{Deserialize, Serialize};

use crate::tables::text::narrow;
use crate::tables::{Finding, Meaning, repeated};

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Member,
    Handle,
    Email,
    Name,
    Day,
    Object,
    Title,
    Status,
}

impl Column {
    const ALL: [Self; 8] =
        [Self::Handle, Self::Email, Self::Member, Self::Name, Self::Status, Self::Day, Self::Object, Self::Title];

    /// Whether it says whom a row is about.
    pub fn names_a_member(self) -> bool {
        matches!(self, Self::Member | Self::Handle | Self::Email)
    }
}

impl Meaning for Column {
    fn all() -> &'static [Self] {
        &Self::ALL
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Handle => "handle",
            Self::Email => "email",
            Self::Name => "name",
            Self::Day => "day",
            Self::Object => "object",
            Self::Title => "title",
            Self::Status => "status",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Member => &["member", "memberid", "メンバーid", "メンバー番号"],
            Self::Handle => {
                &["handle", "username", "user", "nickname", "ユーザー名", "ユーザ名", "ハンドル", "ニックネーム"]
            }
            Self::Email => &["email", "mail", "emailaddress", "mailaddress", "メール", "メールアドレス", "eメール"],
            Self::Name => {
                &["name", "fullname", "displayname", "表示名", "氏名", "名前", "お名前", "参加者名", "参加者"]
            }
            Self::Day => &["day", "date", "happenedon", "attendedon", "参加日", "開催日", "日付"],
            Self::Object => &["object", "url", "eventurl", "イベントurl", "対象"],
            Self::Title => &["title", "event", "eventname", "イベント", "イベント名", "タイトル"],
            Self::Status => &[
                "attendance",
                "attended",
                "checkin",
                "checkedin",
                "checkedinat",
                "checkintime",
                "出欠ステータス",
                "出欠",
                "出席",
                "チェックイン",
                "チェックイン日時",
                "受付",
                "受付日時",
            ],
        }
    }
}

/// What is missing of a meaning, or there twice.
pub fn check(meanings: &[Option<Column>]) -> Vec<Finding> {
    let mut wrong = vec![];
    if !meanings.iter().flatten().any(|column| column.names_a_member()) {
        let detail = "no column says who it is: choose the handle, the e-mail address or the member id";
        wrong.push(Finding::file("missing_who", detail));
    }
    wrong.extend(repeated(meanings));
    wrong
}

/// What a row says of being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum There {
    Yes,
    No,
    Unclear,
}

const YES: [&str; 14] = [
    "出席",
    "参加",
    "参加済み",
    "参加済",
    "チェックイン済み",
    "チェックイン済",
    "受付済み",
    "受付済",
    "○",
    "yes",
    "y",
    "true",
    "attended",
    "checkedin",
];
const NO: [&str; 14] = [
    "",
    "欠席",
    "不参加",
    "未受付",
    "未チェックイン",
    "キャンセル",
    "補欠",
    "×",
    "-",
    "no",
    "false",
    "absent",
    "cancelled",
    "canceled",
];

/// A word, a number, or the moment of checking in.
pub fn there(cell: &str) -> There {
    let word: String = narrow(cell).to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    if word == "1" || YES.contains(&word.as_str()) {
        return There::Yes;
    }
    if word == "0" || NO.contains(&word.as_str()) {
        return There::No;
    }
    // Services that note the moment of checking in leave the cell empty for all others.
    let bytes = word.as_bytes();
    let dated = bytes.len() >= 8 && bytes.iter().take(4).all(u8::is_ascii_digit);
    if dated { There::Yes } else { There::Unclear }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_connpass_is_known_by_its_header() {
        let header = [
            "参加枠名",
            "ユーザー名",
            "表示名",
            "利用開始日",
            "コメント",
            "参加ステータス",
            "出欠ステータス",
            "更新日時",
            "受付番号",
        ];
        let meanings: Vec<Option<Column>> = crate::tables::guess(&header.map(str::to_owned));
        assert_eq!(meanings[1], Some(Column::Handle));
        assert_eq!(meanings[2], Some(Column::Name));
        assert_eq!(meanings[6], Some(Column::Status));
        assert_eq!(meanings.iter().flatten().count(), 3, "nothing else is guessed");
        assert!(check(&meanings).is_empty());
    }

    #[test]
    fn who_it_is_must_be_said_once() {
        let codes = |m: &[Option<Column>]| check(m).into_iter().map(|f| f.code).collect::<Vec<_>>();
        assert_eq!(codes(&[Some(Column::Name), None]), ["missing_who"]);
        assert_eq!(codes(&[Some(Column::Email), Some(Column::Email)]), ["repeated_column"]);
        assert!(codes(&[Some(Column::Handle), Some(Column::Email)]).is_empty());
    }

    #[test]
    fn being_there_is_said_in_many_words() {
        for yes in ["出席", "チェックイン済み", "Yes", " １ ", "2026-11-20 18:59", "2026/11/20 18:59:03 +0900"]
        {
            assert_eq!(there(yes), There::Yes, "{yes}");
        }
        for no in ["", "欠席", "キャンセル", "0", "Absent"] {
            assert_eq!(there(no), There::No, "{no}");
        }
        assert_eq!(there("たぶん"), There::Unclear);
    }

    #[test]
    fn every_name_means_one_thing() {
        let mut all: Vec<_> = Column::ALL.into_iter().flat_map(Column::names).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(Column::ALL.into_iter().all(|c| Column::parse(c.as_str()) == Some(c)));
    }
}
