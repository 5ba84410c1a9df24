//! From an event's `subject` to a member: `mem_…`, `handle:…`, or `mailto:…`, each only where the source lists the form.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::handles;
use super::lifecycle::{HeldBecause, Refusal};
use super::source::{SourceDefinition, SubjectForm};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;
use crate::members;

/// A subject whose form was recognised, spelled in the one way in which it is stored and compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub form: SubjectForm,
    /// `mem_…`, `handle:hikari`, `mailto:hikari@members.example`.
    pub text: String,
}

/// Whom it names, today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    Member(MemberId),
    Nobody(HeldBecause),
    /// An id that we never gave to anybody.
    Never(Refusal),
}

impl Subject {
    pub fn read(text: &str) -> std::result::Result<Self, Refusal> {
        let text = text.trim();
        let (form, text) = if text.starts_with("mem_") {
            (SubjectForm::Member, text.to_owned())
        } else if let Some(handle) = text.strip_prefix("handle:").filter(|h| !h.is_empty()) {
            (SubjectForm::Handle, format!("handle:{}", handle.to_lowercase()))
        } else if let Some(address) = text.strip_prefix("mailto:") {
            let address = members::email_address(address).map_err(|_| Refusal::UnknownSubject)?;
            (SubjectForm::Mailto, format!("mailto:{address}"))
        } else {
            return Err(Refusal::UnknownSubject);
        };
        Ok(Self { form, text })
    }

    pub fn name(&self) -> &str {
        self.text.split_once(':').map_or(self.text.as_str(), |(_, name)| name)
    }

    /// Whom this source may mean by it. An alias leads to the member who was kept.
    pub async fn named(&self, db: &impl Read, source: &SourceDefinition) -> Result<Named> {
        Ok(Naming::of(db, &[(source.source.as_str(), self)]).await?.named(self, source))
    }
}

/// Whom many subjects name, looked up together: a statement for each form, however many they are.
#[derive(Debug, Default)]
pub(super) struct Naming {
    handles: HashMap<String, MemberId>,
    /// By source and handle: what was proved at a source says more than a handle that staff wrote down for all.
    proved: HashMap<(String, String), MemberId>,
    addresses: HashMap<String, MemberId>,
    aliases: HashMap<MemberId, MemberId>,
    members: HashSet<MemberId>,
}

impl Naming {
    /// Looks up each subject with the source that names it.
    pub async fn of(db: &impl Read, subjects: &[(&str, &Subject)]) -> Result<Self> {
        let of = |form: SubjectForm| {
            let names: BTreeSet<&str> =
                subjects.iter().filter(|(_, s)| s.form == form).map(|(_, subject)| subject.name()).collect();
            names.into_iter().map(str::to_owned).collect::<Vec<String>>()
        };
        let said_at: BTreeSet<(&str, &str)> = subjects
            .iter()
            .filter(|(_, subject)| subject.form == SubjectForm::Handle)
            .map(|(source, subject)| (*source, subject.name()))
            .collect();
        let proved = handles::holders(db, &said_at).await?;
        let handles = members::by_handles(db, &of(SubjectForm::Handle)).await?;
        let addresses = members::by_verified_emails(db, &of(SubjectForm::Mailto)).await?;
        let said: Vec<MemberId> = of(SubjectForm::Member).iter().filter_map(|id| id.parse().ok()).collect();
        let all: BTreeSet<MemberId> =
            said.iter().chain(handles.values()).chain(proved.values()).chain(addresses.values()).copied().collect();
        let aliases = members::aliases(db, &all.into_iter().collect::<Vec<_>>()).await?;
        let kept: Vec<MemberId> = said.iter().map(|id| aliases.get(id).copied().unwrap_or(*id)).collect();
        let members = members::existing(db, &kept).await?;
        Ok(Self { handles, proved, addresses, aliases, members })
    }

    /// Whom one of these subjects names.
    pub fn named(&self, subject: &Subject, source: &SourceDefinition) -> Named {
        let kept = |id: &MemberId| self.aliases.get(id).copied().unwrap_or(*id);
        let listed = source.subjects.contains(&subject.form);
        if subject.form == SubjectForm::Member {
            let known = subject.text.parse::<MemberId>().map(|id| kept(&id));
            return match known {
                Ok(id) if !self.members.contains(&id) => Named::Never(Refusal::UnknownMember),
                Err(_) => Named::Never(Refusal::UnknownMember),
                Ok(id) if listed => Named::Member(id),
                Ok(_) => Named::Nobody(HeldBecause::FormNotListed),
            };
        }
        if !listed {
            return Named::Nobody(HeldBecause::FormNotListed);
        }
        let (found, otherwise) = match subject.form {
            SubjectForm::Mailto => (self.addresses.get(subject.name()), HeldBecause::UnverifiedAddress),
            _ => {
                let here = self.proved.get(&(source.source.clone(), subject.name().to_owned()));
                (here.or_else(|| self.handles.get(subject.name())), HeldBecause::UnknownHandle)
            }
        };
        found.map_or(Named::Nobody(otherwise), |id| Named::Member(kept(id)))
    }
}

/// Every subject under which events about the member may wait at any source. What is theirs at one source alone stands in [`handles::held_by`].
pub(super) async fn subjects_of(db: &impl Read, member: MemberId) -> Result<Vec<String>> {
    let mut subjects = vec![member.to_string()];
    subjects.extend(members::handles_of(db, member).await?.into_iter().map(|handle| format!("handle:{handle}")));
    if let Some(address) = members::verified_email(db, member).await? {
        subjects.push(format!("mailto:{address}"));
    }
    Ok(subjects)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_have_one_spelling() {
        assert_eq!(Subject::read("handle:Hikari").expect("fine").text, "handle:hikari");
        assert_eq!(Subject::read("mailto:A@B.example").expect("fine").text, "mailto:a@b.example");
        for wrong in ["hikari", "handle:", "mailto:nobody", "", "tel:1", "mailto:a@b.example?subject=x y"] {
            assert_eq!(Subject::read(wrong), Err(Refusal::UnknownSubject), "{wrong}");
        }
    }
}
