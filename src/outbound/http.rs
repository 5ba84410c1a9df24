//! The guarded connector: the only way to fetch something that a stranger named.
//!
//! https on port 443 to a name, never to an address; only to addresses of the public internet, checked on the very address that is connected
//! to (so that a name cannot change its mind in between); no redirect, no proxy, three seconds, 64 KiB. The command line may also
//! speak http with its own machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("only https addresses with a host name are fetched")]
    Refused,
    #[error("the server did not answer: {0}")]
    Unreachable(String),
    #[error("the server answered {0}")]
    Status(u16),
    #[error("the answer is larger than {LARGEST} bytes")]
    TooLarge,
}

impl FetchError {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unreachable(_) => "unreachable",
            Self::Status(_) => "status",
            Self::TooLarge => "too_large",
        }
    }
}

/// The largest answer that is read: a status list of the least length fits many times.
const LARGEST: usize = 64 * 1024;
const TIMEOUT: Duration = Duration::from_secs(3);

/// Fetches under guard.
pub struct Connector {
    outside: Outside,
    loopback: bool,
}

/// What lies behind the guard.
enum Outside {
    Internet(reqwest::Client),
    Told(Answers),
}

/// What an address answers to an `Accept`.
type Answers = Box<dyn Fn(&str, &str) -> Result<Vec<u8>, FetchError> + Send + Sync>;

impl Connector {
    /// For the server: the public internet alone.
    pub fn guarded() -> Result<Self, String> {
        Self::new(false)
    }

    /// For the command line: https anywhere, and http to this machine.
    pub fn command_line() -> Result<Self, String> {
        Self::new(true)
    }

    /// For a server without an internet: the same guard, and behind it what the function answers to an address and an `Accept`.
    pub fn answering(answers: impl Fn(&str, &str) -> Result<Vec<u8>, FetchError> + Send + Sync + 'static) -> Self {
        Self { outside: Outside::Told(Box::new(answers)), loopback: false }
    }

    fn new(loopback: bool) -> Result<Self, String> {
        let mut builder =
            reqwest::Client::builder().redirect(Policy::none()).no_proxy().timeout(TIMEOUT).user_agent("waymark");
        if !loopback {
            builder = builder.dns_resolver(Arc::new(PublicOnly));
        }
        Ok(Self { outside: Outside::Internet(builder.build().map_err(|e| e.to_string())?), loopback })
    }

    /// The body at `url`, asked for with this `Accept`.
    pub async fn fetch(&self, url: &str, accept: &str) -> Result<Vec<u8>, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::Refused)?;
        if !self.allows(&url) {
            return Err(FetchError::Refused);
        }
        let client = match &self.outside {
            Outside::Internet(client) => client,
            Outside::Told(answers) => {
                let body = answers(url.as_str(), accept)?;
                return if body.len() > LARGEST { Err(FetchError::TooLarge) } else { Ok(body) };
            }
        };
        let mut response = client
            .get(url)
            .header(reqwest::header::ACCEPT, accept)
            .send()
            .await
            .map_err(|e| FetchError::Unreachable(e.without_url().to_string()))?;
        if !response.status().is_success() {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        let mut body = vec![];
        while let Some(chunk) =
            response.chunk().await.map_err(|e| FetchError::Unreachable(e.without_url().to_string()))?
        {
            if body.len() + chunk.len() > LARGEST {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn allows(&self, url: &Url) -> bool {
        if !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        let own_machine = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => return false,
        };
        match url.scheme() {
            "https" if self.loopback => true,
            "http" => self.loopback && own_machine,
            "https" => {
                matches!(url.host(), Some(Host::Domain(_))) && !own_machine && url.port_or_known_default() == Some(443)
            }
            _ => false,
        }
    }
}

/// Resolves names, and lets only addresses of the public internet through.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to no address of the public internet".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet (IANA special-purpose registries).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let global_unicast = (s[0] & 0xE000) == 0x2000;
    let special = s[0] == 0x2002
        || (s[0] == 0x2001 && s[1] < 0x0200)
        || (s[0] == 0x2001 && s[1] == 0x0DB8)
        || (s[0] == 0x3FFF && s[1] < 0x1000);
    global_unicast && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_reached() {
        for private in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(!is_public(private.parse().expect("an address")), "{private}");
        }
        for public in ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
    }

    #[test]
    fn the_server_never_speaks_to_an_address_or_to_itself() {
        let server = Connector::guarded().expect("a client");
        let command_line = Connector::command_line().expect("a client");
        for url in [
            "http://example.org/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://example.org:8443/",
            "ftp://example.org/",
            "https://user@example.org/",
            "file:///etc/passwd",
            "https://0x7f.1/",
            "https://2130706433/",
        ] {
            assert!(!server.allows(&Url::parse(url).expect("a URL")), "{url}");
        }
        assert!(server.allows(&Url::parse("https://issuer.example/keys").expect("a URL")));
        assert!(command_line.allows(&Url::parse("http://127.0.0.1:8080/status/1").expect("a URL")));
        assert!(!command_line.allows(&Url::parse("http://issuer.example/").expect("a URL")));
    }
}
