//! Is this the person the reader asked about? Compared are the subject's name and its identity objects, plain or hashed
//! (Open Badges 3.0 §8.5).

use sha2::{Digest, Sha256};

use super::{
    detail::{Code, Detail},
    policy::RecipientAsked,
    report::Outcome,
};
use crate::{
    fold,
    model::{AchievementSubject, IdentityObject},
};

/// Compares everything that was asked; one difference decides, then one thing that cannot be compared.
pub(super) fn compare(subject: &AchievementSubject, asked: Option<&RecipientAsked>) -> (Outcome, Detail) {
    let Some(asked) = asked else { return (Outcome::NotChecked, Code::RecipientNotAsked.into()) };
    let identities = |kind: &'static str| subject.identifier.iter().filter(move |one| one.identity_type == kind);
    let email = asked.email.as_ref().map(|asked| any_of(identities("emailAddress").map(|one| same_email(one, asked))));
    let name = asked.name.as_ref().map(|asked| {
        let plain = subject.name.iter().map(|name| Some(fold::name(name) == fold::name(asked)));
        any_of(plain.chain(identities("name").map(|one| same(one, asked, fold::name))))
    });
    let answers: Vec<Option<bool>> = [email, name].into_iter().flatten().collect();
    let (outcome, code) = if answers.is_empty() {
        (Outcome::NotChecked, Code::RecipientNotAsked)
    } else if answers.contains(&Some(false)) {
        (Outcome::Failed, Code::RecipientDiffers)
    } else if answers.contains(&None) {
        (Outcome::NotChecked, Code::RecipientNotStated)
    } else {
        (Outcome::Passed, Code::RecipientMatches)
    };
    (outcome, code.into())
}

/// True if any statement matches, false if there are some and none does, nothing if none could be compared.
fn any_of(statements: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    statements.flatten().reduce(|a, b| a || b)
}

fn same_email(identity: &IdentityObject, asked: &str) -> Option<bool> {
    same(identity, asked, fold::email)
}

/// Nothing where the identity is hashed in a way that is not supported here.
fn same(identity: &IdentityObject, asked: &str, folded: fn(&str) -> String) -> Option<bool> {
    if !identity.hashed {
        return Some(folded(&identity.identity_hash) == folded(asked));
    }
    let hash = identity.identity_hash.strip_prefix("sha256$")?;
    let salt = identity.salt.as_deref().unwrap_or_default();
    let hashed = |text: &String| {
        let digest = Sha256::new().chain_update(text).chain_update(salt).finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().eq_ignore_ascii_case(hash)
    };
    // an issuer hashed one spelling, and nobody says which
    Some(fold::spellings(asked, folded).iter().any(hashed))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(subject_name: Option<&str>, identifiers: &serde_json::Value, asked: &RecipientAsked) -> Code {
        let mut subject = json!({"type": ["AchievementSubject"], "achievement": {"id": "urn:x:a", "type": ["Achievement"],
            "name": "n", "description": "d", "criteria": {"narrative": "c"}}, "identifier": identifiers});
        if let Some(name) = subject_name {
            subject["name"] = json!(name);
        }
        compare(&serde_json::from_value(subject).unwrap(), Some(asked)).1.code
    }

    fn email(email: &str) -> RecipientAsked {
        RecipientAsked { email: Some(email.into()), name: None }
    }

    fn name(name: &str) -> RecipientAsked {
        RecipientAsked { email: None, name: Some(name.into()) }
    }

    #[test]
    fn one_name_in_every_way_of_writing_it() {
        let matches = |stated: &str, asked: &str| outcome(Some(stated), &json!([]), &name(asked));
        for (stated, asked) in [
            ("山田 太郎", "山田　太郎"),
            ("やまだ たろう", "ヤマダ タロウ"),
            ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"),
            ("ジョン・スミス", "ジョン スミス"),
            ("Ｊｏｈｎ Smith", "john smith"),
            ("Zoe\u{308}", "zoë"),
            ("髙橋 翔太", "高橋翔太"),
            ("山﨑 花子", "山崎 花子"),
            ("渡邉 直子", "渡辺直子"),
            ("葛\u{e0100}城 一", "葛城 一"),
        ] {
            assert_eq!(matches(stated, asked), Code::RecipientMatches, "{stated} {asked}");
        }
        for (stated, asked) in [("山田 太郎", "山田 次郎"), ("ヤマダ", "ヤマタ"), ("カ", "力"), ("斉藤", "斎藤")]
        {
            assert_eq!(matches(stated, asked), Code::RecipientDiffers, "{stated} {asked}");
        }
    }

    #[test]
    fn the_hash_of_the_specification() {
        let hashed = json!([{"type": "IdentityObject", "hashed": true, "identityType": "emailAddress", "salt": "Kosher",
            "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"}]);
        assert_eq!(outcome(None, &hashed, &email(" A@example.com ")), Code::RecipientMatches);
        assert_eq!(outcome(None, &hashed, &email("b@example.com")), Code::RecipientDiffers);
        assert_eq!(outcome(None, &hashed, &name("a@example.com")), Code::RecipientNotStated);
        let md5 = json!([{"type": "IdentityObject", "hashed": true, "identityType": "emailAddress", "identityHash": "md5$00"}]);
        assert_eq!(outcome(None, &md5, &email("a@example.com")), Code::RecipientNotStated);
    }

    #[test]
    fn a_hashed_name_in_the_spellings_that_issuers_use() {
        let hashed = |stated: &str| {
            let digest = Sha256::new().chain_update(stated).chain_update("salt").finalize();
            let hex: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
            json!([{"type": "IdentityObject", "hashed": true, "identityType": "name", "salt": "salt", "identityHash": format!("sha256${hex}")}])
        };
        for (stated, asked) in [
            ("山田 太郎", "山田　太郎"),
            ("山田太郎", "山田 太郎"),
            ("山田　太郎", "山田　太郎"),
            ("Taro Yamada", "Ｔａｒｏ  Yamada"),
            ("taro yamada", "Taro Yamada"),
        ] {
            assert_eq!(outcome(None, &hashed(stated), &name(asked)), Code::RecipientMatches, "{stated} {asked}");
        }
        assert_eq!(outcome(None, &hashed("山田 太郎"), &name("山田 次郎")), Code::RecipientDiffers);
    }

    #[test]
    fn names_without_their_spaces() {
        let plain =
            json!([{"type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": "山田 太郎"}]);
        assert_eq!(outcome(None, &plain, &name("山田　太郎")), Code::RecipientMatches);
        assert_eq!(outcome(None, &plain, &name("山田 花子")), Code::RecipientDiffers);
        assert_eq!(outcome(Some("Taro Yamada"), &plain, &name("taro YAMADA")), Code::RecipientMatches);
        assert_eq!(outcome(Some("Taro"), &json!([]), &email("taro@example.org")), Code::RecipientNotStated);
    }

    #[test]
    fn everything_asked_must_match() {
        let both = RecipientAsked { email: Some("x@example.org".into()), name: Some("Taro".into()) };
        assert_eq!(outcome(Some("Taro"), &json!([]), &both), Code::RecipientNotStated);
        assert_eq!(outcome(Some("Jiro"), &json!([]), &both), Code::RecipientDiffers);
        assert_eq!(outcome(Some("Taro"), &json!([]), &RecipientAsked::default()), Code::RecipientNotAsked);
    }
}
