//! Which column of a table means what: by its name in Japanese or English, or as somebody says.

use serde::{Deserialize, Serialize};

use crate::tables::{Finding, Meaning, missing, repeated};

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Name,
    Email,
    Locale,
    Track,
    AwardedAt,
    ValidUntil,
    Evidence,
    EvidenceName,
    EvidenceText,
    EvidenceDate,
}

impl Column {
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Email,
        Self::Locale,
        Self::Track,
        Self::AwardedAt,
        Self::ValidUntil,
        Self::Evidence,
        Self::EvidenceName,
        Self::EvidenceText,
        Self::EvidenceDate,
    ];
}

impl Meaning for Column {
    fn all() -> &'static [Self] {
        &Self::ALL
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Locale => "locale",
            Self::Track => "track",
            Self::AwardedAt => "awarded_at",
            Self::ValidUntil => "valid_until",
            Self::Evidence => "evidence",
            Self::EvidenceName => "evidence_name",
            Self::EvidenceText => "evidence_text",
            Self::EvidenceDate => "evidence_date",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Name => {
                &["name", "fullname", "recipientname", "displayname", "氏名", "名前", "お名前", "受賞者名", "受領者名"]
            }
            Self::Email => &[
                "email",
                "mail",
                "emailaddress",
                "mailaddress",
                "recipientemail",
                "メール",
                "メールアドレス",
                "電子メール",
                "eメール",
            ],
            Self::Locale => &["locale", "language", "lang", "言語", "ロケール"],
            Self::Track => &["track", "trackslug", "course", "badge", "コース", "コースid", "バッジ", "資格"],
            Self::AwardedAt => &[
                "awardedat",
                "awarded",
                "awarddate",
                "awardeddate",
                "dateawarded",
                "issuedate",
                "授与日",
                "認定日",
                "合格日",
                "取得日",
            ],
            Self::ValidUntil => &["validuntil", "expires", "expiresat", "expirydate", "有効期限", "期限"],
            Self::Evidence => &["evidence", "evidenceurl", "url", "link", "根拠", "証拠", "根拠url", "エビデンス"],
            Self::EvidenceName => &["evidencename", "evidencetitle", "根拠名", "根拠の名前", "証拠名", "エビデンス名"],
            Self::EvidenceText => &[
                "evidencetext",
                "evidencedescription",
                "narrative",
                "note",
                "根拠の説明",
                "説明",
                "備考",
                "エビデンス説明",
            ],
            Self::EvidenceDate => &["evidencedate", "根拠の日付", "根拠日", "証拠の日付", "エビデンス日付"],
        }
    }
}

/// What is missing of a meaning, or there twice.
pub fn check(meanings: &[Option<Column>], has_track: bool) -> Vec<Finding> {
    let mut wrong = missing(meanings, &[(Column::Name, "氏名"), (Column::Email, "メール")]);
    if !has_track && !meanings.contains(&Some(Column::Track)) {
        let detail = "say which track: with ?track=SLUG, or by a column named `track` or `コース`";
        wrong.push(Finding::file("missing_track", detail));
    }
    wrong.extend(repeated(meanings));
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_both_languages_however_they_are_written() {
        for (header, column) in [
            ("氏名", Column::Name),
            ("Full Name", Column::Name),
            ("E-Mail", Column::Email),
            ("Ｅメール", Column::Email),
            ("メールアドレス（必須）", Column::Email),
            ("コース", Column::Track),
            ("Awarded_At", Column::AwardedAt),
            ("授与日", Column::AwardedAt),
            ("根拠URL", Column::Evidence),
        ] {
            assert_eq!(Column::named(header), Some(column), "{header}");
        }
        assert_eq!(Column::named("社員番号"), None);
    }

    #[test]
    fn every_name_means_one_thing() {
        let mut all: Vec<_> = Column::ALL.into_iter().flat_map(Column::names).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(
            Column::ALL
                .into_iter()
                .all(|c| Column::named(c.as_str()) == Some(c) && Column::parse(c.as_str()) == Some(c))
        );
    }

    #[test]
    fn what_is_missing_or_double_is_said() {
        let codes = |m: &[Option<Column>], track| check(m, track).into_iter().map(|f| f.code).collect::<Vec<_>>();
        assert_eq!(codes(&[Some(Column::Name)], false), ["missing_column", "missing_track"]);
        assert_eq!(codes(&[Some(Column::Name), Some(Column::Email), Some(Column::Email)], true), ["repeated_column"]);
        assert_eq!(codes(&[Some(Column::Name), Some(Column::Email), None], true), Vec::<&str>::new());
    }
}
