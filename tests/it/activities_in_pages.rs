//! Figures that are counted a page of events at a time are the same figures.

use serde_json::json;
use waymark::activities::{self, Part, Period};
use waymark::issuer;

use crate::activities::Forum;
use crate::support::{Store, on_both};

on_both!(what_is_read_in_pages_is_counted_the_same);

async fn what_is_read_in_pages_is_counted_the_same(store: Store) {
    let forum = Forum::start(store).await;
    forum.four_questions().await;
    // Many things of one moment: a page may end among them.
    for n in 0..5 {
        let asked = json!({"object": format!("q/9{n}")});
        forum.tell("question.asked", "hikari", "10T00:00:00", asked.clone()).await;
        forum.tell("question.asked", "petra", "10T00:00:00", asked.clone()).await;
        forum.tell("answer.posted", ["tsukumo", "petra", "hikari"][n % 3], "10T00:00:00", asked).await;
        let idea = json!({"object": format!("ideas/{}", n % 2)});
        forum.tell("idea.submitted", "hikari", "11T00:00:00", idea.clone()).await;
        forum.tell("idea.shipped", ["petra", "hikari"][n % 2], "12T00:00:00", idea.clone()).await;
        for who in ["", "tsukumo", "hikari", "petra"] {
            forum.tell("idea.supported", who, "11T12:00:00", idea.clone()).await;
        }
    }
    let db = forum.test.app.db.read();
    let zone = issuer::zone(db).await.expect("read");
    let count = async |from: &str, at_once: u64| {
        let period = Period::read(&zone, Some(from), None, forum.test.app.db.now()).expect("a period");
        let figures = activities::figures_in_pages(db, period, None, Part::All, at_once).await.expect("counted");
        (figures.questions.expect("asked for"), figures.ideas.expect("asked for"))
    };
    for from in ["2026-11-01", "2026-11-10", "2026-11-12"] {
        let whole = count(from, 1_000).await;
        for at_once in [1, 2, 3, 7] {
            assert_eq!(count(from, at_once).await, whole, "{from}, {at_once} at a time");
        }
    }
    let (questions, ideas) = count("2026-11-01", 1).await;
    assert_eq!((questions.asked(), questions.to_others), (9, 0));
    assert_eq!((ideas.submitted.len(), ideas.shipped.len(), ideas.supported), (2, 2, 2));
    // Of each idea two with a name, who did not submit it; who has none is somebody else each time.
    assert_eq!(ideas.supports.len(), 2 * 2 + 5);
}
