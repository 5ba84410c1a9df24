//! From an event's `subject` to a member: `mem_…`, `handle:…`, or `mailto:…`, each only where the source lists the form.

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
        if self.form == SubjectForm::Member {
            let Ok(id) = self.text.parse::<MemberId>() else { return Ok(Named::Never(Refusal::UnknownMember)) };
            let id = members::resolve(db, id).await?;
            if !members::exists(db, id).await? {
                return Ok(Named::Never(Refusal::UnknownMember));
            }
            return Ok(match source.subjects.contains(&self.form) {
                true => Named::Member(id),
                false => Named::Nobody(HeldBecause::FormNotListed),
            });
        }
        if !source.subjects.contains(&self.form) {
            return Ok(Named::Nobody(HeldBecause::FormNotListed));
        }
        let (found, otherwise) = match self.form {
            SubjectForm::Mailto => (members::by_verified_email(db, self.name()).await?, HeldBecause::UnverifiedAddress),
            _ => {
                // What was proved at this very source says more than a handle that staff wrote down for all.
                let proved = handles::holder(db, &source.source, self.name()).await?;
                let found = if proved.is_some() { proved } else { members::by_handle(db, self.name()).await? };
                (found, HeldBecause::UnknownHandle)
            }
        };
        match found {
            Some(id) => Ok(Named::Member(members::resolve(db, id).await?)),
            None => Ok(Named::Nobody(otherwise)),
        }
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
