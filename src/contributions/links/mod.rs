//! Links that members hand in themselves, and the people who look at them.
//!
//! * A member says what it is, when it was, and whether anybody paid for it. One address is handed in once by one member, however it is written.
//! * Somebody else looks: nobody decides on their own. What is refused says why; the member may answer, and it is looked at again.
//! * What is accepted becomes a contribution on the one path, from the source `waymark:links`.

mod address;
mod api;
mod entity;
mod lifecycle;
mod pages;
mod service;
mod staff_pages;

pub(super) use address::object;
pub use api::{accept_link, answer_link, list_links, read_link, refuse_link, submit_link, withdraw_link};
pub use pages::{link_post, link_step_post, links_page};
pub use service::{count_waiting as count_waiting_links, count_waiting_of as waiting_links_of};
pub use staff_pages::{links_staff_page, staff_link_post};
