//! Opening a credential by its printed number. The number alone opens nothing: numbers can be walked, check codes cannot.
//!
//! * A wrong guess and an unknown number answer alike, and both are counted, by address and by number.
//! * A holder's name opens only what the holder made public: a name can be guessed, and what is shown by link alone needs the link.

use subtle::ConstantTimeEq as _;
use waymark_credential::fold;

use super::absent::nothing_there;
use crate::app::{About, App};
use crate::credentials::{self, Credential, Visibility};
use crate::error::Result;

/// What goes with a number.
pub(super) enum Key<'a> {
    CheckCode(&'a str),
    HolderName(&'a str),
}

/// Longer texts are no numbers.
const LONGEST: usize = 100;

/// The signed document behind a number.
pub(super) async fn opened(app: &App, number: &str, key: Key<'_>) -> Result<Vec<u8>> {
    let (given, number) = (number.trim(), in_one_form(number));
    let tries: &[About<'_>] = match key {
        Key::CheckCode(_) => &[About::Number(&number)],
        Key::HolderName(_) => &[About::Number(&number), About::NumberByName],
    };
    for about in tries {
        app.limits.try_at(*about)?;
    }
    let mut known = None;
    // as it was given first: a program may number with characters that folding changes
    for form in [given, &number] {
        let readable = !form.is_empty() && form.len() <= LONGEST && !form.chars().any(char::is_control);
        if known.is_none() && readable {
            known = credentials::by_number(app.db.read(), form).await?;
        }
        if given == number {
            break;
        }
    }
    match known.filter(|credential| fits(credential, &key)) {
        Some(credential) => {
            tries.iter().for_each(|about| app.limits.was_no_guess(*about));
            Ok(credentials::signed_json(app.db.read(), &credential).await?.into_bytes())
        }
        None => Err(nothing_there("no_such_number")),
    }
}

fn fits(credential: &Credential, key: &Key<'_>) -> bool {
    let same = |one: &str, other: &str| bool::from(one.as_bytes().ct_eq(other.as_bytes()));
    credential.is_released()
        && match key {
            Key::CheckCode(code) => same(&check_code(&credential.check_code), &check_code(code)),
            Key::HolderName(name) => {
                let name = fold::name(name);
                credential.visibility == Visibility::Public
                    && !name.is_empty()
                    && same(&fold::name(&credential.name), &name)
            }
        }
}

/// A number as it is stored and counted: in one width, upper case, without white space around it, with the one kind of hyphen.
pub(super) fn in_one_form(number: &str) -> String {
    let hyphen = |c: char| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}') { '-' } else { c };
    fold::width(number).trim().to_uppercase().chars().map(hyphen).collect()
}

/// A check code as it is compared: Crockford's base32 has no I, L, O or U, so that what looks alike is meant alike.
pub(super) fn check_code(code: &str) -> String {
    let digit = |c: char| match c {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    fold::width(code).to_uppercase().chars().filter(kept).map(digit).collect()
}

/// Whether a text has the form of a check code.
pub(super) fn looks_like_a_check_code(text: &str) -> bool {
    let code = check_code(text);
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_code_as_people_type_them() {
        for typed in ["EG-2026-000001", " eg-2026-000001\u{3000}", "ＥＧ－２０２６－０００００１", "EG‐2026‐000001"]
        {
            assert_eq!(in_one_form(typed), "EG-2026-000001", "{typed}");
        }
        for typed in ["A0B1C2", "a0b1c2", "AoBiC2", " A0B-1C2", "Ａ０Ｂ１Ｃ２", "A0BLC2"] {
            assert_eq!(check_code(typed), "A0B1C2", "{typed}");
            assert!(looks_like_a_check_code(typed), "{typed}");
        }
        assert!(!looks_like_a_check_code("A0B1C") && !looks_like_a_check_code("七瀬ひかり"));
    }
}
