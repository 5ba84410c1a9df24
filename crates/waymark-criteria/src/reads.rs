//! Which facts a tree looks at, so that a new fact finds the tracks it may move.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Criteria, Detail, FactKind, Requirement};

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
            (FactKind::Membership, self.membership),
        ];
        kinds.into_iter().filter_map(|(kind, read)| read.then_some(kind)).collect()
    }

    /// Whether a fact with this detail is read.
    #[must_use]
    pub fn touched_by(&self, detail: &Detail) -> bool {
        match detail {
            Detail::Exam { slug, .. } => self.exams.contains(slug),
            Detail::Contribution { r#type, .. } => self.contribution_types.contains(r#type),
            Detail::Credential { track, .. } => self.tracks.contains(track),
            Detail::Attestation { role } => self.roles.contains(role),
            Detail::Panel { .. } => false,
            Detail::Membership {} => self.membership,
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
                Requirement::Exam { slug } => drop(reads.exams.insert(slug.clone())),
                Requirement::Contributions(asked) => reads.contribution_types.extend(asked.types.iter().cloned()),
                Requirement::Held { track, .. } => drop(reads.tracks.insert(track.clone())),
                Requirement::Tenure(_) => reads.membership = true,
                Requirement::Attested { role } => drop(reads.roles.insert(role.clone())),
            }
        }
        reads
    }
}
