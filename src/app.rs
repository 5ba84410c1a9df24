//! What every handler can reach: capabilities, no room.

mod counts;
mod desk;
mod hot;
mod intake;
mod kept;
mod limits;
mod own;
mod together;
mod workbench;

use std::sync::Arc;

use tokio::sync::Semaphore;
use waymark_assess::form::Plan;
use waymark_credential::did::ControllerDocument;
use waymark_credential::verify::ProvedList;

pub use counts::{Counted, Counts, Subject};
pub use desk::{Desk, Place};
pub use hot::{Hot, HotDocument, Seen};
pub use intake::{Admitted, Intake};
pub use kept::Kept;
pub use limits::{About, Limit, Limits};
pub use own::Own;
pub use together::Together;
pub use workbench::Workbench;

use crate::config::{Config, Network};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::links::Links;
use crate::outbound::{Connector, Post};
use crate::signing::KeyringSlot;

/// The shared state; cloning shares.
#[derive(Clone)]
pub struct App(Arc<Capabilities>);

pub struct Capabilities {
    pub db: Database,
    pub config: Config,
    pub links: Links,
    pub post: Post,
    /// Fetches what strangers' credentials name, and tells webhooks.
    pub connector: Connector,
    /// The private keys, once the issuer opened them.
    pub keyring: KeyringSlot,
    /// How forms of exams are drawn, by exam, version and edition of the bank.
    pub plans: Kept<Plan>,
    /// Signed documents that were asked for a moment ago and may be seen.
    pub hot: Hot,
    /// Our own status lists whose signature was checked, and the DID documents that say by which keys, by the hash of their bytes. The
    /// bytes are read from the store each time; only what follows from them is kept.
    pub lists: Kept<ProvedList>,
    pub documents: Kept<ControllerDocument>,
    /// Looks at credentials that are not yet written down.
    pub counts: Counts,
    /// How often an address may ask for what costs much or can be guessed.
    pub limits: Limits,
    /// How many events may wait to be written.
    pub intake: Intake,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: Vec<Network>,
    /// Where what strangers send is parsed and proved.
    pub workbench: Workbench,
    /// Where files of items are read and written; closed when the server stops.
    pub desk: Desk,
    /// What rooms keep in memory for themselves.
    pub own: Own,
    /// Places for pages that stay connected; closed when the server stops.
    pub streams: Arc<Semaphore>,
}

/// Pages that may stay connected at once: staff who watch, not candidates.
const STREAMS: usize = 32;

/// A plan names every item of its bank.
const PLANS: usize = 64;

/// A list of the least length takes 16 KiB.
const LISTS: usize = 64;
const DOCUMENTS: usize = 8;

impl App {
    /// Fails when a setting of one of the capabilities cannot be used.
    pub fn new(db: Database, config: Config) -> Result<Self> {
        let connector = Connector::guarded().map_err(Error::internal)?;
        let connector = if config.demo { connector.telling_own_machine().map_err(Error::internal)? } else { connector };
        Self::reaching(db, config, connector)
    }

    /// The same with another way to the outside.
    pub fn reaching(db: Database, config: Config, connector: Connector) -> Result<Self> {
        db.secret.lies_in(config.keys_dir());
        let links = Links::new(&config.base_url);
        let post = Post::new(&config.mail);
        let proxies = config.proxies().map_err(Error::internal)?;
        let limits = Limits::new(&config, db.clock.clone());
        let (keyring, workbench) = (KeyringSlot::default(), Workbench::for_this_machine());
        let (plans, lists, documents) = (Kept::new(PLANS), Kept::new(LISTS), Kept::new(DOCUMENTS));
        let (hot, counts) = (Hot::default(), Counts::default());
        let (streams, intake) = (Arc::new(Semaphore::new(STREAMS)), Intake::new(config.limits.events_waiting));
        let all = Capabilities {
            db,
            config,
            links,
            post,
            connector,
            keyring,
            plans,
            hot,
            lists,
            documents,
            counts,
            limits,
            intake,
            proxies,
            workbench,
            desk: Desk::default(),
            own: Own::default(),
            streams,
        };
        Ok(Self(Arc::new(all)))
    }
}

impl std::ops::Deref for App {
    type Target = Capabilities;

    fn deref(&self) -> &Capabilities {
        &self.0
    }
}
