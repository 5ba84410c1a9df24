//! Which facts a tree looks at, so that a new fact finds the tracks it may move.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Anchor, Contributions, Criteria, Detail, FactKind, Requirement, Window};

/// Everything a tree reads. A fact outside it can change neither the outcome nor the explanation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// Slugs of exams.
    pub exams: BTreeSet<String>,
    /// Types of contributions.
    pub contribution_types: BTreeSet<String>,
    /// Slugs of tracks whose credentials are asked for.
    pub tracks: BTreeSet<String>,
    /// Roles whose attestation is asked for.
    pub roles: BTreeSet<String>,
    /// Titles that are asked for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub titles: BTreeSet<String>,
    /// Types of which also what the member gave to others is looked at.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub given_types: BTreeSet<String>,
    /// Whether the joining is asked for.
    pub membership: bool,
}

impl Reads {
    /// The kinds of fact among them.
    #[must_use]
    pub fn kinds(&self) -> BTreeSet<FactKind> {
        let kinds = [
            (FactKind::Exam, !self.exams.is_empty()),
            (FactKind::Contribution, !self.contribution_types.is_empty()),
            (FactKind::Credential, !self.tracks.is_empty()),
            (FactKind::Attestation, !self.roles.is_empty()),
            (FactKind::Panel, !self.titles.is_empty()),
            (FactKind::Membership, self.membership),
            (FactKind::Given, !self.given_types.is_empty()),
        ];
        kinds.into_iter().filter_map(|(kind, read)| read.then_some(kind)).collect()
    }

    fn count(&mut self, asked: &Contributions) {
        self.contribution_types.extend(asked.types.iter().cloned());
        if asked.reciprocal.is_some() {
            self.given_types.extend(asked.types.iter().cloned());
        }
        match &asked.window {
            Some(Window::Since(Anchor::Joining)) => self.membership = true,
            Some(Window::Since(Anchor::Award(track))) => drop(self.tracks.insert(track.clone())),
            Some(Window::Since(Anchor::Event(kind))) => drop(self.contribution_types.insert(kind.clone())),
            Some(Window::Days(_) | Window::Calendar(_)) | None => {}
        }
    }

    /// Whether a fact with this detail is read.
    #[must_use]
    pub fn touched_by(&self, detail: &Detail) -> bool {
        match detail {
            Detail::Exam { slug, .. } => self.exams.contains(slug),
            Detail::Contribution { r#type, .. } => self.contribution_types.contains(r#type),
            Detail::Credential { track, .. } => self.tracks.contains(track),
            Detail::Attestation { role } => self.roles.contains(role),
            Detail::Panel { title, .. } => self.titles.contains(title),
            Detail::Membership {} => self.membership,
            Detail::Given { r#type, .. } => self.given_types.contains(r#type),
        }
    }
}

impl Criteria {
    /// Everything this tree reads.
    #[must_use]
    pub fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        for node in self.nodes() {
            match &node.requirement {
                Requirement::All(_) | Requirement::Any(_) | Requirement::AtLeast(..) => {}
                Requirement::Exam { slug, .. } => drop(reads.exams.insert(slug.clone())),
                Requirement::Contributions(asked) => reads.count(asked),
                Requirement::Held { track, .. } => drop(reads.tracks.insert(track.clone())),
                Requirement::Tenure(_) => reads.membership = true,
                Requirement::Attested { role } => drop(reads.roles.insert(role.clone())),
                Requirement::Panel { title } => drop(reads.titles.insert(title.clone())),
            }
        }
        reads
    }
}
