//! The guards. A handler's first argument is one of these; what it returns to the handler is proof that the check was made.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::permission::HANDS_ON;
use super::resolving::resolve;
use super::{Permission, Principal, Role, csrf};
use crate::actor::Actor;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::ids::MemberId;
use crate::web::page::{Shell, Who};
use crate::web::visitor::{Recognized, Visitor};

/// What a guard asks for, as the access matrix prints it.
pub trait Guard {
    fn asks_for() -> String;
}

/// Handlers whose first argument is a guard. `T` is the argument tuple that axum derives for the handler.
pub trait Guarded {
    fn asks_for() -> String;
}

macro_rules! guarded {
    ($($arg:ident)*) => {
        impl<M, G: Guard, $($arg),*> Guarded for (M, G, $($arg,)*) {
            fn asks_for() -> String { G::asks_for() }
        }
    };
}
guarded!();
guarded!(A);
guarded!(A B);
guarded!(A B C);
guarded!(A B C D);
guarded!(A B C D E);

/// Anyone. Whoever has a session is known, so that the page can show it.
pub struct Public {
    pub principal: Principal,
    pub visitor: Visitor,
}

/// A member, by session or by a token that acts as them.
pub struct SignedIn {
    pub member: MemberId,
    pub principal: Principal,
    pub visitor: Visitor,
}

/// A member in an attempt of their own. To API keys no attempt exists, whatever else they may do.
pub struct Candidate {
    pub member: MemberId,
    pub principal: Principal,
    pub visitor: Visitor,
}

/// Staff or an API key that holds the permission `P`.
pub struct May<P> {
    pub principal: Principal,
    pub visitor: Visitor,
    permission: PhantomData<P>,
}

/// A member about themselves, or staff and keys that hold `P` about anyone. The handler must ask [`SelfOr::about`].
pub struct SelfOr<P> {
    pub principal: Principal,
    pub visitor: Visitor,
    permission: PhantomData<P>,
}

/// A key of role conformance; in the demo anyone. Where the interface is off there is nothing.
pub struct Conformance {
    pub principal: Principal,
    pub visitor: Visitor,
}

impl Guard for Conformance {
    fn asks_for() -> String {
        "conformance, in the demo public".to_owned()
    }
}

impl FromRequestParts<App> for Conformance {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if !app.config.vc_api.enabled {
            return Err(Error::not_found());
        }
        let (principal, visitor) = known(parts, app).await?;
        match &principal {
            _ if app.config.demo || principal.holds(&[Role::Conformance]) => Ok(Self { principal, visitor }),
            Principal::Anonymous => Err(Error::new(Code::SignInRequired)),
            _ => Err(Error::new(Code::Forbidden).with("needs", Role::Conformance.as_str())),
        }
    }
}

impl Guard for Public {
    fn asks_for() -> String {
        "public".to_owned()
    }
}

impl Guard for SignedIn {
    fn asks_for() -> String {
        "member".to_owned()
    }
}

impl Guard for Candidate {
    fn asks_for() -> String {
        "own attempt".to_owned()
    }
}

impl<P: Permission> Guard for May<P> {
    fn asks_for() -> String {
        P::NAME.to_owned()
    }
}

impl<P: Permission> Guard for SelfOr<P> {
    fn asks_for() -> String {
        format!("self or {}", P::NAME)
    }
}

async fn known(parts: &mut Parts, app: &App) -> Result<(Principal, Visitor)> {
    let principal = resolve(parts, app).await?;
    if let Some(recognized) = parts.extensions.get::<Recognized>() {
        let (who, csrf) = seen(&principal);
        recognized.note(who, csrf);
    }
    if csrf::is_form_of_page(&parts.method, &parts.uri, &parts.headers) {
        principal.in_browser(app.config.demo)?;
    }
    csrf::require_header(&parts.method, &parts.uri, &parts.headers, &principal)?;
    Ok((principal, Visitor::of(parts)))
}

impl FromRequestParts<App> for Public {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (principal, visitor) = known(parts, app).await?;
        Ok(Self { principal, visitor })
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (principal, visitor) = known(parts, app).await?;
        match principal.member() {
            Some(member) => Ok(Self { member, principal, visitor }),
            None if principal == Principal::Anonymous => Err(Error::new(Code::SignInRequired)),
            None => Err(Error::new(Code::Forbidden).with("needs", "member")),
        }
    }
}

impl FromRequestParts<App> for Candidate {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (principal, visitor) = known(parts, app).await?;
        match principal.member() {
            Some(member) => Ok(Self { member, principal, visitor }),
            None if principal == Principal::Anonymous => Err(Error::new(Code::SignInRequired)),
            None => Err(Error::not_found()),
        }
    }
}

impl<P: Permission> FromRequestParts<App> for May<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (principal, visitor) = known(parts, app).await?;
        if principal.holds(P::ROLES) {
            if HANDS_ON.contains(&P::NAME) {
                principal.maker_still_stands(app.db.read()).await?;
            }
            return Ok(Self { principal, visitor, permission: PhantomData });
        }
        Err(refusal::<P>(&principal))
    }
}

impl<P: Permission> FromRequestParts<App> for SelfOr<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (principal, visitor) = known(parts, app).await?;
        if principal.member().is_some() || principal.holds(P::ROLES) {
            return Ok(Self { principal, visitor, permission: PhantomData });
        }
        Err(refusal::<P>(&principal))
    }
}

fn refusal<P: Permission>(principal: &Principal) -> Error {
    match principal {
        Principal::Anonymous => Error::new(Code::SignInRequired),
        _ => Error::new(Code::Forbidden).with("needs", P::NAME).member("needs", P::NAME),
    }
}

impl<P: Permission> SelfOr<P> {
    /// Ok for the member themselves and for holders of `P`; to all others the member does not exist.
    pub fn about(&self, member: MemberId) -> Result<()> {
        if self.principal.member() == Some(member) || self.principal.holds(P::ROLES) {
            Ok(())
        } else {
            Err(Error::not_found())
        }
    }

    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }
}

impl<P> May<P> {
    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }

    pub fn shell(&self) -> Shell {
        shell(&self.visitor, &self.principal)
    }
}

impl Candidate {
    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }

    pub fn shell(&self) -> Shell {
        shell(&self.visitor, &self.principal)
    }
}

impl SignedIn {
    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }

    pub fn shell(&self) -> Shell {
        shell(&self.visitor, &self.principal)
    }
}

impl Public {
    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }

    pub fn shell(&self) -> Shell {
        shell(&self.visitor, &self.principal)
    }
}

/// The page shell as this principal sees it.
fn shell(visitor: &Visitor, principal: &Principal) -> Shell {
    let (who, csrf) = seen(principal);
    Shell::new(visitor, who, csrf.to_owned())
}

fn seen(principal: &Principal) -> (Who, &str) {
    match principal {
        Principal::Session { roles, csrf, .. } => {
            let staff = roles.iter().any(|role| !matches!(role, Role::Source | Role::Conformance | Role::Proctor));
            (if staff { Who::Staff } else { Who::Member }, csrf)
        }
        _ => (Who::Nobody, ""),
    }
}
