//! Webhooks: others are told of what happens here, signed, at least once.
//!
//! * What a webhook is owed follows from a domain event, which is written in the transaction of what it tells; nothing is lost between the two.
//! * It is told outside of any change, through the guarded connector, a few at a time to each receiver; a slow one holds up no other. What is
//!   not answered with 2xx is tried again, later each time; its id and body stay the same. In what order things arrive is not promised.
//! * A body has ids, times and public addresses. Never an answer, a key, a score, a code, a name or an e-mail address.
//! * Signed as Standard Webhooks says (`v1`). A secret is shown once and stored nowhere; for a day after it is rotated both are used.
//! * A webhook that nobody answers is switched off by itself, and staff are told why.

mod api;
mod deliveries;
mod entity;
mod form;
mod lifecycle;
mod owed;
mod pages;
mod secret;
mod sending;
mod service;
mod telling;

pub use api::{
    add_webhook, disable_webhook, edit_webhook, enable_webhook, list_deliveries, list_webhooks, read_delivery,
    read_webhook, redeliver, remove_webhook, rotate_webhook, test_webhook, webhook_json,
};
pub use deliveries::{hear, on_event, tend};
pub use lifecycle::{JITTER, Kind, MOST_TRIES, Off, State, wait};
pub use owed::{Delivery, find as delivery, test};
pub use pages::{add_webhook_post, edit_webhook_post, redeliver_post, webhook_page, webhook_step_post, webhooks_page};
pub use sending::{Underway, send_due};
pub use service::{NewWebhook, Webhook, add, ailing, all, count_off, find, remove, rotate, switch};
