//! The guarded connector: the only way to fetch something that a stranger named.
//!
//! https on port 443 to a name, never to an address; only to addresses of the public internet, checked on the very address that is connected
//! to (so that a name cannot change its mind in between); no redirect, no proxy, three seconds, 64 KiB. The command line may also
//! speak http with its own machine. What is told outside (webhooks) goes through the same guard, with ten seconds and little of the answer;
//! only the demo, and tests, tell it by http to their own machine, too.

mod feed;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

pub use feed::Edition;

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("only https addresses with a host name are fetched")]
    Refused,
    #[error("the server did not answer: {0}")]
    Unreachable(String),
    #[error("the server answered {0}")]
    Status(u16),
    #[error("the answer is too large")]
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

/// How long a receiver may take for its whole answer.
const RECEIVER_TIMEOUT: Duration = Duration::from_secs(10);
/// How much of a receiver's answer is read; the rest is left unread.
const LARGEST_ANSWER: usize = 2 * 1024;
/// How much of it is kept, in characters.
const KEPT_ANSWER: usize = 500;

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The beginning of the body, for people to read.
    pub beginning: String,
}

/// Fetches and tells under guard.
pub struct Connector {
    outside: Outside,
    loopback: bool,
    /// For telling by http on this machine, where that was switched on.
    own_machine: Option<reqwest::Client>,
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
        Self { outside: Outside::Told(Box::new(answers)), loopback: false, own_machine: None }
    }

    /// The same, and what is told outside may also go by http to this machine: for the demo and for tests. It fetches nothing from there.
    pub fn telling_own_machine(self) -> Result<Self, String> {
        let localhost = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let builder = reqwest::Client::builder().redirect(Policy::none()).no_proxy().user_agent("waymark");
        let client = builder.resolve("localhost", localhost).build().map_err(|e| e.to_string())?;
        Ok(Self { own_machine: Some(client), ..self })
    }

    fn new(loopback: bool) -> Result<Self, String> {
        let mut builder =
            reqwest::Client::builder().redirect(Policy::none()).no_proxy().timeout(TIMEOUT).user_agent("waymark");
        if !loopback {
            builder = builder.dns_resolver(Arc::new(PublicOnly));
        }
        let client = builder.build().map_err(|e| e.to_string())?;
        Ok(Self { outside: Outside::Internet(client), loopback, own_machine: None })
    }

    /// Whether something may be told to `url`, as far as the address itself says. Where its name leads is checked when it is connected to.
    pub fn may_tell(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| url.fragment().is_none() && (self.allows(&url) || self.tells_own_machine(&url)))
    }

    fn tells_own_machine(&self, url: &Url) -> bool {
        self.own_machine.is_some() && url.scheme() == "http" && is_bare(url) && leads_home(url)
    }

    /// Posts JSON to `url`. Any status is an answer; a redirect is not followed.
    ///
    /// # Errors
    /// The address is refused, or nothing came in time.
    pub async fn tell(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Answer, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::Refused)?;
        let client = match (&self.outside, &self.own_machine) {
            (Outside::Internet(client), _) if self.allows(&url) => client,
            (_, Some(client)) if self.tells_own_machine(&url) => client,
            _ => return Err(FetchError::Refused),
        };
        let unreachable = |e: reqwest::Error| FetchError::Unreachable(reason(e));
        let mut request = client.post(url).timeout(RECEIVER_TIMEOUT).body(body);
        request = request.header(reqwest::header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let mut bytes = vec![];
        while bytes.len() < LARGEST_ANSWER {
            // The status has come: a body that breaks off changes nothing.
            let Ok(Some(chunk)) = response.chunk().await else { break };
            bytes.extend_from_slice(&chunk[..chunk.len().min(LARGEST_ANSWER - bytes.len())]);
        }
        let text = String::from_utf8_lossy(&bytes);
        let shown = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        let beginning: String = shown.take(KEPT_ANSWER).collect();
        Ok(Answer { status, beginning: beginning.trim().to_owned() })
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
        if !is_bare(url) || url.host().is_none() {
            return false;
        }
        let own_machine = leads_home(url);
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

/// Without a user name and a password.
fn is_bare(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// Whether the host is this machine, by how it is written.
fn leads_home(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// What went wrong, down to its cause, without the address.
fn reason(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string().chars().take(KEPT_ANSWER).collect()
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
    fn only_what_was_switched_on_tells_its_own_machine() {
        let server = Connector::guarded().expect("a client");
        let demo = Connector::guarded().and_then(Connector::telling_own_machine).expect("a client");
        for home in ["http://127.0.0.1:9000/hook", "http://localhost:9000/hook", "http://[::1]:9000/"] {
            assert!(!server.may_tell(home) && demo.may_tell(home), "{home}");
            assert!(!demo.allows(&Url::parse(home).expect("a URL")), "it fetches nothing from there: {home}");
        }
        for refused in [
            "http://hooks.example/",
            "https://127.0.0.1/",
            "https://10.0.0.1/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest",
            "http://0x7f.1.example/",
            "https://hooks.example:8443/",
            "https://user:word@hooks.example/",
            "http://user@127.0.0.1:9000/",
            "https://hooks.example/#part",
            "not an address",
        ] {
            assert!(!server.may_tell(refused) && !demo.may_tell(refused), "{refused}");
        }
        assert!(server.may_tell("https://hooks.example/waymark?for=1"));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_connected_to() {
        let found = PublicOnly.resolve("localhost".parse().expect("a name")).await;
        assert!(found.err().is_some_and(|why| why.to_string().contains("no address of the public internet")));
        // Whatever an address says: the server's own client asks no other resolver.
        let Outside::Internet(client) = Connector::guarded().expect("a client").outside else { panic!("the internet") };
        let why = reason(client.get("https://localhost/").send().await.expect_err("not connected"));
        assert!(why.contains("no address of the public internet"), "{why}");
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
