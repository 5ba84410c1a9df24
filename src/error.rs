//! The one error of the server. Its [`Code`] is stable, public and closed: it fixes the status and names the texts
//! (`problem-…` in `locales/`). The private source is logged, never shown.
//!
//! A handler returns `Result<impl IntoResponse>`; `web::layers` renders the error as RFC 9457 problem+json or as a page, in the visitor's language.

use std::fmt;
use std::panic::Location;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:ident;)*) => {
        /// What went wrong, as programs read it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code there is: for documents and for the test that each has its texts.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The `code` member of a problem: `stale_revision`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
        }
    };
}

codes! {
    /// The body is not what its content type says, or the request cannot be read.
    Malformed = "malformed", BAD_REQUEST;
    /// One or more fields are wrong; `errors` names each.
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY;
    SignInRequired = "sign_in_required", UNAUTHORIZED;
    InvalidToken = "invalid_token", UNAUTHORIZED;
    /// What was delivered is not signed with the secret of its source.
    SignatureRefused = "signature_refused", UNAUTHORIZED;
    Forbidden = "forbidden", FORBIDDEN;
    CrossSite = "cross_site", FORBIDDEN;
    /// Nobody hands out a role above their own, or acts for somebody who holds one.
    RoleAbove = "role_above", FORBIDDEN;
    /// Nobody changes their own roles, in person or by a key that they made.
    OwnRoles = "own_roles", FORBIDDEN;
    /// Somebody owns the installation, always.
    LastOwner = "last_owner", CONFLICT;
    NotFound = "not_found", NOT_FOUND;
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    Conflict = "conflict", CONFLICT;
    /// Somebody has marked this response.
    AlreadyMarked = "already_marked", CONFLICT;
    /// The e-mail belongs to a member already; `id` names them.
    MemberExists = "member_exists", CONFLICT;
    LinkUsed = "link_used", GONE;
    /// The member signs in by themselves: nobody makes a link for them any more.
    AlreadyClaimed = "already_claimed", CONFLICT;
    /// What was sent to be verified holds no credential, or the address leads to none that is public.
    NoCredential = "no_credential", UNPROCESSABLE_ENTITY;
    /// The exam's limit is reached; there will be no other attempt.
    AttemptsUsedUp = "attempts_used_up", CONFLICT;
    /// The next attempt may begin only later; `not_before` says when.
    CoolDown = "cool_down", CONFLICT;
    AttemptNotStarted = "attempt_not_started", CONFLICT;
    /// The attempt was handed in: its answers no longer change.
    AttemptClosed = "attempt_closed", CONFLICT;
    /// The attempt's effective deadline has passed.
    AttemptOver = "attempt_over", GONE;
    /// The clock stands: by staff, or for a break; `kind` says which.
    AttemptPaused = "attempt_paused", CONFLICT;
    AttemptNotPaused = "attempt_not_paused", CONFLICT;
    NoBreakLeft = "no_break_left", CONFLICT;
    SectionNotOpen = "section_not_open", CONFLICT;
    SectionClosed = "section_closed", CONFLICT;
    LastSection = "last_section", CONFLICT;
    /// What the exam asks for is not there yet; `reasons` names each.
    NotEligible = "not_eligible", CONFLICT;
    /// The agreement is to be agreed to as it reads now; `agreement` is its hash.
    AgreementRequired = "agreement_required", CONFLICT;
    /// The code is unknown, used, expired, or for another exam.
    VoucherRefused = "voucher_refused", CONFLICT;
    StartCodeWrong = "start_code_wrong", CONFLICT;
    /// Every seat of the window is taken.
    NoSeatLeft = "no_seat_left", CONFLICT;
    /// Nobody takes a seat or begins in a window that was cancelled, and it does not change.
    WindowCancelled = "window_cancelled", CONFLICT;
    /// A window changes only before it opens.
    WindowOpened = "window_opened", CONFLICT;
    /// Somebody began an attempt in the window: it is not cancelled any more.
    WindowInUse = "window_in_use", CONFLICT;
    /// What has closed is not cancelled.
    WindowOver = "window_over", CONFLICT;
    /// There is no result while the attempt is under way.
    AttemptOpen = "attempt_open", CONFLICT;
    /// Answers in somebody's own words are erased once a person has marked them.
    MarkingWaits = "marking_waits", CONFLICT;
    /// The answer was changed elsewhere; `stored` and `sent` hold both.
    ResponseStale = "response_stale", CONFLICT;
    /// Another window or device writes now; `epoch` is its lease.
    LeaseLost = "lease_lost", CONFLICT;
    /// The exam asks for another browser.
    BrowserRequired = "browser_required", FORBIDDEN;
    /// A proctoring service watches the exam: whoever sits it signs in with a browser.
    ProctoredExam = "proctored_exam", FORBIDDEN;
    /// The exam does not take results from this sender.
    SourceNotAdmitted = "source_not_admitted", FORBIDDEN;
    ClientOpIdReused = "client_op_id_reused", UNPROCESSABLE_ENTITY;
    TooLarge = "too_large", PAYLOAD_TOO_LARGE;
    /// The body was not there in time.
    TooSlow = "too_slow", REQUEST_TIMEOUT;
    /// None of the forms there are is one that the request accepts.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE;
    /// A certificate cannot be drawn: `characters` names what no font has.
    GlyphsMissing = "glyphs_missing", CONFLICT;
    UnsupportedType = "unsupported_type", UNSUPPORTED_MEDIA_TYPE;
    TooMany = "too_many", TOO_MANY_REQUESTS;
    /// The address asked more often than it may; Retry-After says when it may again.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS;
    IdempotencyKeyRequired = "idempotency_key_required", BAD_REQUEST;
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY;
    /// The first request with this key is still being worked on.
    IdempotencyInProgress = "idempotency_in_progress", CONFLICT;
    /// A commit failed in a way that leaves its outcome open: read back before trying again.
    OutcomeUnknown = "outcome_unknown", SERVICE_UNAVAILABLE;
    Unavailable = "unavailable", SERVICE_UNAVAILABLE;
    /// No usable key: nothing is signed until the operator sees to it. Verification goes on.
    IssuingOff = "issuing_off", SERVICE_UNAVAILABLE;
    /// What would be signed does not verify: this one is not issued, others are.
    SetAside = "set_aside", CONFLICT;
    /// The credential does not stand where this step begins: `status` says where it stands.
    StatusConflict = "status_conflict", CONFLICT;
    /// It is replaced, renewed or re-issued only while it stands: `reason` says what it waits for.
    NotReplaceable = "not_replaceable", CONFLICT;
    /// Its holder has signed in: what they may have seen is revoked, not cancelled.
    Claimed = "claimed", CONFLICT;
    /// Nobody vouches for themselves.
    OwnAttestation = "own_attestation", FORBIDDEN;
    /// Nobody decides on a title of their own.
    OwnTitle = "own_title", FORBIDDEN;
    /// Staff reinstate their own credential.
    OwnCredential = "own_credential", FORBIDDEN;
    /// Whoever proposed a title is one of its two people: somebody else is the other.
    SamePerson = "same_person", FORBIDDEN;
    /// The title does not stand where this step begins: `state` says where it stands.
    TitleStateConflict = "title_state_conflict", CONFLICT;
    /// Only what a compromised key signed is issued anew.
    KeyNotCompromised = "key_not_compromised", CONFLICT;
    /// An edit says which state it edits: `If-Match` with the `ETag` that was read.
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED;
    /// Files write this track: change the file, or take the track over first.
    ManagedByFiles = "managed_by_files", CONFLICT;
    /// What is to be edited was changed since it was read.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED;
    /// What is switched off is told nothing, also not as a test.
    WebhookOff = "webhook_off", CONFLICT;
    /// Nobody reviews an item that they wrote themselves.
    OwnItem = "own_item", FORBIDDEN;
    OwnAttempt = "own_attempt", FORBIDDEN;
    /// The item does not stand where this step begins: `state` says where it stands.
    ItemStateConflict = "item_state_conflict", CONFLICT;
    /// The review was closed before: `outcome` says how.
    ReviewClosed = "review_closed", CONFLICT;
    /// Nobody decides on what they handed in themselves.
    OwnContribution = "own_contribution", FORBIDDEN;
    /// It does not stand where this step begins: `state` says where it stands.
    GivingStateConflict = "giving_state_conflict", CONFLICT;
    /// The same address was handed in before: `first` names it.
    LinkKnown = "link_known", CONFLICT;
    /// The handle belongs to a member already.
    HandleTaken = "handle_taken", CONFLICT;
    /// The code of a gathering is wrong or too old, or it is not the time for it; `late_until` says how long one can still ask.
    AttendanceCodeRefused = "attendance_code_refused", CONFLICT;
    /// As many people as the code admits have used it.
    AttendanceFull = "attendance_full", CONFLICT;
    /// The member has thanked as often as they may for now; `reason` and `not_before` say more.
    ThanksLimit = "thanks_limit", CONFLICT;
    /// It was withdrawn or taken out before, or its hour is over.
    ThanksSettled = "thanks_settled", CONFLICT;
    /// A format that the call could have and does not.
    NotImplemented = "not_implemented", NOT_IMPLEMENTED;
    Internal = "internal", INTERNAL_SERVER_ERROR;
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// JSON pointer into the request body (`/recipients/3/email`); empty for the whole body.
    pub pointer: String,
    pub code: &'static str,
    /// What to do about it, for the person who wrote the request.
    pub detail: String,
}

impl Fault {
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }
}

/// What a failing call answers; small on the stack, since results are everywhere.
pub struct Error(Box<Inside>);

#[derive(Clone)]
pub(crate) struct Inside {
    pub code: Code,
    /// Values for the text of the code, by Fluent variable.
    pub args: Vec<(&'static str, String)>,
    pub faults: Vec<Fault>,
    /// Further members of the problem: what stands now, an id, …
    pub members: Vec<(&'static str, Value)>,
    pub retry_after_seconds: Option<u64>,
    pub source: Option<String>,
}

impl Error {
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inside {
            code,
            args: vec![],
            faults: vec![],
            members: vec![],
            retry_after_seconds: None,
            source: None,
        }))
    }

    /// A failure that is ours. The reason goes to the log with the place it came from.
    #[track_caller]
    pub fn internal(why: impl fmt::Display) -> Self {
        let at = Location::caller();
        let mut error = Self::new(Code::Internal);
        error.0.source = Some(format!("{why} (at {}:{})", at.file(), at.line()));
        error
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// Wrong fields; there must be at least one.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let mut error = Self::new(Code::ValidationFailed);
        error.0.faults = faults;
        error
    }

    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Code::Malformed).with("detail", detail.into())
    }

    /// A value for the text of the code (`{$name}` in the Fluent message).
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.args.push((name, value.into()));
        self
    }

    /// A further member of the problem document.
    #[must_use]
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.members.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// The private reason, for the log.
    #[must_use]
    pub fn because(mut self, why: impl fmt::Display) -> Self {
        self.0.source = Some(why.to_string());
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// The member `reason`, where there is one: why, more closely than the code says.
    pub fn reason(&self) -> Option<&str> {
        self.0.members.iter().find(|(name, _)| *name == "reason").and_then(|(_, value)| value.as_str())
    }

    pub(crate) fn inside(&self) -> &Inside {
        &self.0
    }
}

/// For logs and the command line; pages and problems have their own texts.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.as_str())?;
        for (name, value) in &self.0.args {
            write!(f, " {name}={value}")?;
        }
        for fault in &self.0.faults {
            write!(f, "\n  {}: {} [{}]", fault.pointer, fault.detail, fault.code)?;
        }
        if let Some(source) = &self.0.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

/// Whether the store itself is in trouble (busy, full, read-only, restarting), so that the same request may well succeed later.
fn store_is_away(e: &sea_orm::DbErr) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    use sea_orm::{DbErr, RuntimeErr};
    let cause = match e {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
        _ => return matches!(e, DbErr::Conn(_)),
    };
    match &**cause {
        Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed | Sqlx::WorkerCrashed => true,
        Sqlx::Database(cause) => cause.code().is_some_and(|code| match code.parse::<u32>() {
            // SQLite: the lower byte of an extended code is BUSY, LOCKED, READONLY, IOERR, FULL or CANTOPEN.
            Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13 | 14),
            // PostgreSQL: connection, resources, operator, serialization.
            _ => ["08", "53", "57", "40", "55P03"].iter().any(|class| code.starts_with(class)),
        }),
        _ => false,
    }
}

impl From<sea_orm::DbErr> for Error {
    #[track_caller]
    fn from(e: sea_orm::DbErr) -> Self {
        match e.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(what)) => Self::new(Code::Conflict).because(what),
            _ if store_is_away(&e) => Self::new(Code::Unavailable).retry_after(1).because(e),
            _ => Self::internal(e),
        }
    }
}

impl From<serde_json::Error> for Error {
    #[track_caller]
    fn from(e: serde_json::Error) -> Self {
        Self::internal(e)
    }
}

/// Carries the error to the layer that knows the visitor's language; the body is written there.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.0.code.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}
