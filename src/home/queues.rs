//! What waits for staff: each queue that the reader may look into, with how many are in it.

use super::staff_cards::may;
use crate::access::{
    LinkHandles, MarkResponses, Principal, ReadBanks, ReadCredentials, ReadMembers, ReadResults, ReadSources,
    ReviewLinks, WatchContributions,
};
use crate::app::App;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::{attempts, banks, contributions, credentials, members};

/// One queue.
pub(super) struct Queue {
    pub href: &'static str,
    pub name: String,
    pub n: u64,
}

/// Every queue of the reader, the longest first.
pub(super) async fn queues(app: &App, w: Words, reader: &Principal) -> Result<Vec<Queue>> {
    let (db, now) = (app.db.read(), app.db.now());
    let mut all = vec![];
    let mut queue = |href, key: &str, n| all.push(Queue { href, name: w.t(key), n });
    let held = contributions::held_counts(db).await?;
    let waits = |for_a_person: bool| {
        let of = held.iter().filter(|(why, _)| why.waits_for_a_person() == for_a_person);
        of.map(|(_, n)| n).sum::<u64>()
    };
    if may::<ReadMembers>(reader) {
        queue("/admin/held", "staff-held", waits(false));
        queue("/admin/names", "staff-names", members::count_name_requests(db).await?);
    }
    if may::<WatchContributions>(reader) {
        queue("/admin/quarantine", "quarantine-title", waits(true));
    }
    if may::<ReviewLinks>(reader) {
        queue("/admin/links", "links-queue", contributions::count_waiting_links(db).await?);
    }
    if may::<LinkHandles>(reader) {
        queue("/admin/handles", "handles-queue", contributions::count_open_claims(db, now).await?);
    }
    if may::<ReadSources>(reader) {
        queue("/admin/sources", "overview-dead-letters", contributions::count_dead_letters(db).await?);
    }
    if may::<ReadCredentials>(reader) {
        queue("/admin/reviews", "staff-reviews", credentials::open_reviews(db).await?);
    }
    if may::<ReadBanks>(reader) {
        queue("/admin/banks", "overview-items", banks::count_waiting(db).await?);
    }
    if may::<ReadResults>(reader) {
        queue("/admin/exams", "staff-results", attempts::held(db, None).await?);
    }
    if may::<MarkResponses>(reader) {
        queue("/admin/marking", "staff-marking", attempts::count_waiting(db).await?);
    }
    all.sort_by_key(|queue| std::cmp::Reverse(queue.n));
    Ok(all)
}
