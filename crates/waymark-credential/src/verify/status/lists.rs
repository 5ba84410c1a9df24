//! The signed lists to which one document leads: each is read and proved once, however many of its entries stand there.

use std::{collections::HashMap, sync::Arc};

use super::{Entry, Place, ProvedList, list, named};
use crate::{
    Timestamp,
    did::ControllerDocument,
    verify::{detail::Detail, policy::Policy, want::Supply},
    work::Work,
};

/// What the lists of one document say.
pub(in crate::verify) struct Lists<'a> {
    issuer: &'a str,
    keys: &'a ControllerDocument,
    policy: &'a Policy,
    now: Timestamp,
    proved: HashMap<String, Result<Arc<ProvedList>, Detail>>,
}

impl<'a> Lists<'a> {
    /// For a document of `issuer`, whose keys these are.
    pub fn new(issuer: &'a str, keys: &'a ControllerDocument, policy: &'a Policy, now: Timestamp) -> Self {
        Self { issuer, keys, policy, now, proved: HashMap::new() }
    }

    /// Whether the list, of which `supply` is what came, has the entry set; else why it does not answer that.
    pub fn set(&mut self, entry: &Entry, supply: &Supply, work: &mut Work) -> Result<bool, Detail> {
        match &entry.place {
            // two entries of one document are never two of one such list: its address is their id
            Place::Named(credential) => named::holds(credential, &entry.list, self.issuer, supply, self.now, work),
            Place::Bit { index, purpose } => {
                let signer = (self.issuer, self.keys);
                let prove = || list::good(&entry.list, supply, signer, self.policy, self.now, work);
                let list = self.proved.entry(entry.list.clone()).or_insert_with(prove);
                list.as_ref().map_err(Clone::clone)?.bit(*index, purpose.as_str())
            }
        }
    }
}
