//! What a presentation says of its holder and of credentials that the holder wrote themselves (VCDM 2.0 §4.13.4).

use super::{OpenDocument, members::id_of};
use serde_json::Value;

/// The holder, where the presentation names one.
pub fn holder(presentation: &OpenDocument) -> Option<&str> {
    presentation.principal()
}

/// Whether a credential in the presentation was written by the one who signs the presentation, `presenter`, is secured by nothing but that
/// signature, and the presentation does not name that one as its holder: then nobody vouches for it, and it must say so. One with a proof of
/// its own stands by itself, whoever presents it.
pub fn self_asserted(presentation: &OpenDocument, credential: &Value, presenter: &str) -> bool {
    if credential.get("proof").is_some() {
        return false;
    }
    let issuer = id_of(credential.get("issuer"));
    issuer.as_deref() == Some(presenter) && presentation.principal() != Some(presenter)
}
