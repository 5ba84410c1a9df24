//! Mail, when SMTP is set. Without it [`Post`] does nothing: every text has its equivalent on a page or a command.

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::MailConfig;

/// The mailbox of the installation.
pub struct Post {
    smtp: Option<(AsyncSmtpTransport<Tokio1Executor>, Mailbox)>,
}

impl Post {
    /// Reads the settings; an empty host means no mail.
    pub fn new(config: &MailConfig) -> Result<Self, String> {
        if config.host.is_empty() {
            return Ok(Self { smtp: None });
        }
        let from: Mailbox = config.from.parse().map_err(|_| {
            format!("mail.from is not an address: {:?}; write it as `Name <name@example.org>`", config.from)
        })?;
        let mut smtp = AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&config.host)
            .map_err(|e| format!("mail.host {:?}: {e}", config.host))?
            .port(config.port);
        if !config.username.is_empty() {
            smtp = smtp.credentials(Credentials::new(config.username.clone(), config.password.clone()));
        }
        Ok(Self { smtp: Some((smtp.build(), from)) })
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
