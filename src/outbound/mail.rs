//! Mail, when SMTP is set. Without it [`Post`] does nothing: every text has its equivalent on a page or a command.

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{ConfigError, MailConfig};

/// A letter that nobody asked for: its reader can end such letters with one click (RFC 8058).
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// The same however often it is handed over, so that mail programs show it once: what stands before the `@`.
    pub id: String,
    /// Where a POST ends such letters.
    pub unsubscribe: String,
}

/// Why a letter is not under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undelivered {
    /// The server could not be reached or asks to come back; its answer where it gave one.
    Later(Option<u16>),
    /// The server refused it for good, or it cannot be written.
    Never(Option<u16>),
}

macro_rules! header {
    ($type:ident, $name:literal) => {
        #[derive(Debug, Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}
header!(ListUnsubscribe, "List-Unsubscribe");
header!(ListUnsubscribePost, "List-Unsubscribe-Post");
header!(AutoSubmitted, "Auto-Submitted");

/// The mailbox of the installation.
pub struct Post {
    smtp: Option<(AsyncSmtpTransport<Tokio1Executor>, Mailbox)>,
    trouble: Option<String>,
}

impl Post {
    /// Reads the settings; an empty host means no mail. Settings that cannot be used send nothing and are told by [`Self::usable`].
    pub fn new(config: &MailConfig) -> Self {
        match Self::opened(config) {
            Ok(smtp) => Self { smtp, trouble: None },
            Err(trouble) => Self { smtp: None, trouble: Some(trouble) },
        }
    }

    /// Whether the settings can be used: no server and no command but `doctor` goes on without.
    ///
    /// # Errors
    /// Which setting is wrong, and how it is written.
    pub fn usable(&self) -> Result<(), ConfigError> {
        self.trouble.clone().map_or(Ok(()), |trouble| Err(ConfigError::Wrong(trouble)))
    }

    fn opened(config: &MailConfig) -> Result<Option<(AsyncSmtpTransport<Tokio1Executor>, Mailbox)>, String> {
        if config.host.is_empty() {
            return Ok(None);
        }
        let from: Mailbox = config.from.parse().map_err(|_| {
            format!("mail.from: {:?} is no address; write it as `Name <name@example.org>`", config.from)
        })?;
        // What does not leave this machine needs no certificate; a local relay seldom has one for `localhost`.
        let smtp = if is_this_machine(&config.host) {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
        } else {
            AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&config.host)
                .map_err(|e| format!("mail.host: {:?} cannot be used: {e}", config.host))?
        };
        let mut smtp = smtp.port(config.port);
        if !config.username.is_empty() {
            smtp = smtp.credentials(Credentials::new(config.username.clone(), config.password.clone()));
        }
        Ok(Some((smtp.build(), from)))
    }

    /// Sends in the background; a failure is logged without the address.
    pub fn send(&self, to: &str, subject: &str, body: &str) {
        let Some((smtp, from)) = &self.smtp else { return };
        let Ok(to) = to.parse::<Mailbox>() else { return };
        let message = Message::builder().from(from.clone()).to(to).subject(subject).header(ContentType::TEXT_PLAIN);
        match message.body(body.to_owned()) {
            Ok(message) => {
                let smtp = smtp.clone();
                tokio::spawn(async move {
                    if let Err(e) = smtp.send(message).await {
                        tracing::warn!(%e, "a mail could not be sent");
                    }
                });
            }
            Err(e) => tracing::warn!(%e, "a mail could not be written"),
        }
    }

    /// Whether letters can be sent at all.
    pub fn is_set(&self) -> bool {
        self.smtp.is_some()
    }

    /// Hands a letter over to the mail server and waits for its answer.
    ///
    /// # Errors
    /// It is not under way; what the server said beside its number may name the address, and is not handed on.
    pub async fn hand_over(&self, letter: &Letter) -> Result<(), Undelivered> {
        let Some((smtp, from)) = &self.smtp else { return Err(Undelivered::Later(None)) };
        let to = letter.to.parse::<Mailbox>().map_err(|_| Undelivered::Never(None))?;
        let message = Message::builder()
            .from(from.clone())
            .to(to)
            .subject(&letter.subject)
            .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
            .header(ListUnsubscribe(format!("<{}>", letter.unsubscribe)))
            .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()))
            .header(AutoSubmitted("auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .map_err(|_| Undelivered::Never(None))?;
        let outcome = smtp.send(message).await;
        outcome.map(drop).map_err(|e| {
            let said = e.status().map(u16::from);
            if e.is_permanent() { Undelivered::Never(said) } else { Undelivered::Later(said) }
        })
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
