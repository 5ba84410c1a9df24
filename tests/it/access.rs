//! Every route with what it asks for, as one reviewed snapshot.

use waymark::router;

#[test]
fn the_access_matrix_is_the_reviewed_one() {
    let mut lines: Vec<String> =
        router::matrix().iter().map(|row| format!("{:<5} {:<45} {}", row.method, row.path, row.asks_for)).collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}
