//! Where a request comes from, as far as limits need to know. Kept for the length of the request.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::app::{App, Limit};
use crate::config::Network;
use crate::error::Result;
use crate::ids::CredentialId;

/// The address of whoever asks. `X-Forwarded-For` is believed only as far as trusted proxies wrote it.
pub struct Client(IpAddr);

impl Client {
    /// Spends once from what this address may do.
    ///
    /// # Errors
    /// It was done too often; the error says when it may be done again.
    pub fn spend(&self, app: &App, limit: Limit) -> Result<()> {
        app.limits.spend(limit, self.0)
    }

    /// Spends several at once, all or none.
    ///
    /// # Errors
    /// As [`Client::spend`].
    pub fn spend_many(&self, app: &App, limit: Limit, coins: u32) -> Result<()> {
        app.limits.spend_many(limit, self.0, coins)
    }

    /// Whether a look of this address at a credential still counts.
    pub fn looks_at(&self, app: &App, credential: CredentialId) -> bool {
        app.limits.look(self.0, credential)
    }

    /// Takes one spending back: it gave nothing away.
    pub fn give_back(&self, app: &App, limit: Limit) {
        app.limits.give_back(limit, self.0);
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Self(behind(peer, &parts.headers, &app.proxies)))
    }
}

/// Walks back from our end: each trusted proxy names who came to it, and the first that is not trusted is the client.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = named.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut client = peer;
    for text in named.into_iter().rev() {
        if !is_trusted(client) {
            break;
        }
        let Some(address) = text.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip())) else { break };
        client = address;
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_trusted_proxies_wrote_is_believed() {
        let trusted: Vec<Network> = ["10.0.0.0/8"].iter().filter_map(|text| Network::parse(text)).collect();
        let seen = |peer: &str, forwarded: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in forwarded {
                headers.append("x-forwarded-for", line.parse().expect("a header"));
            }
            behind(peer.parse().expect("an address"), &headers, &trusted).to_string()
        };
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1", "a stranger's word counts for nothing");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            seen("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"]),
            "198.51.100.7",
            "what the client wrote itself"
        );
        assert_eq!(seen("10.0.0.1", &["203.0.113.9", "198.51.100.7:443"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7, unknown"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }
}
