//! The pages of `/s/{share_id}`: several credentials for one reader, under one link and one QR code, until their member or a day ends it.
//!
//! A credential that is private can be read through a selection only where its member said so in so many words when choosing it; its own page stays closed.
//! One that was made private later is gone from the selection.

mod open;
mod pages;

pub use open::{open_selection, preview_selection};
pub use pages::{
    begin_selection, end_selection, new_page, order_selection, own_page, publish_selection, selections_page,
};
