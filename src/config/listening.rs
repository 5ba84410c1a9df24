//! Where the server listens, and how it is reached from this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::Config;

impl Config {
    /// Host and port at which a server that listens here is asked on this machine: one that listens everywhere answers on the loopback.
    pub fn asked_at(&self) -> String {
        let Ok(mut address) = self.listen.parse::<SocketAddr>() else { return self.listen.clone() };
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        address.to_string()
    }

    /// Whether the base URL is on this machine.
    pub fn is_on_this_machine(&self) -> bool {
        matches!(self.base_url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
    }

    /// Whether links lead to another port of this machine than the one that is listened on. A free port that is not taken yet is none.
    pub fn links_miss(&self, port: u16) -> bool {
        port != 0 && self.is_on_this_machine() && self.base_url.port_or_known_default() != Some(port)
    }

    /// The port that is listened on, as far as it is written.
    pub fn port(&self) -> u16 {
        self.listen.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(0)
    }

    /// The same host with the port after: what to try where this one is taken.
    pub fn next_port(&self) -> String {
        let (host, _) = self.listen.rsplit_once(':').unwrap_or(("127.0.0.1", ""));
        format!("{host}:{}", self.port().checked_add(1).unwrap_or(8080))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(listen: &str) -> Config {
        Config::default().listening_on(listen.to_owned()).expect("an address")
    }

    #[test]
    fn who_listens_everywhere_is_asked_at_home() {
        for (listen, asked) in [
            ("0.0.0.0:8081", "127.0.0.1:8081"),
            ("[::]:8081", "[::1]:8081"),
            ("127.0.0.1:9000", "127.0.0.1:9000"),
            ("localhost:8080", "localhost:8080"),
        ] {
            assert_eq!(on(listen).asked_at(), asked);
        }
    }

    #[test]
    fn links_to_another_port_of_this_machine_are_noticed() {
        assert!(on("127.0.0.1:8081").links_miss(8081), "the base URL says 8080");
        assert!(!on("127.0.0.1:8080").links_miss(8080));
        assert!(!on("127.0.0.1:0").links_miss(0));
        let behind = Config { base_url: "https://waymark.example".parse().expect("a URL"), ..on("127.0.0.1:8081") };
        assert!(!behind.links_miss(8081), "a proxy stands before it");
    }

    #[test]
    fn another_port_is_another() {
        assert_eq!(on("127.0.0.1:8081").next_port(), "127.0.0.1:8082");
        assert_eq!(on("[::]:65535").next_port(), "[::]:8080");
    }
}
