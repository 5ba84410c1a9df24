//! `waymark admin create` and `waymark login-link`: how the first person gets in, and anyone where no mail is sent.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Exit, Failure, Outcome, operate, out, say};
use crate::access::{self, Role};
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::issuer;
use crate::members::{self, Member, NewMember};
use crate::web::i18n::Locale;

#[derive(Args)]
pub(super) struct Admin {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a member an administrator, enrolling them if need be; prints a sign-in link alone on stdout.
    Create(Create),
    /// Print a one-time sign-in link for a member alone on stdout.
    LoginLink(LoginLink),
}

#[derive(Args)]
struct Create {
    /// Their e-mail address.
    email: String,
    /// Their name, as it will stand on their credentials. Where not said, the part of the address before the @ is taken, and a warning says so.
    #[arg(long)]
    name: Option<String>,
    /// The language of their pages: ja or en. Where not said, ja where the locale of the terminal is Japanese, else the program's first one.
    #[arg(long, alias = "locale", value_parser = locale)]
    language: Option<Locale>,
    /// Make them an owner: an administrator who also gives and takes the roles of owners. The first one here is an owner in any case.
    #[arg(long)]
    owner: bool,
}

#[derive(Args)]
pub(super) struct LoginLink {
    /// The e-mail address of a member.
    email: String,
}

fn locale(text: &str) -> Result<Locale, String> {
    Locale::parse(text).ok_or_else(|| "use ja or en".to_owned())
}

impl Admin {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self.verb {
            Verb::Create(command) => command.run(context).await,
            Verb::LoginLink(command) => command.run(context).await,
        }
    }
}

impl Create {
    async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
        let member = match members::by_email(ch.tx(), &self.email).await? {
            Some(known) => {
                if self.name.as_ref().is_some_and(|name| *name != known.name) {
                    say(&format!(
                        "{} is a member already, by the name {}: --name changes nothing",
                        self.email, known.name
                    ));
                }
                known
            }
            None => {
                let name = self.name.unwrap_or_else(|| {
                    let name = self.email.split('@').next().unwrap_or_default().to_owned();
                    say(&format!(
                        "warning: no --name was given, so the new member is called “{name}”, after the address. Their credentials \
                         carry that name until staff change it on the member's page"
                    ));
                    name
                });
                let locale = match self.language.or(operate::language().filter(|spoken| *spoken == Locale::Ja)) {
                    Some(locale) => locale,
                    None => issuer::language(ch.tx()).await?,
                };
                let new =
                    NewMember { email: self.email, name, locale, handle: None, affiliation: None, joined_at: None };
                members::enrol(&mut ch, new).await?
            }
        };
        // Somebody has to own an installation, or nobody could ever give that role.
        let first = access::staff(ch.tx()).await?.is_empty();
        let owns = access::roles_of(ch.tx(), member.id).await?.contains(&Role::Owner);
        let role = if self.owner || first || owns { Role::Owner } else { Role::Admin };
        access::give_role(&mut ch, member.id, role).await?;
        let token = access::create_login_link(&mut ch, member.id).await?;
        ch.commit().await?;
        show(context, &app, &member, &token);
        app.db.close().await;
        Ok(Exit::Ok)
    }
}

impl LoginLink {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let app = context.open().await?;
        let Some(member) = members::by_email(app.db.read(), &self.email).await? else {
            return Err(Failure::new(Exit::NotFound, format!("no member has the address {}", self.email)));
        };
        let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await?;
        let token = access::hand_link(&mut ch, member.id).await?;
        ch.commit().await?;
        show(context, &app, &member, &token);
        app.db.close().await;
        Ok(Exit::Ok)
    }
}

fn show(context: &Context, app: &App, member: &Member, token: &str) {
    let link = app.links.login(token);
    if context.json {
        let minutes = access::LOGIN_LINK.whole_minutes();
        out(&json!({"member": member.id.to_string(), "link": link, "minutes": minutes}).to_string());
    } else {
        out(&link);
        say(&format!("For {}. The link works once, within 30 minutes.", member.name));
    }
}
