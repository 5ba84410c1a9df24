//! The name of a profile in its address. Plain letters, and none that could be taken for another one.

const SHORTEST: usize = 3;
const LONGEST: usize = 30;

/// What nobody may be called: words that speak for the site or stand in its addresses.
const RESERVED: &[&str] = &[
    "about",
    "abuse",
    "account",
    "admin",
    "administrator",
    "api",
    "assets",
    "award",
    "awards",
    "badge",
    "badges",
    "certificate",
    "certificates",
    "contact",
    "credential",
    "credentials",
    "demo",
    "directory",
    "docs",
    "exam",
    "exams",
    "examiner",
    "help",
    "holders",
    "home",
    "host",
    "hostmaster",
    "info",
    "issuer",
    "legal",
    "login",
    "logout",
    "mail",
    "member",
    "members",
    "moderator",
    "news",
    "nobody",
    "null",
    "office",
    "official",
    "operator",
    "owner",
    "postmaster",
    "privacy",
    "profile",
    "profiles",
    "public",
    "register",
    "root",
    "search",
    "security",
    "selection",
    "settings",
    "signin",
    "signup",
    "staff",
    "status",
    "support",
    "system",
    "team",
    "terms",
    "test",
    "undefined",
    "user",
    "verified",
    "verifier",
    "verify",
    "waymark",
    "webmaster",
    "www",
];

/// Why a text cannot be a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Too short or long, or with other characters.
    Form,
    /// It speaks for the site.
    Reserved,
}

/// The handle as it stands in addresses: full-width letters made plain, in lower case.
pub fn read(text: &str) -> Result<String, Unfit> {
    let handle: String = text.trim().chars().map(plain).collect::<String>().to_ascii_lowercase();
    let letters = handle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let hyphens = handle.starts_with('-') || handle.ends_with('-') || handle.contains("--");
    let named = handle.bytes().any(|b| b.is_ascii_lowercase());
    if !(SHORTEST..=LONGEST).contains(&handle.len()) || !letters || hyphens || !named {
        return Err(Unfit::Form);
    }
    let own = skeleton(&handle);
    if RESERVED.iter().any(|word| skeleton(word) == own) { Err(Unfit::Reserved) } else { Ok(handle) }
}

/// Full-width ASCII as an input method leaves it (U+FF01 to U+FF5E).
fn plain(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// What is left when letters that look alike are one and hyphens are gone: two handles with the same skeleton are too close.
pub fn skeleton(handle: &str) -> String {
    let one: String = handle
        .chars()
        .filter(|c| *c != '-')
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' => 'l',
            '5' => 's',
            '8' => 'b',
            other => other,
        })
        .collect();
    one.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_plain_and_speaks_for_nobody_else() {
        assert_eq!(read(" Hikari-7 ").as_deref(), Ok("hikari-7"));
        assert_eq!(read("ｈｉｋａｒｉ").as_deref(), Ok("hikari"));
        for bad in
            ["", "ab", "-ab", "ab-", "a--b", "a_b", "a.b", "ひかり", "hikаri", "a b", "12345", &"a".repeat(31), "a/b"]
        {
            assert_eq!(read(bad), Err(Unfit::Form), "{bad:?}");
        }
        for reserved in ["admin", "Adm1n", "ad-min", "waymark", "vvaymark", "supp0rt", "0ff1cial"] {
            assert_eq!(read(reserved), Err(Unfit::Reserved), "{reserved}");
        }
    }

    #[test]
    fn what_looks_alike_has_one_skeleton() {
        for (one, other) in [
            ("hikari", "h1kari"),
            ("hikari", "hlkari"),
            ("morn", "mom"),
            ("vvest", "west"),
            ("bob", "8o8"),
            ("a-b-c", "abc"),
        ] {
            assert_eq!(skeleton(one), skeleton(other));
        }
        assert_ne!(skeleton("hikari"), skeleton("hikaru"));
    }
}
