//! Who may begin an exam, and when.
//!
//! * A window says from when to when attempts may begin, how many seats there are, and whether its end cuts the time of who begins late. What a
//!   person is allowed beyond others moves that end, too.
//!   It changes until it opens. One in which nobody began can be cancelled: it admits nobody from then on, and who has a seat in it hears why.
//! * A voucher begins one attempt. Its code is shown once and kept as a hash; of any number who send it at once, one begins. Only a void lets it go.
//! * An accommodation belongs to a person. It is in force at once, in attempts that are under way as well; why it was given, few may read.
//! * Eligibility is told as a list: each thing that the exam asks for, whether it is met, and what to do.

mod accommodations;
mod allowed_pages;
mod api;
mod change_pages;
mod changing;
mod eligibility;
mod entity;
mod pages;
mod staff_pages;
mod voucher_pages;
mod vouchers;
mod window_form;
mod windows;
mod windows_api;

pub(in crate::attempts) use accommodations::erase_reasons;
pub use accommodations::{Accommodation, accommodations_of, allowance_of, approve, end_accommodation};
pub use allowed_pages::{accommodations_page, accommodations_post};
pub use api::{approve_call, eligibility_call, list_accommodations, make_vouchers};
pub use change_pages::{window_cancel_page, window_cancel_post, window_edit_page, window_edit_post};
pub use changing::{cancel_window, change_window};
pub(in crate::attempts) use eligibility::unmet;
pub use eligibility::{Ask, Eligibility, Reason, eligibility};
pub(in crate::attempts) use pages::{ReasonLine, WindowLine, reason_lines, window_lines};
pub use pages::{catalogue, register_post, system_check};
pub use staff_pages::{identity_post, window_page, windows_page, windows_post};
pub use voucher_pages::{voucher_post, vouchers_page};
pub use vouchers::{MOST_VOUCHERS, NewVouchers, batch_of as voucher_batch, make, redeem, release_of};
pub(in crate::attempts) use windows::hold_window;
pub use windows::{
    NewWindow, Seat, Window, cancel_seat, find as find_window, of_exam, open_window, register, roster, see_identity,
};
pub use windows_api::{cancel_window_call, change_window_call, list_windows, open_window_call, register_call};
