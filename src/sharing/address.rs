//! `/c/{share_id}` with its suffixes, and in which form it is asked for.

use axum::http::HeaderMap;

use super::accept;

/// In which form a credential is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Page,
    Json,
    Jwt,
    Png,
    Svg,
    Pdf,
    Qr,
    /// What other sites show of the link.
    Preview,
}

/// What is asked for, and the media type that it is answered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub form: Form,
    pub media_type: &'static str,
}

/// What `Accept` may choose from; the first for whoever has no preference. The JSON is one document under the names that it has had.
const OFFERS: [(&str, Form); 10] = [
    ("text/html", Form::Page),
    ("application/vc", Form::Json),
    ("application/json", Form::Json),
    ("application/ld+json", Form::Json),
    ("application/vc+ld+json", Form::Json),
    ("application/vc+jwt", Form::Jwt),
    ("image/png", Form::Png),
    ("image/svg+xml", Form::Svg),
    ("application/pdf", Form::Pdf),
    ("application/xhtml+xml", Form::Page),
];

/// Takes `share_id.suffix` apart. Upper case reads like lower case, since QR codes carry upper case. None for an unknown suffix; without one the
/// form is for [`asked`] to say.
pub fn read(name: &str) -> Option<(String, Option<Wanted>)> {
    let name = name.to_lowercase();
    let (share_id, suffix) = name.split_once('.').unwrap_or((&name, ""));
    let (form, media_type) = match suffix {
        "" => return Some((share_id.to_owned(), None)),
        "json" => (Form::Json, "application/vc"),
        "jwt" => (Form::Jwt, "application/vc+jwt"),
        "png" => (Form::Png, "image/png"),
        "svg" => (Form::Svg, "image/svg+xml"),
        "pdf" => (Form::Pdf, "application/pdf"),
        "qr.svg" => (Form::Qr, "image/svg+xml"),
        "og.png" => (Form::Preview, "image/png"),
        _ => return None,
    };
    Some((share_id.to_owned(), Some(Wanted { form, media_type })))
}

/// The form that suits the request's `Accept`; none where it takes none that there is.
pub fn asked(headers: &HeaderMap) -> Option<Wanted> {
    accept::best(headers, &OFFERS).map(|(media_type, form)| Wanted { form: *form, media_type })
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn a_suffix_leads_to_a_form() {
        assert_eq!(read("ABC"), Some(("abc".to_owned(), None)));
        let form = |name: &str| read(name).and_then(|(_, wanted)| wanted).map(|w| (w.form, w.media_type));
        assert_eq!(form("abc.QR.svg"), Some((Form::Qr, "image/svg+xml")));
        assert_eq!(form("abc.pdf"), Some((Form::Pdf, "application/pdf")));
        assert_eq!(form("abc.og.png"), Some((Form::Preview, "image/png")));
        assert_eq!(read("abc.exe"), None);
        assert_eq!(read("abc.json.exe"), None);
    }

    #[test]
    fn the_answer_has_the_type_that_was_named() {
        let mut headers = HeaderMap::new();
        let mut named = |accept: &str| {
            headers.insert(header::ACCEPT, accept.parse().expect("a header"));
            asked(&headers).map(|w| (w.form, w.media_type))
        };
        for (media_type, form) in OFFERS {
            assert_eq!(named(media_type), Some((form, media_type)));
        }
        assert_eq!(named("application/*"), Some((Form::Json, "application/vc")));
        assert_eq!(named("application/vc+jwt, text/html;q=0.5"), Some((Form::Jwt, "application/vc+jwt")));
        assert_eq!(named("text/csv"), None);
    }
}
