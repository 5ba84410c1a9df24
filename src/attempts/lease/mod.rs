//! One window writes: the lease of an attempt, and what its holder tells and is told while it works.
//!
//! * A window asks for the lease under a name that it drew for itself. The first one gets it; another one may take it over, which raises the epoch and is logged.
//! * While it is held, an answer, a flag or a file that does not name the current epoch is refused (`lease_lost`); the window keeps its text. A holder
//!   that was not heard of for [`QUIET`] has let go.
//! * Where nobody ever asked for a lease, nobody needs one: calls with a token work by the revision alone. A form names the epoch that stood on its page (ADR 0027).
//! * Answers that arrive after the end are kept as evidence or refused, by the exam's policy; they never change a score by themselves.

mod api;
mod delivery;
mod delivery_pages;
mod entity;
mod erasure;
mod late;
mod messages;
mod service;

pub(super) use api::note_lost;
pub use api::{ask_lease, contact, late_answers, read_message, send_message};
pub use delivery::{Delivery, delivery_of};
pub use delivery_pages::{delivery_page, delivery_post, read_delivery, write_delivery};
pub(super) use erasure::{erase, forget};
pub use late::{LateAnswer, late_of};
pub use messages::{LONGEST_MESSAGE, Message, messages_of, read, send};
pub(super) use service::{Leases, Writer, epoch_of, hold, is_over, lost};
pub use service::{QUIET, contacts};
