//! The permissions, each a type: a handler that takes [`May<IssueCredentials>`](super::May) can only be reached by the roles listed here.

use super::Role;

/// A named permission and the roles that hold it.
pub trait Permission: Send + Sync + 'static {
    const NAME: &'static str;
    const ROLES: &'static [Role];
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, [$($role:ident),*];)*) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $name;
        impl Permission for $name {
            const NAME: &'static str = $text;
            const ROLES: &'static [Role] = &[$(Role::$role),*];
        })*
        /// The roles of every permission, in the order in which they are written.
        #[cfg(test)]
        pub(super) const ROLES_OF_ALL: &[&[Role]] = &[$(<$name as Permission>::ROLES),*];
    };
}

permissions! {
    /// See the staff pages at all.
    EnterStaff = "staff.enter", [Owner, Admin, Issuer, Examiner, Auditor];
    ReadMembers = "members.read", [Owner, Admin, Issuer, Auditor];
    EnrolMembers = "members.enrol", [Owner, Admin, Issuer];
    /// Vouch for a member in a role, and take that back.
    Attest = "members.attest", [Owner, Admin, Issuer, Examiner];
    /// Change the name under which a member appears.
    RenameMembers = "members.rename", [Owner, Admin, Issuer];
    /// Propose titles, confirm what others propose, put titles on hold, end them. Each of it as a person, never by a key.
    DecideTitles = "titles.decide", [Owner, Admin, Issuer];
    MintTokens = "tokens.mint", [Owner, Admin];
    /// Make sign-in links for others, and sign them out.
    ManageAccounts = "accounts.manage", [Owner, Admin];
    /// See who holds which role.
    ReadStaff = "staff.read", [Owner, Admin, Auditor];
    /// Give roles and take them.
    GiveRoles = "roles.give", [Owner, Admin];
    /// Make keys for programs, and end them.
    ManageApiKeys = "api_keys.manage", [Owner, Admin];
    ReadProgram = "program.read", [Owner, Admin, Issuer, Examiner, Auditor];
    ApplyProgram = "program.apply", [Owner, Admin];
    /// Write, try and publish tracks.
    PublishTracks = "tracks.publish", [Owner, Admin];
    AuthorBanks = "banks.author", [Owner, Admin, Examiner];
    /// See banks and items, without their keys.
    ReadBanks = "banks.read", [Owner, Admin, Examiner, Auditor];
    /// See the keys of items; every look is audited.
    ReadKeys = "banks.keys", [Owner, Admin, Examiner];
    /// Approve items of others, put items into use and take them out.
    ReviewItems = "banks.review", [Owner, Admin, Examiner];
    /// See how attempts came out, held results included.
    ReadResults = "results.read", [Owner, Admin, Examiner, Auditor];
    ReleaseResults = "results.release", [Owner, Admin, Examiner];
    /// Mark what candidates wrote or handed in, without seeing whose it is.
    MarkResponses = "responses.mark", [Owner, Admin, Examiner];
    /// Void an item after people sat it.
    /// Erase what exams keep of a person beyond pseudonymous answers.
    EraseTraces = "traces.erase", [Owner, Admin];
    VoidItems = "items.void", [Owner, Admin, Examiner];
    /// See exams that are being written.
    ReadDrafts = "exams.drafts", [Owner, Admin, Examiner, Auditor];
    /// Write and publish exams.
    PublishExams = "exams.publish", [Owner, Admin, Examiner];
    /// See who sits an exam, and what happened in an attempt.
    WatchAttempts = "attempts.watch", [Owner, Admin, Examiner, Auditor];
    /// Send messages, add time, pause, end.
    GuideAttempts = "attempts.guide", [Owner, Admin, Examiner];
    /// Pause, send a message, end: staff anywhere, a proctoring service in the exams of its key.
    ProctorAttempts = "attempts.proctor", [Owner, Admin, Examiner, Proctor];
    /// Make windows, hand out seats, see identity papers.
    ScheduleExams = "exams.schedule", [Owner, Admin, Examiner];
    /// Make codes with which an exam can be begun.
    MakeVouchers = "vouchers.make", [Owner, Admin];
    /// What a person is allowed beyond others, and why.
    ApproveAccommodations = "accommodations.approve", [Owner, Admin];
    /// Say how an exam is delivered.
    SetDelivery = "exams.delivery", [Owner, Admin, Examiner];
    /// Send results from outside delivery.
    SendResults = "results.send", [Owner, Admin, Source];
    ReadSources = "sources.read", [Owner, Admin, Issuer, Examiner, Source, Auditor];
    /// Have what nobody could read counted, or discard it.
    ManageSources = "sources.manage", [Owner, Admin];
    SendEvents = "events.send", [Owner, Admin, Source];
    /// Say that a handle is a member's.
    LinkHandles = "handles.link", [Owner, Admin];
    VoidContributions = "contributions.void", [Owner, Admin];
    /// See the links that members hand in.
    ReadLinks = "links.read", [Owner, Admin, Issuer, Auditor];
    /// Accept or refuse the links that members hand in.
    ReviewLinks = "links.review", [Owner, Admin, Issuer];
    /// Take in tables of contributions.
    ImportContributions = "contributions.import", [Owner, Admin, Issuer];
    /// Make gatherings, show their code, confirm who was there late.
    HoldGatherings = "gatherings.hold", [Owner, Admin, Issuer];
    /// See what is held back, strikes, and who gives to whom.
    WatchContributions = "contributions.watch", [Owner, Admin, Auditor];
    /// Credit what was held back for a look.
    ReleaseContributions = "contributions.release", [Owner, Admin];
    /// Write strikes down and lift them.
    RecordStrikes = "strikes.record", [Owner, Admin];
    /// Thank members in the name of the program.
    GiveThanks = "thanks.give", [Owner, Admin, Issuer];
    /// See who thanked whom, and who gave much and was not thanked.
    WatchThanks = "thanks.watch", [Owner, Admin, Issuer, Auditor];
    /// Keep a word of thanks back, or take it out.
    ModerateThanks = "thanks.moderate", [Owner, Admin];
    ReadCredentials = "credentials.read", [Owner, Admin, Issuer, Auditor];
    IssueCredentials = "credentials.issue", [Owner, Admin, Issuer];
    /// Revoke, suspend, reinstate.
    ChangeStatus = "credentials.status", [Owner, Admin, Issuer];
    /// Say which issuers of others are known.
    KeepTrustList = "issuers.know", [Owner, Admin];
    /// Rotate, retire, give up signing keys.
    ManageKeys = "keys.manage", [Owner, Admin];
    /// Issue anew what a compromised key signed.
    ReissueCredentials = "credentials.reissue", [Owner, Admin];
    /// See what long work came to.
    ReadJobs = "jobs.read", [Owner, Admin, Issuer, Auditor];
    CancelJobs = "jobs.cancel", [Owner, Admin, Issuer];
    /// See who is told outside of what happens here, and what they were told. Never a secret.
    ReadWebhooks = "webhooks.read", [Owner, Admin, Auditor];
    /// Say who is told outside of what happens here.
    ManageWebhooks = "webhooks.manage", [Owner, Admin];
    ReadAudit = "audit.read", [Owner, Admin, Auditor];
    ReadOperations = "operations.read", [Owner, Admin];
    /// Read the sums that a monitor watches.
    ReadMetrics = "metrics.read", [Owner, Admin, Auditor];
}

/// What hands on one's own power, and so would outlast it: here a key counts no more than whoever made it does today.
pub(super) const HANDS_ON: &[&str] = &[GiveRoles::NAME, ManageApiKeys::NAME, MintTokens::NAME];
