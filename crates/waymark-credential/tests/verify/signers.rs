//! Signers with the kinds of keys that we do not sign with ourselves.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use crypto_bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use ecdsa::signature::Signer as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// An RSA key made for these tests.
const N: &str = "ssOwOpw0zlJzN5gy8ButZadB3BKMFV5wjFbLD_mEbSOJf8JgP3K88I9ZSN13baSQf-DO14JtuxrDZtK6p5naB4OPMjTS2x8-cpqN703bWr5LFtxix-Pr5kiVfotUnR9oEj_T7NssezPxpcZL11cBfYVS1MfoOkSZy1NFcPzR96zqtcjTBf_5MDA-kfHg8YfA9UTz3WoUP0wHtT4LiBOe6WhrFtHMdISfPe6rGrcASrMXVCKmPo03rRi6iGJm2PLG-QdbwFWeSR7J3it2TC60NTTAW9vMBZ_Qpnf9VMtX3UmJ1maQwF9eJsG7YXL7N4DHpYdjjVLdC-3bCpEPQAR4gQ";
const D: &str = "CyiQg_cPS4PtY9Zu8wqKPDy4jWL1vil6BWOPSzLqNYkM5pX4ras1AJ_VDRmgYF5f4_CRnrWKMY5ADVd47dhqWfLYBdRy5zk7-9m6g3oQ17kmPSICcztelK46EScjr-dXhuCXsxqi_BmD42L1ZdadLeNsJkKoc_cnYbAD5xOr7E2Sw3wlhYU437WZBAFbg2q6LFwx3HvzKv2IU207yGrG4UFplwxHj_3pmZtfDFIyH1mC__NiC7trFjYoM73yBQ25gidHGNWmX06M6agssTBPpvGbtOBZQV4t7kUbJusMjipC-KgBS-qt51ojC6ugT107uuNpkM40cpG3dqGArYIisQ";

pub enum Signer {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Rsa,
}

pub fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub fn p256(seed: u8) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    pub fn p384(seed: u8) -> Self {
        Self::P384(p384::ecdsa::SigningKey::from_slice(&[seed; 48]).unwrap())
    }

    pub fn p521(seed: u8) -> Self {
        let mut secret = [seed; 66];
        secret[0] = 0;
        Self::P521(p521::ecdsa::SigningKey::from_slice(&secret).unwrap())
    }

    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::P256(_) => "ES256",
            Self::P384(_) => "ES384",
            Self::P521(_) => "ES512",
            Self::Rsa => "RS256",
        }
    }

    /// The public key.
    pub fn jwk(&self) -> Value {
        let (curve, point) = match self {
            Self::P256(key) => ("P-256", key.verifying_key().to_sec1_point(false).as_bytes().to_vec()),
            Self::P384(key) => ("P-384", key.verifying_key().to_sec1_point(false).as_bytes().to_vec()),
            Self::P521(key) => ("P-521", key.verifying_key().to_sec1_point(false).as_bytes().to_vec()),
            Self::Rsa => return json!({"kty": "RSA", "n": N, "e": "AQAB"}),
        };
        let (x, y) = point[1..].split_at(point.len() / 2);
        json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
    }

    /// `zDna…`, of a P-256 key.
    pub fn multikey(&self) -> String {
        let Self::P256(key) = self else { panic!("only P-256") };
        let bytes = [&[0x80, 0x24], key.verifying_key().to_sec1_point(true).as_bytes()].concat();
        format!("z{}", waymark_credential::key::encode_base58btc(&bytes))
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => Signed::<p256::NistP256>::to_bytes(&key.sign(message)).to_vec(),
            Self::P384(key) => Signed::<p384::NistP384>::to_bytes(&key.sign(message)).to_vec(),
            Self::P521(key) => Signed::<p521::NistP521>::to_bytes(&key.sign(message)).to_vec(),
            Self::Rsa => {
                let number =
                    |text: &str| BoxedUint::from_be_slice_vartime(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap());
                // EMSA-PKCS1-v1_5 (RFC 8017 §9.2)
                let info = "3031300d060960864801650304020105000420";
                let info = (0..info.len()).step_by(2).map(|at| u8::from_str_radix(&info[at..at + 2], 16).unwrap());
                let mut encoded = [&[0, 1][..], &[0xff; 202], &[0]].concat();
                encoded.extend(info);
                encoded.extend(Sha256::digest(message));
                let params = BoxedMontyParams::new(Odd::new(number(N)).into_option().unwrap());
                let message = BoxedMontyForm::new(BoxedUint::from_be_slice_vartime(&encoded), &params);
                message.pow(&number(D)).retrieve().to_be_bytes().to_vec()
            }
        }
    }

    /// A compact JWS.
    pub fn jws(&self, header: &Value, payload: &Value) -> String {
        let input = format!("{}.{}", encode(header.to_string().as_bytes()), encode(payload.to_string().as_bytes()));
        format!("{input}.{}", encode(&self.sign(input.as_bytes())))
    }
}

type Signed<C> = ecdsa::Signature<C>;
