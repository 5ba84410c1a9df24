//! How fast a change of standing is signed, and how fast everybody sees it: the page and the document of the process that changed it, and of another
//! process on the same store.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Instant;

use ed25519_dalek::{Signer as _, SigningKey};
use time::Duration;
use waymark::access::Principal;
use waymark::actor::Actor;
use waymark::app::App;
use waymark::clock::{SystemClock, Timestamp};
use waymark::credentials::{self, Credential, Reason, ReasonCode, StatusChange, Visibility};
use waymark::database::{Database, Kind};
use waymark::entropy::SystemEntropy;
use waymark::router;
use waymark_credential::key::{PublicKey, Signature};
use waymark_credential::model::{
    BitstringStatusList, Contexts, CredentialKinds, DateTime, Iri, Is, OneOrMany, ReferenceOr, StatusListCredential,
};
use waymark_credential::proof::{Suite, prepare_status_list};
use waymark_credential::status_list::StatusList;

use super::{Asking, Outcome, timed};

/// Bits that are set in the list before.
const SET: u64 = 5_000;
const PLACES: u64 = 131_072;

pub fn measure(runtime: &tokio::runtime::Runtime, app: &App, own: SocketAddr, shown: &[Credential]) -> Outcome<()> {
    let mut list = StatusList::new(PLACES)?;
    for n in 0..SET {
        list.set(n * 7919 % PLACES)?;
    }
    let signing = SigningKey::from_bytes(&[7; 32]);
    let key = PublicKey::did_key(signing.verifying_key().to_bytes())?;
    let (mut next, at) = (0, app.db.now());
    let flip = timed(200, |_| {
        next += 1;
        list.set(next * 104_729 % PLACES)?;
        let document = document(&list, &key, at)?;
        let prepared = prepare_status_list(&document, Suite::EddsaRdfc2022, &key, at)?;
        let signature = Signature(signing.sign(&prepared.bytes).to_bytes());
        std::hint::black_box(prepared.attach(signature));
        Ok(())
    })?;
    println!("{:<52}{flip:>10.3} ms{:>13}", "status list: flip one of 131,072 bits and re-sign", "1 ms");

    let other = runtime.block_on(beside(app))?;
    let (mut here, mut there) = (Asking(TcpStream::connect(own)?), Asking(TcpStream::connect(other)?));
    let (mut signed, mut seen, mut hidden) = (vec![], vec![], vec![]);
    for credential in &shown[1..] {
        let path = format!("/c/{}", credential.share_id);
        for asking in [&mut here, &mut there] {
            asking.ask(&path, "Accept: text/html\r\n")?;
            asking.ask(&format!("{path}.json"), "")?;
        }
        runtime.block_on(change(app, credential))?;
        let start = Instant::now();
        runtime.block_on(credentials::publish_status(app, credential.id));
        signed.push(start.elapsed().as_secs_f64() * 1e3);
        for asking in [&mut here, &mut there] {
            while !asking.page(&path)?.contains("banner--revoked") {}
        }
        seen.push(start.elapsed().as_secs_f64() * 1e3);

        runtime.block_on(hide(app, credential))?;
        let start = Instant::now();
        for asking in [&mut here, &mut there] {
            // 404 is an error of the asking.
            while asking.ask(&format!("{path}.json"), "").is_ok() {}
        }
        hidden.push(start.elapsed().as_secs_f64() * 1e3);
    }
    for (what, mut times, must) in [
        ("status list: the same, verified, with two commits", signed, "disk"),
        ("revoked until both processes' pages say so, worst", seen, "1000 ms"),
        ("made private until both processes' JSON is gone, worst", hidden, "1000 ms"),
    ] {
        times.sort_by(f64::total_cmp);
        let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
        println!("{what:<52}{median:>10.2} ms{worst:>10.2} ms{must:>13}");
    }
    Ok(())
}

/// A list as the server writes it down for signing.
fn document(list: &StatusList, key: &PublicKey, at: Timestamp) -> Outcome<StatusListCredential> {
    let url = "https://certs.example/status/lst_01JD8Y6Z6G0000000000000000";
    Ok(StatusListCredential {
        context: Contexts::Credentials,
        kinds: CredentialKinds::status_list(),
        name: None,
        description: None,
        issuer: ReferenceOr::Reference(Iri::parse(key.controller())?),
        valid_from: Some(DateTime::seconds(at)),
        valid_until: Some(DateTime::seconds(at + Duration::days(1))),
        credential_subject: BitstringStatusList {
            id: Some(Iri::parse(format!("{url}#list"))?),
            kind: Is::default(),
            status_purpose: OneOrMany::One("revocation".to_owned()),
            encoded_list: list.encode(),
            ttl: Some(300_000),
        },
        proof: None,
        id: Iri::parse(url)?,
    })
}

/// Another process would share nothing with this one but the store; neither does this.
async fn beside(app: &App) -> Outcome<SocketAddr> {
    let db = Database::open(&app.config.database.url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    let other = App::new(db, app.config.clone())?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = router::build(other).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Ok(address)
}

async fn change(app: &App, credential: &Credential) -> Outcome<()> {
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
    let reason = Reason { code: ReasonCode::Other, public: None, internal: None };
    credentials::change_status(app, &mut ch, credential.id, StatusChange::Revoke, &reason).await?;
    Ok(ch.commit().await?)
}

async fn hide(app: &App, credential: &Credential) -> Outcome<()> {
    let mut ch = app.db.change(Actor::Member(credential.member), Kind::Ordinary).await?;
    let who = Principal::Session { member: credential.member, roles: vec![], csrf: String::new() };
    credentials::show_to(&mut ch, credential.id, &who, false, Visibility::Private).await?;
    Ok(ch.commit().await?)
}
