//! Every route with what it asks for, as one reviewed snapshot.

use waymark::router;
use waymark::web::i18n::{Locale, Words};

#[test]
fn the_access_matrix_is_the_reviewed_one() {
    let mut lines: Vec<String> =
        router::matrix().iter().map(|row| format!("{:<5} {:<45} {}", row.method, row.path, row.asks_for)).collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn whatever_a_route_asks_for_is_told_in_words() {
    for locale in [Locale::En, Locale::Ja] {
        let words = Words::new(locale);
        for row in router::matrix() {
            let asked = row.asks_for.trim_start_matches("self or ").replace('.', "-");
            if row.asks_for.contains('.') {
                assert!(words.has(&format!("needs-{asked}")), "needs-{asked} in {locale:?}");
            }
        }
    }
}
