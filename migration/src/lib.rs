//! The schema of Waymark: migrations in order, one table family a file. Times are 64-bit milliseconds since 1970 in UTC, ids are
//! their written form, documents are JSON text: the same on SQLite and PostgreSQL.

use sea_orm_migration::prelude::*;

mod columns;
mod m0001_ground;
mod m0002_access;
mod m0003_members;
mod m0004_tracks;
mod m0005_exams;
mod m0006_credentials;
mod m0007_sources;
mod m0008_decisions;
mod m0009_contributions;
mod m0010_calendars;
mod m0011_reviews;
mod m0012_set_aside;
mod m0013_conformance;
mod m0014_keys;
mod m0015_succession;
mod m0016_jobs;
mod m0018_holder_questions;
mod m0019_showing;
mod m0020_known_issuers;
mod m0021_counts;
mod m0022_files_and_marking;
mod m0023_item_workflow;
mod m0024_forms;
mod m0025_sitting;
mod m0026_player;
mod m0027_webhooks;
mod m0028_outbox_order;
mod m0029_browser_proofs;
mod m0030_exam_drafts;
mod m0031_issuer_names;
mod m0032_native_sources;
mod m0033_giving;
mod m0034_requirements;
mod m0035_track_designing;
mod m0036_thanks;
mod m0037_accounts;
mod m0038_notices;
mod m0039_invitations;
mod m0040_turns;
mod m0041_titles;
mod m0042_figures;
mod m0043_ranks;
mod m0044_source_writers;
mod m0045_brought_by;
mod m0046_window_ends;
mod m0047_folded_names;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_ground::Migration),
            Box::new(m0002_access::Migration),
            Box::new(m0003_members::Migration),
            Box::new(m0004_tracks::Migration),
            Box::new(m0005_exams::Migration),
            Box::new(m0006_credentials::Migration),
            Box::new(m0007_sources::Migration),
            Box::new(m0008_decisions::Migration),
            Box::new(m0009_contributions::Migration),
            Box::new(m0010_calendars::Migration),
            Box::new(m0011_reviews::Migration),
            Box::new(m0012_set_aside::Migration),
            Box::new(m0013_conformance::Migration),
            Box::new(m0014_keys::Migration),
            Box::new(m0015_succession::Migration),
            Box::new(m0016_jobs::Migration),
            Box::new(m0018_holder_questions::Migration),
            Box::new(m0019_showing::Migration),
            Box::new(m0020_known_issuers::Migration),
            Box::new(m0021_counts::Migration),
            Box::new(m0022_files_and_marking::Migration),
            Box::new(m0023_item_workflow::Migration),
            Box::new(m0024_forms::Migration),
            Box::new(m0025_sitting::Migration),
            Box::new(m0026_player::Migration),
            Box::new(m0027_webhooks::Migration),
            Box::new(m0028_outbox_order::Migration),
            Box::new(m0029_browser_proofs::Migration),
            Box::new(m0030_exam_drafts::Migration),
            Box::new(m0031_issuer_names::Migration),
            Box::new(m0032_native_sources::Migration),
            Box::new(m0033_giving::Migration),
            Box::new(m0034_requirements::Migration),
            Box::new(m0035_track_designing::Migration),
            Box::new(m0037_accounts::Migration),
            Box::new(m0036_thanks::Migration),
            Box::new(m0038_notices::Migration),
            Box::new(m0039_invitations::Migration),
            Box::new(m0040_turns::Migration),
            Box::new(m0043_ranks::Migration),
            Box::new(m0042_figures::Migration),
            Box::new(m0041_titles::Migration),
            Box::new(m0044_source_writers::Migration),
            Box::new(m0045_brought_by::Migration),
            Box::new(m0046_window_ends::Migration),
            Box::new(m0047_folded_names::Migration),
        ]
    }
}

pub use sea_orm_migration::prelude::MigratorTrait;
