//! `waymark serve`: the web server, with the worker in the same process.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::ConnectInfo;
use clap::Args;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::connections::Doorway;
use super::{Context, Exit, Failure, Outcome, say, tls};
use crate::app::App;
use crate::attempts;
use crate::config::{Config, DidMethod, Remembered};
use crate::demo;
use crate::impact;
use crate::issuer::{self, NotIssuing};
use crate::router;
use crate::signing::KeyringError;
use crate::vc_api;
use crate::worker;

#[derive(Args)]
pub(super) struct Serve {
    /// Start with sample people and a sample program, on loopback, without any setup.
    #[arg(long)]
    demo: bool,
    /// Where to listen (`WAYMARK_LISTEN`).
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Speak https with a certificate made at start, on this machine only: for conformance suites.
    #[arg(long)]
    tls_self_signed: bool,
}

/// A client that has not sent its request head by then is let go.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
const DRAIN: Duration = Duration::from_secs(10);

impl Serve {
    pub(super) async fn run(self, mut context: Context) -> Outcome {
        start_log();
        let given = self.listen.is_some();
        if let Some(listen) = self.listen {
            context.config = context.config.listening_on(listen)?;
        }
        context.config.demo = self.demo;
        let listener = TcpListener::bind(&context.config.listen).await.map_err(|e| {
            let listen = &context.config.listen;
            let advice = match e.kind() {
                std::io::ErrorKind::AddrInUse => format!(
                    "; something listens there already: end it, or choose another with --listen {}",
                    context.config.next_port()
                ),
                _ => String::new(),
            };
            Failure::new(Exit::Failure, format!("cannot listen on {listen}: {e}{advice}"))
        })?;
        let address = listener.local_addr()?;
        let tls = if self.tls_self_signed { Some(tls::self_signed(address)?) } else { None };
        if self.demo {
            demo_config(&mut context.config, address, given, tls.is_some())?;
        }
        let app = if self.demo { prepare_demo(&context).await? } else { context.open().await? };
        remember(&app.config, address);
        ready_to_sign(&app).await?;
        // Before anybody is answered: whom an outage would have closed gets the time back first.
        attempts::credit_downtime(&app).await?;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let work = tokio::spawn(worker::run(app.clone(), stopped));
        say(&format!("waymark listens on {}://{address}", if tls.is_some() { "https" } else { "http" }));
        if app.config.links_miss(address.port()) {
            say(&format!(
                "links and credentials lead to {}, which is not this port: set WAYMARK_BASE_URL to the address that people open",
                app.config.base_url
            ));
        }
        if self.demo {
            print_doors(&context, &app).await?;
        }
        accept(listener, tls, app.clone()).await;
        let _ = stop.send(true);
        let _ = work.await;
        if let Err(e) = impact::flush(&app).await {
            say(&format!("looks at credentials since the last minute could not be written down: {e}"));
        }
        app.db.close().await;
        Ok(Exit::Ok)
    }
}

/// Says at once why nothing can be issued, where that is so; verification goes on. With the key that everybody knows nothing starts.
async fn ready_to_sign(app: &App) -> Result<(), Failure> {
    match issuer::keyring(app).await {
        Ok(_) => Ok(()),
        Err(NotIssuing::Keyring(why @ KeyringError::Sample { .. })) => {
            Err(Failure::new(Exit::Invalid, why.to_string()))
        }
        Err(why) => {
            say(&format!("waymark verifies but does not issue: {why}"));
            Ok(())
        }
    }
}

/// Lets commands on the same data folder know where this server answers and, for the demo, under which method it signs.
fn remember(config: &Config, address: SocketAddr) {
    let dir = &config.data_dir;
    let told = || -> Result<(), String> {
        let known = Remembered::read(dir).map_err(|e| e.to_string())?;
        let did_method = if config.demo { Some(config.issuer.did_method) } else { known.did_method };
        let listen = Some(address.to_string());
        let told = Remembered { base_url: Some(config.base_url.clone()), listen, did_method };
        told.write(dir).map_err(|e| e.to_string())
    };
    if let Err(why) = told() {
        say(&format!(
            "commands on {} will not know this server's address unless WAYMARK_BASE_URL is set: {why}",
            dir.display()
        ));
    }
}

/// The demo speaks with this machine alone and signs under did:key, since no name leads here. A base URL that was set is kept.
fn demo_config(config: &mut Config, address: SocketAddr, given: bool, tls: bool) -> Result<(), Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::new(
            Exit::Invalid,
            "the demo hands out sign-in links: it listens on this machine only (127.0.0.1)",
        ));
    }
    let default = Config::default();
    if config.base_url == default.base_url && (given || tls || address.port() != 8080) {
        let scheme = if tls { "https" } else { "http" };
        config.base_url =
            format!("{scheme}://{address}").parse().map_err(|e| Failure::new(Exit::Invalid, format!("{e}")))?;
    }
    if tls || config.base_url.scheme() == "http" {
        config.issuer.did_method = DidMethod::Key;
    }
    config.vc_api.enabled = true;
    Ok(())
}

/// Migrates, and fills an empty store with the demo's past.
async fn prepare_demo(context: &Context) -> Result<App, Failure> {
    let app = context.connect().await?;
    app.post.usable()?;
    app.db.migrate().await?;
    if !demo::recorded(&app).await? {
        demo::load(&context.config, app.db.now(), app.db.entropy.clone()).await?;
    }
    Ok(app)
}

async fn print_doors(context: &Context, app: &App) -> Result<(), Failure> {
    let doors = demo::open_doors(app).await?;
    let base = app.links.base();
    let conformance = vc_api::issuer(app).await?;
    let first = doors.published.first().map(|(_, address)| address.as_str()).unwrap_or_default();
    let by_language: std::collections::BTreeMap<&str, &str> =
        doors.published.iter().map(|(language, address)| (*language, address.as_str())).collect();
    let json = serde_json::json!({"url": base, "credential": first, "credentials": by_language,
        "admin": doors.admin, "member": doors.member, "examiner": doors.examiner,
        "vc_api": {"url": app.links.to("/vc-api"), "issuer": conformance}});
    let again = format!("{} demo play{}", own_name(), data_flag(&context.config));
    let text = ways_in(base, &doors, &conformance, &again);
    context.print(&json, &text);
    Ok(())
}

/// What the demo prints; both READMEs show it.
fn ways_in(base: &str, doors: &demo::Doors, conformance: &str, again: &str) -> String {
    let published: String =
        doors.published.iter().map(|(language, address)| format!("  a credential ({language}) {address}\n")).collect();
    format!(
        "Waymark demo\n  start page        {base}/\n  check a badge     {base}/verify\n{published}\
         sign-in links, each works once, for 30 minutes\n  member            {}\n  admin             {}\n  examiner          {}\n\
         for conformance suites, with a key that stands for nothing\n  VC-API            {base}/vc-api\n  its issuer        {conformance}\n\
         then, in another terminal: {again}",
        doors.member, doors.admin, doors.examiner
    )
}

/// How whoever started this process would start it again.
fn own_name() -> String {
    let by_cargo = |name: &str| Config::environment().iter().any(|(known, _)| known == name);
    if by_cargo("CARGO") && by_cargo("CARGO_MANIFEST_DIR") {
        return "cargo run --".to_owned();
    }
    std::env::args().next().unwrap_or_else(|| "waymark".to_owned())
}

/// `--data` where the folder is not the one that commands take by themselves.
fn data_flag(config: &Config) -> String {
    let dir = &config.data_dir;
    if *dir == Config::default().data_dir { String::new() } else { format!(" --data {}", dir.display()) }
}

fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("WAYMARK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,waymark=info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().try_init();
}

/// Serves until SIGTERM or Ctrl-C, then lets the running requests end.
async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, app: App) {
    let doorway = Doorway::new(app.proxies.clone());
    let stopping = app.clone();
    let service = router::build(app);
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop_signal());
    loop {
        let accepted = async {
            let place = doorway.place().await;
            listener.accept().await.map(|(stream, peer)| (stream, peer, place))
        };
        let (stream, peer, place) = tokio::select! {
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(e) => {
                    tracing::warn!(%e, "a connection could not be accepted");
                    tokio::task::yield_now().await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(admitted) = doorway.admit(place, peer.ip()) else { continue };
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let handler = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            service.clone().oneshot(request.map(axum::body::Body::new))
        });
        let (http, tls, watcher) = (http.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _admitted = admitted;
            let ended = match tls {
                None => watcher.watch(http.serve_connection(TokioIo::new(stream), handler)).await,
                Some(tls) => match tokio::time::timeout(HEADER_TIMEOUT, tls.accept(stream)).await {
                    Ok(Ok(stream)) => watcher.watch(http.serve_connection(TokioIo::new(stream), handler)).await,
                    // no TLS, or too slow: nothing was asked yet
                    Ok(Err(_)) | Err(_) => return,
                },
            };
            if let Err(e) = ended {
                tracing::debug!(%e, "a connection ended early");
            }
        });
    }
    stopping.streams.close();
    stopping.desk.close();
    let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {},
                _ = terminate.recv() => {},
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readmes_show_what_the_demo_prints() {
        let at = |path: &str| format!("http://127.0.0.1:8080{path}");
        let doors = demo::Doors {
            admin: at("/login/…"),
            member: at("/login/…"),
            examiner: at("/login/…"),
            published: vec![("ja", at("/c/…")), ("en", at("/c/…"))],
        };
        let printed = ways_in(&at(""), &doors, "did:key:…", "cargo run -- demo play");
        for (name, readme) in
            [("README.md", include_str!("../../README.md")), ("README.ja.md", include_str!("../../README.ja.md"))]
        {
            let shown = readme.split("```").find(|block| block.trim_start().starts_with("Waymark demo"));
            assert_eq!(shown.map(str::trim), Some(printed.as_str()), "{name}");
        }
    }
}
