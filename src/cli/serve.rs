//! `waymark serve`: the web server, with the worker in the same process.

use std::time::Duration;

use clap::Args;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::{Context, Exit, Failure, Outcome, say};
use crate::app::App;
use crate::router;
use crate::worker;

#[derive(Args)]
pub(super) struct Serve {
    /// Start with sample people and a sample program, on loopback, without any setup.
    #[arg(long)]
    demo: bool,
    /// Where to listen (WAYMARK_LISTEN).
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

/// A client that has not sent its request head by then is let go.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
const DRAIN: Duration = Duration::from_secs(10);

impl Serve {
    pub(super) async fn run(self, mut context: Context) -> Outcome {
        start_log();
        if let Some(listen) = self.listen {
            context.config.listen = listen;
        }
        context.config.demo = self.demo;
        let listener = TcpListener::bind(&context.config.listen)
            .await
            .map_err(|e| Failure::new(Exit::Failure, format!("cannot listen on {}: {e}", context.config.listen)))?;
        let app = context.connect().await?;
        if self.demo {
            app.db.migrate().await?;
        } else {
            app.db.require_current().await?;
        }
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let work = tokio::spawn(worker::run(app.clone(), stopped));
        say(&format!("waymark listens on http://{}", listener.local_addr()?));
        accept(listener, app.clone()).await;
        let _ = stop.send(true);
        let _ = work.await;
        app.db.close().await;
        Ok(Exit::Ok)
    }
}

fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("WAYMARK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,waymark=info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().try_init();
}

/// Serves until SIGTERM or Ctrl-C, then lets the running requests end.
async fn accept(listener: TcpListener, app: App) {
    let service = router::build(app);
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop_signal());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(e) => {
                    tracing::warn!(%e, "a connection could not be accepted");
                    tokio::task::yield_now().await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let handler = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            service.clone().oneshot(request.map(axum::body::Body::new))
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), handler));
        tokio::spawn(async move {
            if let Err(e) = connection.await {
                tracing::debug!(%e, "a connection ended early");
            }
        });
    }
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
