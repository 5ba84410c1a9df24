//! The store: SQLite (default) or PostgreSQL 15, the same entities on both.
//!
//! * [`Database`] holds the pools, the clock and the randomness; reads go through [`Database::read`].
//! * Every write goes through the write door, [`Database::change`]: one transaction, one `now`, one actor; on SQLite a savepoint inside
//!   `BEGIN IMMEDIATE` on the only writing connection, and one COMMIT for all that came together.
//! * What other rooms must hear is told inside the same transaction ([`Change::tell`]), and so is the audit row ([`Change::audit`]).

pub mod audit;
mod change;
mod connect;
pub mod drafts;
mod group;
pub mod outbox;
pub mod pagination;

pub use audit::AuditEntry;
pub use change::{Change, Kind};
pub use connect::{ConnectError, Database};

/// Something that rows can be read from: the reading pool, or the transaction of an open [`Change`].
pub trait Read: sea_orm::ConnectionTrait {}
impl<C: sea_orm::ConnectionTrait> Read for C {}
