//! Waymark: exams and contributions in, signed credentials out, and a verifier that cannot be fooled.
//!
//! Rooms stand in one order; a room uses only what stands below it (`tests/it/house.rs` reads every import and holds that). From the ground up: types without a
//! room, `database`, `outbound` and `signing`, `app`, `web`, `access`, the rooms, and on top `router`, `worker` and `cli`.

pub mod access;
pub mod activities;
pub mod actor;
pub mod api_docs;
pub mod app;
pub mod attempts;
pub mod attestations;
pub mod authoring;
pub mod badges;
pub mod banks;
pub mod cli;
pub mod clock;
pub mod config;
pub mod contributions;
pub mod credentials;
pub mod database;
pub mod decisions;
pub mod demo;
pub mod document;
pub mod domain_event;
pub mod entropy;
pub mod error;
pub mod exams;
pub mod exchange;
pub mod facts;
pub mod home;
pub mod ids;
pub mod impact;
pub mod invitations;
pub mod issuer;
pub mod jobs;
pub mod links;
pub mod members;
pub mod notices;
pub mod operations;
pub mod outbound;
pub mod people;
pub mod planning;
pub mod program;
pub mod ranks;
pub mod router;
pub mod selections;
pub mod sharing;
pub mod signing;
pub mod tables;
pub mod thanks;
pub mod titles;
pub mod tracks;
pub mod vc_api;
pub mod verification;
pub mod web;
pub mod webhooks;
pub mod worker;
