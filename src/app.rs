//! What every handler can reach: capabilities, no room.

use std::sync::Arc;

use crate::config::Config;
use crate::database::Database;
use crate::links::Links;

/// The shared state; cloning shares.
#[derive(Clone)]
pub struct App(Arc<Capabilities>);

pub struct Capabilities {
    pub db: Database,
    pub config: Config,
    pub links: Links,
}

impl App {
    pub fn new(db: Database, config: Config) -> Self {
        let links = Links::new(&config.base_url);
        Self(Arc::new(Capabilities { db, config, links }))
    }
}

impl std::ops::Deref for App {
    type Target = Capabilities;

    fn deref(&self) -> &Capabilities {
        &self.0
    }
}
