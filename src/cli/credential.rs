//! `waymark credential`: verify here; issuing and changing the standing stand beside it.

use clap::Subcommand;

use super::verify::Verify;
use super::{Context, Outcome};

#[derive(Subcommand)]
pub(super) enum CredentialCommand {
    /// Check a credential: a file (JSON, JWT, PNG, SVG), an address, or - for standard input. Ends with 20 unless it is valid.
    Verify(Verify),
}

impl CredentialCommand {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Verify(command) => command.run(context).await,
        }
    }
}
