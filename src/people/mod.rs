//! Staff look after people and the installation by page: enrolling a member, handing over a sign-in link, roles, keys of programs, the program's own
//! settings, and what is left to do before anybody can earn anything.
//!
//! * A sign-in link is shown once, audited, and told to its member. Nobody makes one for, signs out, or gives a role to somebody above themselves.
//! * Nobody changes their own roles, nor by a key that they made; the last owner stays.
//! * Settings are read by the code that reads `program.yaml`, and kept as `program apply` keeps them.

mod access_page;
mod affiliation_forms;
mod api;
mod enrol_page;
mod keys_page;
mod service;
mod settings;
mod settings_page;
mod setup;
mod source_edit;
mod source_page;
mod staff_page;

pub use access_page::{access_page, hand_link_post, sign_out_post};
pub use affiliation_forms::{add_affiliation_post, end_affiliation_post};
pub use api::{give_role_call, list_staff, take_role_call};
pub use enrol_page::{enrol_page, enrol_post};
pub use keys_page::{api_keys_page, end_key_post, make_key_post};
pub use service::{give, hand_link, sign_out, take};
pub use settings_page::{make_keys_post, settings_page, settings_post};
pub use setup::Setup;
pub use source_edit::{source_edit_page, source_edit_post};
pub use source_page::{source_page, source_post};
pub use staff_page::{give_role_post, staff_page, take_role_post};
