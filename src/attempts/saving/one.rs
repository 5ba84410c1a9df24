//! One answer on its way, and what became of it.

use waymark_assess::Form;
use waymark_assess::attempt::{Course, Receipt, Refused, Save};

use crate::attempts::lease::Writer;
use crate::ids::{AttemptId, MemberId};

/// One answer on its way.
#[derive(Debug, Clone)]
pub struct Saving {
    pub attempt: AttemptId,
    pub member: MemberId,
    pub save: Save,
    pub writer: Writer,
}

/// What became of it.
#[derive(Debug)]
pub enum Outcome {
    /// It is durable, since now or since it was first sent.
    Taken(Receipt),
    Refused(Refused),
    /// Another window writes; the lease stands at this epoch.
    Lost(u64),
}

/// What never changes about an attempt while it is sat.
pub(in crate::attempts) struct Seat {
    pub form: Form,
    pub course: Course,
}
