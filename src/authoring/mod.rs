//! Where staff write and review items: the pages under `/admin/banks` and the calls under `/api/v1/banks` and `/api/v1/items`.
//!
//! * What a page or a call shows of a key is a look of its own in the audit log; lists, items and versions come without.
//! * An edit names the state that it was made from; what somebody else changed meanwhile is never written over unseen.
//! * The verbs themselves, and who may not approve, are in [`banks`](crate::banks). Here stands what needs exams besides: which exams a bank can no
//!   longer fill.

mod api;
mod form;
mod pages;
mod sentences;

pub use api::{
    approve, discard, list_banks, list_items, list_versions, open_bank, operate, pretest, read_item, read_key,
    reinstate, reopen, replace_item, retire, send_back, submit, take_back, withdraw, write_item,
};
pub use pages::{
    FORM_LIMIT, bank_page, banks_page, diff_page, edit_page, edit_post, figure, inbox_page, item_page, new_page,
    new_post, open_bank_post, operate_approved_post, preview_post, step_post,
};
