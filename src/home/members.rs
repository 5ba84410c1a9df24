//! `/admin/members`: who is here, with what they reached, and looking them up.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::portal::{calendar, lapse_words, nearest, no_longer};
use super::requirement::Reach;
use crate::access::{EnrolMembers, May, Permission as _, ReadMembers};
use crate::app::App;
use crate::credentials;
use crate::database::pagination::Listed;
use crate::decisions;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::members::{self, Member};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;

struct MemberLine {
    id: String,
    name: String,
    handle: Option<String>,
    joined: String,
    /// What is reached: the icon of its state, and the words.
    reached: Vec<(&'static str, String)>,
    /// The nearest track not reached yet, with the hundredths of the way.
    nearest: Option<(String, u32)>,
}

#[derive(Template)]
#[template(path = "home/members.html")]
struct MembersPage {
    shell: Shell,
    rows: Vec<MemberLine>,
    /// The query of the next page.
    next: Option<String>,
    /// What is looked for.
    search: String,
    most: usize,
    may_enrol: bool,
}

const MEMBERS_ON_A_PAGE: u64 = 20;

#[derive(Debug, Default, Deserialize)]
pub struct MembersQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /admin/members`: all of them, or those in whose name, address or handle `q` stands.
pub async fn members_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Query(asked): Query<MembersQuery>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let after = asked.cursor.as_deref().map(str::parse::<MemberId>).transpose().map_err(|_| Error::not_found())?;
    let found = members::search(app.db.read(), &asked.q, after, MEMBERS_ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, MEMBERS_ON_A_PAGE, |member| member.id.to_string());
    let zone = calendar(&app).await?;
    let mut rows = vec![];
    for member in listed.data {
        rows.push(member_line(&app, shell.w, member, &zone).await?);
    }
    let search: String = asked.q.trim().chars().take(members::LONGEST_SEARCH).collect();
    let next = listed.next_cursor.map(|cursor| {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        if !search.is_empty() {
            pairs.append_pair("q", &search);
        }
        pairs.append_pair("cursor", &cursor).finish()
    });
    let may_enrol = staff.principal.holds(EnrolMembers::ROLES);
    Ok(Page(MembersPage { rows, next, search, most: members::LONGEST_SEARCH, may_enrol, shell }))
}

async fn member_line(app: &App, w: Words, member: Member, zone: &Zone) -> Result<MemberLine> {
    let progress = decisions::progress_of(app.db.read(), member.id, app.db.now()).await?;
    let title = |n: usize| w.pick(&progress[n].version.definition.title).to_owned();
    let held = credentials::of_member(app.db.read(), member.id).await?;
    let mut reached = vec![];
    for (n, p) in progress.iter().enumerate() {
        match no_longer(&held, p.version.track, app.db.now()) {
            Some(known) => {
                let (state, words) = lapse_words(w, known, zone);
                reached.push((state, w.with2("staff-lapsed", "title", title(n), "words", words)));
            }
            None if p.decision.is_met() => reached.push(("valid", title(n))),
            None => {}
        }
    }
    let nearest = nearest(&progress).map(|n| (title(n), Reach::of(&progress[n].decision).percent()));
    Ok(MemberLine {
        id: member.id.to_string(),
        handle: members::handles_of(app.db.read(), member.id).await?.into_iter().next(),
        joined: zone.date(w, member.joined_at),
        name: member.name,
        reached,
        nearest,
    })
}
