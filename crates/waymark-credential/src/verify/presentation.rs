//! Presentations (VCDM 2.0 §4.13): the holder's own proof where there is one, and each credential inside by itself, all on one account.

use serde_json::Value;

use super::{
    CheckId, Code, Detail, MAX_WANTS, Outcome, Policy, Report, Supply, Unreadable, Verification, Want,
    input::{self, MAX_DOCUMENT},
};
use crate::{
    Timestamp,
    open::{Latitude, OpenDocument, Role, proofs, self_asserted},
    strict_json,
    work::Work,
};

/// The most credentials in one presentation.
const MOST_CREDENTIALS: usize = 32;

/// A presentation under way. It is driven like a [`Verification`].
pub struct PresentationVerification {
    own: Verification,
    inside: Vec<Result<Verification, Unreadable>>,
    problems: Vec<Detail>,
    wants: Vec<Want>,
    account: Account,
}

/// What the presentation and its credentials have spent together.
#[derive(Default)]
struct Account(Work);

impl Account {
    /// The account on which the next step is made, for one that has spent `own` so far.
    fn lent(&self, own: Work) -> Work {
        own.with_at_most(Work::LIMIT.less(self.0))
    }

    /// Lets one of them go a step further.
    fn step(&mut self, verification: &mut Verification, go: impl FnOnce(&mut Verification)) {
        let own = verification.work;
        let lent = self.lent(own);
        verification.work = lent;
        go(verification);
        verification.work = own.and(self.spent(lent, verification.work));
    }

    /// Writes down what became of the account that was lent, and answers what the step cost.
    fn spent(&mut self, lent: Work, now: Work) -> Work {
        let cost = now.less(lent);
        self.0 = self.0.and(cost);
        cost
    }
}

/// What was found of a presentation.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentationReport {
    /// Its own checks. A presentation without a proof has its proof not checked.
    pub own: Report,
    /// Each credential in it, in order; the error says why there is nothing to report on.
    pub credentials: Vec<Result<Report, Unreadable>>,
    /// What does not fit between the presentation and its credentials.
    pub problems: Vec<Detail>,
}

impl PresentationVerification {
    /// Reads the JSON of a presentation. The policy should be one for documents of any kind.
    ///
    /// All of it costs at most [`Work::LIMIT`], however many credentials there are: what would go beyond is not checked. Endorsements are not looked at.
    ///
    /// # Errors
    /// [`Unreadable`] if the input is not JSON that can be read in one way.
    pub fn open(input: &[u8], policy: &Policy, now: Timestamp) -> Result<Self, Unreadable> {
        if input.len() > MAX_DOCUMENT {
            return Err(Unreadable::TooLarge { size: input.len(), limit: MAX_DOCUMENT });
        }
        let value = strict_json::parse(input, MAX_DOCUMENT).map_err(|error| Unreadable::NotJson(error.to_string()))?;
        let mut account = Account::default();
        let own = Verification::presented(policy, now, Work::default()).of_value(&value, Role::Presentation);
        account.spent(Work::default(), own.work);
        // what a proof must say is said to the presentation; its credentials were signed before
        let policy = Policy { expected: super::Expected::default(), ..policy.clone() };
        let credentials = match value.get("verifiableCredential") {
            None => &[],
            Some(Value::Array(credentials)) => credentials.as_slice(),
            Some(single) => std::slice::from_ref(single),
        };
        let mut problems = Vec::new();
        if credentials.len() > MOST_CREDENTIALS {
            let problem = format!("{} credentials; at most {MOST_CREDENTIALS} are read", credentials.len());
            problems.push(Detail::of(Code::ShapeUnexpected).with("problem", problem));
        }
        let credentials = &credentials[..credentials.len().min(MOST_CREDENTIALS)];
        let lent = account.lent(Work::default());
        let mut work = lent;
        if let Some(asserted) = self_asserted_in(&value, credentials, &mut work) {
            problems.push(asserted);
        }
        account.spent(lent, work);
        let mut open = |credential: &Value| -> Result<Verification, Unreadable> {
            let lent = account.lent(Work::default());
            let begun = Verification::presented(&policy, now, lent);
            let mut opened = match input::enveloped(credential) {
                Some(jwt) => begun.opened(jwt.as_bytes())?,
                None => begun.of_value(credential, Role::Credential),
            };
            opened.work = account.spent(lent, opened.work);
            Ok(opened)
        };
        let inside = credentials.iter().map(&mut open).collect();
        let mut presentation = Self { own, inside, problems, wants: Vec::new(), account };
        presentation.gather();
        Ok(presentation)
    }

    /// What is still wanted, by the presentation and by its credentials, each once.
    pub fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// Takes the answer for all that want it.
    pub fn supply(&mut self, want: &Want, supply: &Supply) {
        let inside = self.inside.iter_mut().flatten();
        for verification in std::iter::once(&mut self.own).chain(inside) {
            self.account.step(verification, |verification| verification.supply(want, supply.clone()));
        }
        self.gather();
    }

    fn gather(&mut self) {
        self.wants.clear();
        for verification in std::iter::once(&self.own).chain(self.inside.iter().flatten()) {
            for want in verification.wants() {
                if self.wants.len() < MAX_WANTS * MOST_CREDENTIALS && !self.wants.contains(want) {
                    self.wants.push(want.clone());
                }
            }
        }
    }

    /// The answer. What was not supplied is not checked.
    pub fn report(self) -> PresentationReport {
        self.report_with_work().0
    }

    /// The answer and what it cost, which is within [`Work::LIMIT`].
    pub fn report_with_work(self) -> (PresentationReport, Work) {
        let mut account = self.account;
        let mut report = |mut verification: Verification| {
            let lent = account.lent(verification.work);
            verification.work = lent;
            let (report, work) = verification.report_with_work();
            account.spent(lent, work);
            report
        };
        let report = PresentationReport {
            own: report(self.own),
            credentials: self.inside.into_iter().map(|inside| inside.map(&mut report)).collect(),
            problems: self.problems,
        };
        (report, account.0)
    }
}

fn self_asserted_in(value: &Value, credentials: &[Value], work: &mut Work) -> Option<Detail> {
    let presentation = OpenDocument::read_within(value, Role::Presentation, Latitude::Full, work).ok()?;
    let listed = proofs(value).ok()?;
    let presenter = listed.first()?.method.split('#').next()?;
    credentials
        .iter()
        .any(|credential| self_asserted(&presentation, credential, presenter))
        .then(|| Code::SelfAsserted.into())
}

impl PresentationReport {
    /// Whether the presentation carries a proof, or should.
    pub fn is_signed(&self) -> bool {
        let proof = self.own.check(CheckId::Proof);
        proof.detail.code != Code::ProofMissing || proof.outcome == Outcome::Failed
    }

    /// Whether what the presentation says of itself holds: its shape, and its proof where it carries one.
    pub fn own_holds(&self) -> bool {
        use CheckId::{Context, IssuerKey, Parse, Proof, Shape, Validity};
        let passed = |ids: &[CheckId]| ids.iter().all(|id| self.own.check(*id).outcome == Outcome::Passed);
        passed(&[Parse, Context, Shape]) && (!self.is_signed() || passed(&[Proof, IssuerKey, Validity]))
    }
}
