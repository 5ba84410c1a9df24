//! Leave to sign one stored intent. Made by the funnel only, from an intent that was read back from the store and compared.

use crate::ids::SigningKeyId;
use crate::signing::Purpose;
use crate::signing::intents::Intent;

pub struct Warrant<'i> {
    pub(in crate::signing) key: SigningKeyId,
    pub(in crate::signing) purpose: Purpose,
    pub(in crate::signing) message: &'i [u8],
    _made_here: (),
}

impl<'i> Warrant<'i> {
    pub(super) fn new(intent: &'i Intent) -> Self {
        Self { key: intent.key, purpose: intent.purpose, message: &intent.payload.bytes, _made_here: () }
    }
}
