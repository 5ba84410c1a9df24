//! The life of an item. Pure: no store, no clock.
//!
//! ```text
//! draft ⇄ review → approved → pretest → operational → retired | withdrawn
//!                      └──────────────────↑        ↖──── reinstate ────┘
//! ```
//! An item that has been in use keeps the version in use while another is written: the *proposal*, with a state of its own (draft ⇄ review). Approving it
//! puts it in the place of the one in use; the state of the item does not change by that.

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Draft,
    Review,
    Approved,
    /// Drawn, and not scored.
    Pretest,
    /// Drawn and scored.
    Operational,
    /// No longer drawn; nothing was wrong with it.
    Retired,
    /// No longer drawn, because it is wrong.
    Withdrawn,
}

impl State {
    pub const ALL: [Self; 7] =
        [Self::Draft, Self::Review, Self::Approved, Self::Pretest, Self::Operational, Self::Retired, Self::Withdrawn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Approved => "approved",
            Self::Pretest => "pretest",
            Self::Operational => "operational",
            Self::Retired => "retired",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether forms are drawn from it.
    pub fn is_drawn(self) -> bool {
        matches!(self, Self::Pretest | Self::Operational)
    }

    /// Whether no candidate has ever met it.
    pub fn is_new(self) -> bool {
        matches!(self, Self::Draft | Self::Review | Self::Approved)
    }
}

/// How far the version is that is to follow the one in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proposal {
    Draft,
    Review,
}

impl Proposal {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Draft, Self::Review].into_iter().find(|proposal| proposal.as_str() == text)
    }
}

/// Everything that decides which step comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    pub proposal: Option<Proposal>,
    /// What it was when it was retired or withdrawn: where reinstating leads back to.
    pub before: Option<State>,
}

/// What people do with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// Write another version.
    Edit,
    /// Ask for a review.
    Submit,
    /// Take the question for a review back.
    TakeBack,
    /// Back to its author, with a note.
    SendBack,
    Approve,
    /// Back to draft, before it was in use.
    Reopen,
    /// Give up the proposal; the version in use stays.
    Discard,
    Pretest,
    Operate,
    Retire,
    Withdraw,
    /// Undo of retiring and withdrawing.
    Reinstate,
}

impl Verb {
    pub const ALL: [Self; 12] = [
        Self::Edit,
        Self::Submit,
        Self::TakeBack,
        Self::SendBack,
        Self::Approve,
        Self::Reopen,
        Self::Discard,
        Self::Pretest,
        Self::Operate,
        Self::Retire,
        Self::Withdraw,
        Self::Reinstate,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Submit => "submit",
            Self::TakeBack => "take-back",
            Self::SendBack => "send-back",
            Self::Approve => "approve",
            Self::Reopen => "reopen",
            Self::Discard => "discard",
            Self::Pretest => "pretest",
            Self::Operate => "operate",
            Self::Retire => "retire",
            Self::Withdraw => "withdraw",
            Self::Reinstate => "reinstate",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == text)
    }

    /// What the audit log calls it.
    pub fn action(self) -> &'static str {
        match self {
            Self::Edit => "item.edit",
            Self::Submit => "item.submit",
            Self::TakeBack => "item.take_back",
            Self::SendBack => "item.send_back",
            Self::Approve => "item.approve",
            Self::Reopen => "item.reopen",
            Self::Discard => "item.discard",
            Self::Pretest => "item.pretest",
            Self::Operate => "item.operate",
            Self::Retire => "item.retire",
            Self::Withdraw => "item.withdraw",
            Self::Reinstate => "item.reinstate",
        }
    }

    /// Whether it is the author's own affair; the rest is for reviewers.
    pub fn is_authoring(self) -> bool {
        matches!(self, Self::Edit | Self::Submit | Self::TakeBack | Self::Reopen | Self::Discard)
    }

    /// Whether somebody who wrote the version may not do it.
    pub fn needs_another(self) -> bool {
        matches!(self, Self::Approve)
    }

    /// Whether a reason is due.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::SendBack | Self::Retire | Self::Withdraw | Self::Reinstate)
    }
}

impl Standing {
    /// Where the step leads, or None where it does not begin here.
    pub fn step(self, verb: Verb) -> Option<Self> {
        let state = |state| Some(Self { state, ..self });
        let proposal = |proposal| Some(Self { proposal, ..self });
        let was = |state| self.state == state && self.proposal.is_none();
        match (verb, self.proposal) {
            (Verb::Edit, _) if self.state.is_new() => state(State::Draft),
            (Verb::Edit, _) => proposal(Some(Proposal::Draft)),
            (Verb::Submit, Some(Proposal::Draft)) => proposal(Some(Proposal::Review)),
            (Verb::TakeBack | Verb::SendBack, Some(Proposal::Review)) => proposal(Some(Proposal::Draft)),
            (Verb::Approve, Some(Proposal::Review)) => proposal(None),
            (Verb::Discard, Some(_)) => proposal(None),
            (Verb::Submit, None) if was(State::Draft) => state(State::Review),
            (Verb::TakeBack | Verb::SendBack, None) if was(State::Review) => state(State::Draft),
            (Verb::Approve, None) if was(State::Review) => state(State::Approved),
            (Verb::Reopen, None) if was(State::Approved) => state(State::Draft),
            (Verb::Pretest, _) if self.state == State::Approved => state(State::Pretest),
            (Verb::Operate, _) if matches!(self.state, State::Approved | State::Pretest) => state(State::Operational),
            (Verb::Retire, _) if self.state.is_drawn() => {
                Some(Self { state: State::Retired, before: Some(self.state), ..self })
            }
            (Verb::Withdraw, _) if self.state.is_drawn() => {
                Some(Self { state: State::Withdrawn, before: Some(self.state), ..self })
            }
            (Verb::Withdraw, _) if self.state == State::Retired => state(State::Withdrawn),
            (Verb::Reinstate, _) if matches!(self.state, State::Retired | State::Withdrawn) => {
                Some(Self { state: self.before.unwrap_or(State::Operational), before: None, ..self })
            }
            _ => None,
        }
    }

    /// What can be done now.
    pub fn steps(self) -> impl Iterator<Item = Verb> {
        Verb::ALL.into_iter().filter(move |verb| self.step(*verb).is_some())
    }

    /// Whether it waits for a reviewer.
    pub fn waits(self) -> bool {
        self.proposal == Some(Proposal::Review) || (self.proposal.is_none() && self.state == State::Review)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Standing = Standing { state: State::Draft, proposal: None, before: None };

    fn walk(from: Standing, verbs: &[Verb]) -> Option<Standing> {
        verbs.iter().try_fold(from, |standing, verb| standing.step(*verb))
    }

    #[test]
    fn nothing_is_drawn_before_a_review() {
        // Every state that is reachable, by walking all steps; and which of them were reached without Approve.
        let (mut seen, mut waiting) = (vec![NEW], vec![NEW]);
        while let Some(standing) = waiting.pop() {
            for next in standing.steps().filter(|verb| *verb != Verb::Approve).filter_map(|verb| standing.step(verb)) {
                assert!(!next.state.is_drawn(), "{standing:?} led to {next:?} without a review");
                if !seen.contains(&next) {
                    seen.push(next);
                    waiting.push(next);
                }
            }
        }
    }

    #[test]
    fn a_proposal_never_moves_the_version_in_use() {
        let used = walk(NEW, &[Verb::Submit, Verb::Approve, Verb::Operate]).expect("the usual way");
        assert_eq!(used.state, State::Operational);
        let proposed = walk(used, &[Verb::Edit, Verb::Submit]).expect("a proposal");
        assert_eq!((proposed.state, proposed.proposal), (State::Operational, Some(Proposal::Review)));
        assert!(proposed.waits());
        assert_eq!(proposed.step(Verb::Approve), Some(used));
        assert_eq!(walk(proposed, &[Verb::SendBack, Verb::Discard]), Some(used));
    }

    #[test]
    fn reinstating_leads_back_to_where_it_was() {
        for last in [Verb::Pretest, Verb::Operate] {
            let used = walk(NEW, &[Verb::Submit, Verb::Approve, last]).expect("the usual way");
            for out in [&[Verb::Retire][..], &[Verb::Withdraw], &[Verb::Retire, Verb::Withdraw]] {
                let gone = walk(used, out).expect("taken out");
                assert!(!gone.state.is_drawn());
                assert_eq!(gone.step(Verb::Reinstate), Some(used));
            }
        }
    }

    #[test]
    fn an_edit_calls_a_review_off() {
        let waiting = walk(NEW, &[Verb::Submit]).expect("submitted");
        assert!(waiting.waits());
        assert_eq!(waiting.step(Verb::Edit), Some(NEW));
        assert_eq!(
            walk(NEW, &[Verb::Submit, Verb::Approve, Verb::Edit]),
            Some(NEW),
            "what was approved is another text"
        );
        assert_eq!(NEW.step(Verb::Approve), None, "nothing is approved that nobody asked to review");
    }

    #[test]
    fn words_read_back() {
        assert!(State::ALL.into_iter().all(|state| State::parse(state.as_str()) == Some(state)));
        assert!(Verb::ALL.into_iter().all(|verb| Verb::parse(verb.as_str()) == Some(verb)));
    }
}
