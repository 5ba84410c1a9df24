//! What staff can open from their start page: cards under headings, each card only for those whose role opens its page.

use crate::access::{
    ApplyProgram, Attest, DecideTitles, EnrolMembers, ManageApiKeys, ManageKeys, ManageWebhooks, MarkResponses,
    Permission, Principal, ReadAudit, ReadBanks, ReadCredentials, ReadMembers, ReadProgram, ReadResults, ReadSources,
    ReadStaff, ReviewLinks, WatchThanks,
};
use crate::database::Read;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::{attempts, banks, contributions, credentials, members, titles, webhooks};

/// One page with what waits there.
pub(super) struct Card {
    pub href: &'static str,
    pub title: String,
    pub about: String,
    /// How many there are, or wait.
    pub count: Option<String>,
}

/// The cards of one kind of work.
pub(super) struct Group {
    /// Names the heading within the page.
    pub id: &'static str,
    pub title: String,
    pub cards: Vec<Card>,
}

pub(super) fn may<P: Permission>(principal: &Principal) -> bool {
    principal.holds(P::ROLES)
}

/// Makes the cards of one visitor.
struct Desk<'d, D> {
    db: &'d D,
    w: Words,
    who: &'d Principal,
}

impl<D: Read> Desk<'_, D> {
    /// None where the visitor may not open the page. `count` is a text and its number.
    fn card<P: Permission>(
        &self,
        href: &'static str,
        (title, about): (&str, &str),
        count: Option<(&str, u64)>,
    ) -> Option<Card> {
        may::<P>(self.who).then(|| Card {
            href,
            title: self.w.t(title),
            about: self.w.t(about),
            // Every text of a count takes it by this name.
            count: count.map(|(key, n)| self.w.with1(key, "n", n)),
        })
    }

    fn group(&self, id: &'static str, cards: Vec<Option<Card>>) -> Group {
        Group { id, title: self.w.t(&format!("staff-group-{id}")), cards: cards.into_iter().flatten().collect() }
    }

    async fn people(&self) -> Result<Group> {
        let (all, names) = match may::<ReadMembers>(self.who) {
            true => (members::count(self.db).await?, members::count_name_requests(self.db).await?),
            false => (0, 0),
        };
        let proposed = if may::<DecideTitles>(self.who) { titles::count_waiting(self.db).await? } else { 0 };
        let about_members = ("staff-members", "staff-members-about");
        Ok(self.group(
            "people",
            vec![
                self.card::<ReadMembers>("/admin/members", about_members, Some(("staff-people", all))),
                self.card::<ReadMembers>(
                    "/admin/names",
                    ("staff-names", "staff-names-about"),
                    some("staff-names-count", names),
                ),
                self.card::<EnrolMembers>("/admin/invitations", ("invitations-title", "invitations-card"), None),
                self.card::<Attest>("/admin/attestations", ("attest-title", "attest-about"), None),
                self.card::<DecideTitles>(
                    "/admin/titles",
                    ("titles-title", "titles-about"),
                    some("titles-count", proposed),
                ),
                self.card::<WatchThanks>("/admin/thanks", ("thanks-title", "thanks-staff-card"), None),
                self.card::<ReadStaff>("/admin/staff", ("roles-title", "roles-card"), None),
            ],
        ))
    }

    async fn exams(&self) -> Result<Group> {
        let items = if may::<ReadBanks>(self.who) { banks::count_waiting(self.db).await? } else { 0 };
        let results = if may::<ReadResults>(self.who) { attempts::held(self.db, None).await? } else { 0 };
        let marking = if may::<MarkResponses>(self.who) { attempts::count_waiting(self.db).await? } else { 0 };
        Ok(self.group(
            "exams",
            vec![
                self.card::<ReadResults>(
                    "/admin/exams",
                    ("staff-exams", "staff-exams-about"),
                    some("results-held-count", results),
                ),
                self.card::<ReadBanks>(
                    "/admin/banks",
                    ("staff-banks", "staff-banks-about"),
                    some("banks-waiting", items),
                ),
                self.card::<MarkResponses>(
                    "/admin/marking",
                    ("staff-marking", "staff-marking-about"),
                    some("marking-waiting", marking),
                ),
            ],
        ))
    }

    fn courses(&self) -> Group {
        self.group(
            "courses",
            vec![
                self.card::<ReadProgram>("/admin/tracks", ("designer-tracks", "tracks-about"), None),
                self.card::<ReadProgram>("/admin/ladders", ("ladders-title", "ladders-about"), None),
            ],
        )
    }

    async fn contributions(&self) -> Result<Group> {
        let links = match may::<ReviewLinks>(self.who) {
            true => contributions::count_waiting_links(self.db).await?,
            false => 0,
        };
        let unknown = match may::<ReadMembers>(self.who) {
            true => contributions::count_unknown(self.db).await?,
            false => 0,
        };
        Ok(self.group(
            "contributions",
            vec![
                self.card::<ReadSources>("/admin/sources", ("sources-title", "staff-sources-about"), None),
                self.card::<ReviewLinks>(
                    "/admin/links",
                    ("links-queue", "giving-staff-about"),
                    some("links-waiting", links),
                ),
                self.card::<ReadMembers>(
                    "/admin/held",
                    ("staff-held", "staff-held-about"),
                    Some(("staff-events", unknown)),
                ),
            ],
        ))
    }

    async fn credentials(&self) -> Result<Group> {
        let reviews = match may::<ReadCredentials>(self.who) {
            true => credentials::open_reviews(self.db).await?,
            false => 0,
        };
        Ok(self.group(
            "credentials",
            vec![
                self.card::<ReadCredentials>(
                    "/admin/credentials",
                    ("staff-credentials", "staff-credentials-about"),
                    None,
                ),
                self.card::<ReadCredentials>(
                    "/admin/reviews",
                    ("staff-reviews", "staff-reviews-about"),
                    Some(("staff-reviews-count", reviews)),
                ),
                self.card::<ReadCredentials>("/admin/counts", ("counts-title", "counts-about"), None),
                self.card::<ReadProgram>("/admin/known-issuers", ("staff-known", "staff-known-about"), None),
            ],
        ))
    }

    async fn operations(&self) -> Result<Group> {
        let off = if may::<ManageWebhooks>(self.who) { webhooks::count_off(self.db).await? } else { 0 };
        Ok(self.group(
            "operations",
            vec![
                self.card::<ApplyProgram>("/admin/settings", ("settings-title", "settings-card"), None),
                self.card::<ManageKeys>("/admin/keys", ("staff-keys", "staff-keys-about"), None),
                self.card::<ManageApiKeys>("/admin/api-keys", ("apikeys-title", "apikeys-card"), None),
                self.card::<ManageWebhooks>(
                    "/admin/webhooks",
                    ("staff-webhooks", "staff-webhooks-about"),
                    some("staff-webhooks-off", off),
                ),
                self.card::<ReadAudit>("/admin/audit", ("audit-title", "audit-card"), None),
            ],
        ))
    }
}

/// A count that is worth a word only where there is something.
fn some(key: &str, n: u64) -> Option<(&str, u64)> {
    (n > 0).then_some((key, n))
}

/// Every group in which this visitor can open something.
pub(super) async fn groups(db: &impl Read, w: Words, who: &Principal) -> Result<Vec<Group>> {
    let desk = Desk { db, w, who };
    let mut all = vec![
        desk.people().await?,
        desk.exams().await?,
        desk.courses(),
        desk.contributions().await?,
        desk.credentials().await?,
        desk.operations().await?,
    ];
    all.retain(|group| !group.cards.is_empty());
    Ok(all)
}
