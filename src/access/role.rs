//! The roles of staff members and API keys.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Owner,
    Admin,
    Issuer,
    Examiner,
    Source,
    Auditor,
    Conformance,
    /// A proctoring service: steps in at attempts of the exams that its key names, and nothing else.
    Proctor,
}

impl Role {
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Admin,
        Self::Issuer,
        Self::Examiner,
        Self::Source,
        Self::Auditor,
        Self::Conformance,
        Self::Proctor,
    ];

    /// The roles that people hold; the others are for keys alone.
    pub const STAFF: [Self; 5] = [Self::Owner, Self::Admin, Self::Issuer, Self::Examiner, Self::Auditor];

    /// How high a role stands: above an admin there are owners alone, and an admin may whatever those below may.
    fn height(self) -> u8 {
        match self {
            Self::Owner => 2,
            Self::Admin => 1,
            Self::Issuer | Self::Examiner | Self::Source | Self::Auditor | Self::Conformance | Self::Proctor => 0,
        }
    }

    /// Whether one of `theirs` stands above all of `own`.
    pub fn any_above(theirs: &[Self], own: &[Self]) -> bool {
        let highest = |roles: &[Self]| roles.iter().map(|role| role.height()).max().unwrap_or(0);
        highest(theirs) > highest(own)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Issuer => "issuer",
            Self::Examiner => "examiner",
            Self::Source => "source",
            Self::Auditor => "auditor",
            Self::Conformance => "conformance",
            Self::Proctor => "proctor",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::Role::*;
    use super::*;
    use crate::access::Permission;

    #[test]
    fn only_an_owner_reaches_an_owner() {
        assert!(Role::any_above(&[Owner], &[Admin]));
        assert!(Role::any_above(&[Issuer, Admin], &[Issuer, Auditor]));
        assert!(!Role::any_above(&[Admin], &[Admin]) && !Role::any_above(&[Owner], &[Examiner, Owner]));
        assert!(!Role::any_above(&[], &[]) && !Role::any_above(&[Auditor], &[Admin]));
    }

    /// Else a link for somebody below would hand an admin what they may not.
    #[test]
    fn whoever_makes_links_may_whatever_staff_below_may() {
        for roles in crate::access::permission::ROLES_OF_ALL
            .iter()
            .filter(|roles| roles.iter().any(|role| Role::STAFF.contains(role)))
        {
            assert!(roles.contains(&Owner) && roles.contains(&Admin), "{roles:?}");
        }
        assert_eq!(crate::access::ManageAccounts::ROLES, &[Owner, Admin]);
    }
}
