//! Mail, when SMTP is set. Without it [`Post`] does nothing: every text has its equivalent on a page or a command.

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{ConfigError, MailConfig};

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
        let mut smtp = AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&config.host)
            .map_err(|e| format!("mail.host: {:?} cannot be used: {e}", config.host))?
            .port(config.port);
        if !config.username.is_empty() {
            smtp = smtp.credentials(Credentials::new(config.username.clone(), config.password.clone()));
        }
        Ok(Some((smtp.build(), from)))
    }

    /// Sends in the background; a failure is logged without the address.
    pub fn send(&self, to: &str, subject: &str, body: &str) {
        let Some((smtp, from)) = &self.smtp else { return };
        let Ok(to) = to.parse::<Mailbox>() else { return };
        match Message::builder().from(from.clone()).to(to).subject(subject).body(body.to_owned()) {
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
}
