//! What documents cost the server: `cargo bench -p waymark --bench documents` (`--profile release` builds faster and says almost the same).
//!
//! Server CPU by request: a real server on the loopback, asked over one connection; the CPU of every thread but the asking one, least of the rounds.
//! `GET /c/{id}.json` stands beside a handler that answers the same bytes behind the same layers. Linux only, for `/proc`.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints figures")]

#[path = "documents/standing.rs"]
mod standing;

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Instant;
use std::{fs, io};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use waymark::access::{Principal, Public};
use waymark::actor::Actor;
use waymark::app::App;
use waymark::clock::SystemClock;
use waymark::config::{Config, DidMethod};
use waymark::credentials::{self, Award, Awarded, Basis, Credential, Visibility};
use waymark::database::{Database, Kind};
use waymark::entropy::SystemEntropy;
use waymark::ids::{self, ProposalId};
use waymark::issuer::{self, IssuerProfile};
use waymark::tracks::{self, TrackDefinition};
use waymark::web::i18n::Locale;
use waymark::{badges, members, router};
use waymark_credential::bake;

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 7;
const REQUESTS: usize = 1500;
const HOLDERS: usize = 24;

fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let (app, shown) = runtime.block_on(furnished(folder.path(), address))?;
    let first = &shown[0];
    let signed = runtime.block_on(credentials::signed_json(app.db.read(), first))?;
    let same = Same(Bytes::from(signed.clone()), HeaderValue::from_static("\"0123456789abcdef01234567\""));
    let beside =
        Router::new().route("/same", get(move |who: Public, headers: HeaderMap| same.clone().answer(who, headers)));
    let service = router::build(app.clone()).merge(router::layered(beside, app.clone()).reset_fallback());
    runtime
        .spawn(async move { axum::serve(listener, service.into_make_service_with_connect_info::<SocketAddr>()).await });

    let mut asking = Asking(TcpStream::connect(address)?);
    let path = format!("/c/{}", first.share_id);
    let tag = asking.ask(&format!("{path}.json"), "")?.1;
    let known = format!("If-None-Match: {tag}\r\n");
    let known_same = "If-None-Match: \"0123456789abcdef01234567\"\r\n";
    let works = [
        ("same bytes", "/same".to_owned(), ""),
        ("hot", format!("{path}.json"), ""),
        ("same 304", "/same".to_owned(), known_same),
        ("304", format!("{path}.json"), known.as_str()),
    ];
    let mut least = [f64::INFINITY; 4];
    for _ in 0..ROUNDS {
        for (n, (_, path, headers)) in works.iter().enumerate() {
            let before = others()?;
            for _ in 0..REQUESTS {
                asking.ask(path, headers)?;
            }
            least[n] = least[n].min((others()? - before) as f64 / REQUESTS as f64 / 1e3);
        }
    }
    println!("one credential: {} bytes signed", signed.len());
    println!("{:<52}{:>10}{:>8}{:>8}", "server CPU a request, least of the rounds", "µs", "ratio", "must");
    println!("{:<52}{:>10.1}", "the same bytes behind the same layers", least[0]);
    println!("{:<52}{:>10.1}{:>8.2}{:>8}", "GET /c/{id}.json, hot", least[1], least[0] / least[1], "0.75");
    println!("{:<52}{:>10.1}", "the same 304 behind the same layers", least[2]);
    println!("{:<52}{:>10.1}{:>8.2}{:>8}", "GET /c/{id}.json, 304", least[3], least[2] / least[3], "0.80");

    let page = timed(60, |_| asking.ask(&path, "Accept: text/html\r\n").map(|_| ()))?;
    println!("{:<52}{page:>10.2} ms{:>13}", "GET /c/{id} as a page, answer time, median of 60", "5 ms");
    let pdf = timed(HOLDERS, |n| asking.ask(&format!("/c/{}.pdf", shown[n].share_id), "").map(|_| ()))?;
    println!("{:<52}{pdf:>10.2} ms{:>13}", "GET /c/{id}.pdf, each a first time, median", "30 ms");
    let preview = timed(1, |_| asking.ask(&format!("{path}.og.png"), "").map(|_| ()))?;
    println!("{:<52}{preview:>10.2} ms", "GET /c/{id}.og.png, a first time");

    let picture = runtime.block_on(async {
        let version = tracks::version(app.db.read(), first.track_version).await?;
        let by = issuer::find(app.db.read(), first.issuer).await?;
        badges::picture(app.db.read(), &by, &version, Locale::Ja).await
    })?;
    let start = Instant::now();
    let pictures = 4000;
    for _ in 0..pictures {
        std::hint::black_box(bake::png::bake(&picture.png, &signed)?);
    }
    let rate = f64::from(pictures) / start.elapsed().as_secs_f64();
    println!(
        "{:<52}{rate:>10.0} /s{:>12}/s",
        format!("badge PNG baked from one picture of {} bytes", picture.png.len()),
        5000
    );
    standing::measure(&runtime, &app, address, &shown)
}

/// The handler to compare with.
#[derive(Clone)]
struct Same(Bytes, HeaderValue);

impl Same {
    async fn answer(self, _: Public, headers: HeaderMap) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| *tag == self.1);
        let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { self.0.into_response() };
        let out = response.headers_mut();
        out.insert(header::ETAG, self.1);
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        out.insert(header::VARY, HeaderValue::from_static("accept"));
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vc"));
        out.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"EG-2026-000001.json\""));
        out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        out.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
        response
    }
}

/// An installation with published credentials of different holders.
async fn furnished(folder: &std::path::Path, address: SocketAddr) -> Outcome<(App, Vec<Credential>)> {
    let url = format!("sqlite://{}", folder.join("waymark.db").display());
    let db = Database::open(&url, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    db.migrate().await?;
    let mut config =
        Config { base_url: format!("http://{address}").parse()?, data_dir: folder.to_owned(), ..Config::default() };
    config.database.url = url;
    config.issuer.did_method = DidMethod::Key;
    let app = App::new(db, config)?;
    let profile = json!({"issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"},
        "time_zone": "Asia/Tokyo", "locales": ["ja", "en"], "number_format": "EG-{year}-{seq:6}"});
    let track = json!({"slug": "foundations", "kind": "certification", "title": {"ja": "基礎", "en": "Foundations"},
        "criteria": {"ja": "3件貢献する", "en": "Give three contributions"}, "validity": {"months": 36}, "template": "hexagon",
        "requires": {"all": [{"id": "give", "contributions": {"types": ["change.merged"], "at_least": 3}}]}});
    let profile = IssuerProfile::from_value(&profile).map_err(|faults| format!("{faults:?}"))?;
    let track = TrackDefinition::from_value(&track).map_err(|faults| format!("{faults:?}"))?;
    let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
    issuer::keep(&mut ch, &profile).await?;
    let by = issuer::default_issuer(ch.tx()).await?.ok_or("no issuer")?;
    let version = tracks::publish(&mut ch, by.id, &track).await?.ok_or("no track")?;
    ch.commit().await?;
    issuer::generate_keys(&app, Actor::Operator).await?;
    let mut shown = vec![];
    for n in 0..HOLDERS {
        let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await?;
        let holder =
            members::find_or_enrol(&mut ch, &format!("holder-{n}@people.example"), "七瀬 ひかり", Locale::Ja).await?;
        ch.commit().await?;
        let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
        let award = Award {
            basis: Basis::Approved(ids::fresh::<ProposalId>(ch.now, ch.entropy())),
            member: holder.id,
            version,
            term: 1,
            awarded_at: ch.now,
            valid_until: None,
            evidence: vec![],
            results: vec![],
        };
        let Awarded::New { credential, .. } = credentials::award(&app, &mut ch, award).await? else {
            return Err("held already".into());
        };
        ch.commit().await?;
        credentials::release(&app, credential).await?;
        let mut ch = app.db.change(Actor::Member(holder.id), Kind::Ordinary).await?;
        let who = Principal::Session { member: holder.id, roles: vec![], csrf: String::new() };
        shown.push(credentials::show_to(&mut ch, credential, &who, false, Visibility::Link).await?);
        ch.commit().await?;
    }
    Ok((app, shown))
}

/// One connection that is kept.
struct Asking(TcpStream);

impl Asking {
    /// The length of the body, and the tag.
    fn ask(&mut self, path: &str, headers: &str) -> Outcome<(usize, String)> {
        self.read(path, headers).map(|(body, tag)| (body.len(), tag))
    }

    /// A page.
    fn page(&mut self, path: &str) -> Outcome<String> {
        let (body, _) = self.read(path, "Accept: text/html\r\n")?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// The body, and the tag. An answer that is neither 200 nor 304 is an error, once it is read.
    fn read(&mut self, path: &str, headers: &str) -> Outcome<(Vec<u8>, String)> {
        self.0.write_all(format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n").as_bytes())?;
        let mut read = Vec::with_capacity(16 * 1024);
        let mut piece = [0; 16 * 1024];
        let head = loop {
            if let Some(at) = read.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            self.more(&mut piece, &mut read)?;
        };
        let text = String::from_utf8_lossy(&read[..head]).into_owned();
        let value =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
        let length = if text.starts_with("HTTP/1.1 304") { 0 } else { value("content-length:").parse()? };
        while read.len() < head + length {
            self.more(&mut piece, &mut read)?;
        }
        let tag = value("etag:");
        if !(text.starts_with("HTTP/1.1 200") || text.starts_with("HTTP/1.1 304")) {
            return Err(text.into());
        }
        Ok((read.split_off(head), tag))
    }

    fn more(&mut self, piece: &mut [u8], read: &mut Vec<u8>) -> io::Result<()> {
        match self.0.read(piece)? {
            0 => Err(io::Error::other("the server closed the connection")),
            n => {
                read.extend_from_slice(&piece[..n]);
                Ok(())
            }
        }
    }
}

/// Nanoseconds on a processor of every thread but this one.
fn others() -> Outcome<u64> {
    let own = fs::read_link("/proc/thread-self")?;
    let own = own.file_name().ok_or("no thread")?.to_owned();
    let mut sum = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let task = task?;
        if task.file_name() != own {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            sum += text.split_whitespace().next().unwrap_or("0").parse::<u64>()?;
        }
    }
    Ok(sum)
}

/// The median of so many, in milliseconds.
fn timed(count: usize, mut work: impl FnMut(usize) -> Outcome<()>) -> Outcome<f64> {
    let mut times = vec![];
    for n in 0..count {
        let start = Instant::now();
        work(n)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
