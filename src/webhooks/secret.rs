//! The secrets that deliveries are signed with (Standard Webhooks, `v1`). None is stored: each is derived from one file beside the signing keys, the
//! webhook's id and a number that grows when it is rotated. The store has a hash, which tells whether the file is still the one.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::ids::WebhookId;
use crate::server_secret::{Root, mac};

/// The secret that one webhook shares with its receiver.
pub(super) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// That of this number for this webhook.
    pub fn of(root: &Root, webhook: WebhookId, number: i32) -> Self {
        Self(root.derive(&format!("waymark webhook\x1f{webhook}\x1f{number}")))
    }

    /// As the receiver keeps it: `whsec_` and base64. To be shown once.
    pub fn to_text(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&*self.0))
    }

    /// What the store keeps of it: 256 random bits cannot be guessed from their hash.
    pub fn hash(&self) -> String {
        let hash = Sha256::new().chain_update(b"waymark webhook secret\x1f").chain_update(&*self.0).finalize();
        hash.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// One entry of `webhook-signature`: HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, "Signature scheme").
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        format!("v1,{}", STANDARD.encode(mac(&self.0, format!("{id}.{timestamp}.{body}").as_bytes())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let secret = Secret(Zeroizing::new(key));
        let body = r#"{"test": 2432232314}"#;
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret.to_text(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
