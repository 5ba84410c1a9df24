//! Attempts: a member sits an exam.
//!
//! * The form is drawn from a recorded seed and frozen as one row before the clock starts; the candidate meets option handles, never option ids.
//! * An answer that was acknowledged is durable. Whether it came in time is decided inside the transaction that stores it.
//! * An attempt has at most one end. It closes at its effective deadline however late somebody notices: at the next look, or by [`expire_due`].
//! * The score is a pure function of form, keys and responses; its result goes to the ledger as a fact, in the transaction that closes the attempt.
//! * Where the exam holds its results, they count for nothing until staff release them.
//! * What people mark waits for them; while a response waits, the attempt's result cannot be released.
//! * Its time is a pure function of what the exam gives, what the person is allowed, what staff added and what was credited; it only ever grows.
//! * A section that is not open is never sent, neither before it is opened nor after it is closed.
//! * What happens is written into a log per attempt that nobody can change unseen ([`chain`]); one window writes at a time.
//! * To everybody but its member an attempt does not exist; staff see how it came out.

mod answering;
mod api;
mod assembling;
mod beginning;
mod clock;
mod closing;
mod conflict;
mod entity;
mod erasure;
mod erasure_api;
mod files;
mod files_doors;
mod fsck;
mod in_path;
mod lease;
mod lifecycle;
mod log;
mod marking;
mod monitor;
mod of_person;
mod outcome;
mod outside;
mod pages;
mod receipt;
mod rescoring;
mod rescoring_api;
mod results;
mod results_api;
mod saving;
mod scheduling;
mod seb;
mod service;
mod staff;
mod told;
mod views;
mod wording;
mod xapi;

pub use api::{clock, flag, item, move_call, result, save, show, start, submit};
pub use beginning::{Begun, Chances, Given, begin, chances};
pub use closing::{
    Released, Scaled, Section, Verdict, expire_due, look, release, release_due, submit as hand_in, turn_due, verdict,
};
pub use erasure::{ERASED, Erased, erase as erase_traces, tend};
pub use erasure_api::erase_call;
pub use files_doors::{FILE_LIMIT, hand_in_file, post_file};
pub use fsck::{Damage, Examined, examine};
pub use lease::{
    ask_lease, contact, delivery_page, delivery_post, late_answers, read_delivery, read_message, send_message,
    write_delivery,
};
pub use log::{chain, erase_notes, read_events, report_events};
pub use marking::{
    count_waiting, list_markings, mark, mark_page, marked_file, marking_page, markings_page, show_marking,
};
pub use monitor::{attempt_page, guide_attempt, live_page, live_rows, live_stream};
pub use of_person::{Sitting, sittings_of};
pub use outside::{
    assign_outside, outside_page, outside_post, read_outside, receive_outside, settle_page, take_back_post,
};
pub use pages::{
    agree, answer, exams_page, figure, finish, intro, message_read, move_post, player, position, receipt_file,
    receipt_page, release_page, resulting, results_page, review,
};
pub use rescoring::{Altered, Sat, preview, rescore_due, sat, void_item, which};
pub use rescoring_api::{told as void_told, void_call, void_page, void_post};
pub use results::{ResultRow, Which, held, of_exam, release_held};
pub use results_api::{list_results, release_results};
pub use scheduling::{
    Accommodation, Ask, Eligibility, MOST_VOUCHERS, NewVouchers, NewWindow, Reason, Seat, Window, accommodations_of,
    accommodations_page, accommodations_post, allowance_of, approve, approve_call, cancel_seat, cancel_window,
    cancel_window_call, catalogue, change_window, change_window_call, eligibility, eligibility_call, end_accommodation,
    find_window, identity_post, list_accommodations, list_windows, make, make_vouchers, of_exam as windows_of,
    open_window, open_window_call, redeem, register, register_call, register_post, release_of, roster, see_identity,
    system_check, voucher_batch, voucher_post, vouchers_page, window_cancel_page, window_cancel_post, window_edit_page,
    window_edit_post, window_page, windows_page, windows_post,
};
pub use seb::{browser_post, settings_file};
pub use service::{Answer, Attempt, Notice, answers, count_under_way, find, form, under_way};
pub use staff::{StaffStep, candidates_page, candidates_post, credit_downtime, live, step_call, take};
pub use told::{Told, told};
pub use xapi::statements as xapi_statements;
