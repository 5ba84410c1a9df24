//! What an `Accept` header asks for (RFC 9110 §12.5.1): quality first, then the more exact range, then the order of the request.

use axum::http::{HeaderMap, header};

/// Ranges that are read; what follows says nothing new.
const MOST: usize = 64;

struct Range<'h> {
    kind: &'h str,
    sub: &'h str,
    /// Thousandths.
    quality: u16,
}

/// Which of `offers` suits the request best; the first where it names no preference, none where it accepts none of them.
pub(super) fn best<'o, T>(headers: &HeaderMap, offers: &'o [(&'static str, T)]) -> Option<&'o (&'static str, T)> {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok());
    let ranges: Vec<Range<'_>> = lines.flat_map(|line| parts(line, ',')).filter_map(read).take(MOST).collect();
    if ranges.is_empty() {
        return offers.first();
    }
    let rated = offers.iter().enumerate().filter_map(|(place, offer)| Some((rate(&ranges, offer.0, place)?, offer)));
    rated.max_by_key(|(rating, _)| *rating).map(|(_, offer)| offer)
}

/// Quality, exactness, how early the range stands, how early the offer stands. None where the type is not wanted.
fn rate(ranges: &[Range<'_>], offer: &str, place: usize) -> Option<(u16, u8, usize, usize)> {
    let (kind, sub) = offer.split_once('/')?;
    let exactness = |r: &Range<'_>| match (r.kind, r.sub) {
        ("*", "*") => Some(0),
        (k, "*") if k.eq_ignore_ascii_case(kind) => Some(1),
        (k, s) if k.eq_ignore_ascii_case(kind) && s.eq_ignore_ascii_case(sub) => Some(2_u8),
        _ => None,
    };
    // The most exact range speaks for the type, whatever the others say; of two alike, the first.
    let matching = ranges.iter().enumerate().filter_map(|(at, r)| Some((exactness(r)?, MOST - at, r.quality)));
    let (exact, early, quality) = matching.max()?;
    (quality > 0).then_some((quality, exact, if exact == 2 { early } else { 0 }, usize::MAX - place))
}

/// Splits at the mark, not inside quotes.
fn parts(line: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    line.split(move |c: char| {
        let ends = c == mark && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        ends
    })
}

/// One media range. Parameters other than `q` do not narrow it: a document here has one profile. What is no range is passed over.
fn read(part: &str) -> Option<Range<'_>> {
    let mut pieces = parts(part, ';').map(str::trim);
    let (kind, sub) = pieces.next()?.split_once('/')?;
    let quality = pieces.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
    let quality = match quality.map(str::parse::<f32>) {
        None => 1000,
        Some(Ok(q)) if (0.0..=1.0).contains(&q) => (q * 1000.0).round() as u16,
        Some(_) => return None,
    };
    let sound = !kind.is_empty() && !sub.is_empty() && (kind != "*" || sub == "*");
    sound.then_some(Range { kind, sub, quality })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: [(&str, u8); 4] =
        [("text/html", 1), ("application/vc", 2), ("application/json", 3), ("image/png", 4)];

    fn asked(accept: &str) -> Option<u8> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().expect("a header"));
        best(&headers, &OFFERS).map(|(_, form)| *form)
    }

    #[test]
    fn the_best_quality_wins_whatever_the_order() {
        assert_eq!(asked("text/html;q=0.5, application/vc"), Some(2));
        assert_eq!(asked("text/html;q=0.5, application/vc;q=0.4"), Some(1));
        assert_eq!(asked("application/vc;q=0.001, image/png;q=0.002"), Some(4));
        assert_eq!(asked("application/json, application/vc"), Some(3), "alike: in the order of the request");
        assert_eq!(asked("TEXT/HTML;q=0.1, Application/JSON ; Q=0.2"), Some(3));
    }

    #[test]
    fn the_more_exact_range_speaks_for_a_type() {
        assert_eq!(asked("*/*"), Some(1));
        assert_eq!(asked("text/html;q=0, */*"), Some(2), "anything but a page");
        assert_eq!(asked("image/*, */*;q=0.1"), Some(4));
        assert_eq!(asked("application/json, text/plain, */*"), Some(3), "named beats any");
        assert_eq!(asked("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"), Some(1));
        assert_eq!(asked("application/*;q=0.9, application/vc;q=0.1, text/html;q=0.5"), Some(3));
    }

    #[test]
    fn what_is_not_there_is_not_made_up() {
        assert_eq!(asked("application/xml"), None);
        assert_eq!(asked("text/csv, image/png;q=0"), None);
        assert_eq!(asked("*/*;q=0"), None);
    }

    #[test]
    fn no_preference_is_the_page() {
        assert_eq!(best(&HeaderMap::new(), &OFFERS).map(|(_, form)| *form), Some(1));
        for nothing in ["", ",", "text", "/", "*/png", "image/png;q=2", "image/png;q=x"] {
            assert_eq!(asked(nothing), Some(1), "{nothing:?} is no range");
        }
    }

    #[test]
    fn a_comma_in_quotes_separates_nothing() {
        assert_eq!(asked("application/json;profile=\"a,image/png;q=1\";q=0.5, text/html;q=0.4"), Some(3));
        assert_eq!(asked("application/vc;p=\"\\\",\", text/html;q=0.1"), Some(2));
    }
}
