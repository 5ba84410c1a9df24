//! What a column of a table of people means.

use serde::{Deserialize, Serialize};

use crate::tables::{Finding, Meaning, missing, repeated};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Name,
    Email,
    Language,
    Handles,
    Organization,
    Title,
}

impl Meaning for Column {
    fn all() -> &'static [Self] {
        &[Self::Name, Self::Email, Self::Language, Self::Handles, Self::Organization, Self::Title]
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Language => "language",
            Self::Handles => "handles",
            Self::Organization => "organization",
            Self::Title => "title",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["name", "fullname", "displayname", "membername", "氏名", "名前", "お名前", "表示名"],
            Self::Email => &[
                "email",
                "mail",
                "emailaddress",
                "mailaddress",
                "メール",
                "メールアドレス",
                "電子メール",
                "電子メールアドレス",
                "eメール",
            ],
            Self::Language => &["language", "locale", "lang", "言語", "ロケール", "使用言語"],
            Self::Handles => {
                &["handle", "handles", "username", "nickname", "ハンドル", "ユーザー名", "ユーザ名", "ニックネーム"]
            }
            Self::Organization => &[
                "organization",
                "organisation",
                "company",
                "affiliation",
                "所属",
                "会社",
                "会社名",
                "組織",
                "団体",
                "所属組織",
            ],
            Self::Title => &["title", "jobtitle", "position", "role", "役職", "肩書き", "肩書", "職位"],
        }
    }
}

/// What is missing of a meaning, or there twice.
pub fn check(meanings: &[Option<Column>]) -> Vec<Finding> {
    let mut wrong = missing(meanings, &[(Column::Name, "氏名"), (Column::Email, "メール")]);
    wrong.extend(repeated(meanings));
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::guess;

    #[test]
    fn headers_are_known_in_both_languages() {
        for (header, column) in [
            ("お名前", Column::Name),
            ("E-mail address", Column::Email),
            ("メールアドレス（必須）", Column::Email),
            ("言語", Column::Language),
            ("ユーザー名", Column::Handles),
            ("会社名", Column::Organization),
            ("役職", Column::Title),
        ] {
            assert_eq!(Column::named(header), Some(column), "{header}");
        }
        assert_eq!(Column::named("社員番号"), None);
        assert!(Column::all().iter().all(|c| Column::parse(c.as_str()) == Some(*c)));
    }

    #[test]
    fn every_name_means_one_thing() {
        let mut all: Vec<_> = Column::all().iter().flat_map(|c| c.names()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn name_and_address_must_be_said_once() {
        let header = ["氏名", "所属", "Title"].map(str::to_owned);
        let codes = |meanings: &[Option<Column>]| check(meanings).into_iter().map(|f| f.code).collect::<Vec<_>>();
        assert_eq!(codes(&guess(&header)), ["missing_column"]);
        assert_eq!(codes(&[Some(Column::Name), Some(Column::Email), Some(Column::Email)]), ["repeated_column"]);
        assert!(codes(&[Some(Column::Email), None, Some(Column::Name)]).is_empty());
    }
}
