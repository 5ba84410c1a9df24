//! `/c/{share_id}` with its suffixes, and what an `Accept` header asks for.

use axum::http::{HeaderMap, header};

/// In which form a credential is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Page,
    Json,
    Jwt,
    Png,
    Svg,
    Qr,
}

/// Takes `share_id.suffix` apart. Upper case reads like lower case, since QR codes carry upper case. None for an unknown suffix.
pub fn read(name: &str, headers: &HeaderMap) -> Option<(String, Form)> {
    let name = name.to_lowercase();
    let (share_id, suffix) = name.split_once('.').unwrap_or((&name, ""));
    let form = match suffix {
        "" => asked(headers),
        "json" => Form::Json,
        "jwt" => Form::Jwt,
        "png" => Form::Png,
        "svg" => Form::Svg,
        "qr.svg" => Form::Qr,
        _ => return None,
    };
    Some((share_id.to_owned(), form))
}

/// The first media type of ours that the header names; a page for whoever names none.
fn asked(headers: &HeaderMap) -> Form {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    for part in accept.split(',') {
        match part.split(';').next().unwrap_or_default().trim() {
            "text/html" | "application/xhtml+xml" => return Form::Page,
            "application/vc+jwt" => return Form::Jwt,
            "application/vc" | "application/ld+json" | "application/vc+ld+json" | "application/json" => {
                return Form::Json;
            }
            "image/png" => return Form::Png,
            "image/svg+xml" => return Form::Svg,
            _ => {}
        }
    }
    Form::Page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffix_and_header_lead_to_a_form() {
        let mut headers = HeaderMap::new();
        assert_eq!(read("ABC", &headers), Some(("abc".to_owned(), Form::Page)));
        assert_eq!(read("abc.QR.svg", &headers), Some(("abc".to_owned(), Form::Qr)));
        assert_eq!(read("abc.exe", &headers), None);
        headers.insert(header::ACCEPT, "application/vc+jwt, text/html;q=0.5".parse().expect("a header"));
        assert_eq!(read("abc", &headers), Some(("abc".to_owned(), Form::Jwt)));
        assert_eq!(read("abc.json", &headers), Some(("abc".to_owned(), Form::Json)), "the suffix beats the header");
    }
}
