//! From the bytes a reader hands in to one JSON value or one JWT: PNG, SVG, JSON and compact JWS are told apart by their
//! first bytes.

use serde_json::Value;

use super::{
    detail::{Code, Detail},
    jwt::Jwt,
};
use crate::{
    bake::{png, svg},
    model::CREDENTIALS_V2,
    strict_json::{self, StrictJsonError},
};

/// The most bytes of a credential as JSON or JWT.
pub const MAX_DOCUMENT: usize = 256 * 1024;

/// The longest address that a picture may carry.
const MAX_ADDRESS: usize = 2048;

/// The input holds nothing that could be verified: there is no report, because there is no credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the input is empty: paste a credential, or choose a JSON, JWT, PNG or SVG file")]
    Empty,
    #[error("the input is too large: {size} bytes, at most {limit} are read")]
    TooLarge { size: usize, limit: usize },
    #[error("{0}")]
    PictureTooLarge(String),
    #[error("this is neither JSON, a JWT, a PNG nor an SVG")]
    NotRecognized,
    #[error("{0}")]
    NotJson(String),
    #[error("{0}")]
    NotSvg(String),
    #[error("this is JSON, but no credential")]
    NoCredential,
    #[error(
        "this picture carries no credential: use the baked file that the issuer offers, not a screenshot or a copy"
    )]
    PictureWithoutCredential,
    #[error(
        "this picture carries an Open Badges 2.0 assertion in a form that cannot be read: ask the issuer for its address"
    )]
    OpenBadges2,
}

impl Unreadable {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
            Self::PictureTooLarge(_) => "picture_too_large",
            Self::NotRecognized => "not_recognized",
            Self::NotJson(_) => "not_json",
            Self::NotSvg(_) => "not_svg",
            Self::NoCredential => "no_credential",
            Self::PictureWithoutCredential => "picture_without_credential",
            Self::OpenBadges2 => "open_badges_2",
        }
    }
}

/// The input with its container taken off.
pub(super) struct Opened {
    /// How it came: the code of a passed parse.
    pub container: Code,
    pub body: Body,
}

pub(super) enum Body {
    Json(Value),
    Jwt(Box<Jwt>),
    /// Where an Open Badges 2.0 assertion stands; a picture may carry this alone.
    Address(String),
    /// A credential is there, but it cannot be read in exactly one way.
    Damaged(Detail),
}

/// Opens the container and reads what is inside.
pub(super) fn open(input: &[u8]) -> Result<Opened, Unreadable> {
    if png::is_png(input) {
        return match png::unbake(input) {
            Ok(text) => inside_picture(Code::ReadPng, &text),
            Err(error @ (png::PngError::TooLarge | png::PngError::TooManyPixels(..))) => {
                Err(Unreadable::PictureTooLarge(error.to_string()))
            }
            Err(png::PngError::NoCredential) => Err(Unreadable::PictureWithoutCredential),
            Err(png::PngError::OpenBadges2) => match png::unbake_2_0(input) {
                Ok(text) => assertion(Code::ReadPng, &text),
                Err(_) => Err(Unreadable::OpenBadges2),
            },
            Err(error) => Ok(Opened::damaged_picture(Code::ReadPng, error.code(), &error)),
        };
    }
    let start = input.iter().position(|byte| !byte.is_ascii_whitespace()).ok_or(Unreadable::Empty)?;
    if input[start] == b'<' || input.starts_with("\u{feff}<".as_bytes()) {
        return open_svg(input);
    }
    if input.len() > MAX_DOCUMENT {
        return Err(Unreadable::TooLarge { size: input.len(), limit: MAX_DOCUMENT });
    }
    text(input)
}

fn open_svg(input: &[u8]) -> Result<Opened, Unreadable> {
    if input.len() > svg::MAX_BYTES {
        return Err(Unreadable::TooLarge { size: input.len(), limit: svg::MAX_BYTES });
    }
    let picture = std::str::from_utf8(input).map_err(|_| Unreadable::NotSvg("the picture is not UTF-8".into()))?;
    match svg::unbake(picture) {
        Ok(text) => inside_picture(Code::ReadSvg, &text),
        Err(svg::SvgError::NoCredential) => Err(Unreadable::PictureWithoutCredential),
        Err(svg::SvgError::OpenBadges2) => match svg::unbake_2_0(picture) {
            Ok(text) => assertion(Code::ReadSvg, &text),
            Err(_) => Err(Unreadable::OpenBadges2),
        },
        Err(error @ svg::SvgError::TooComplex(_)) => Err(Unreadable::PictureTooLarge(error.to_string())),
        Err(error @ (svg::SvgError::NotSvg(_) | svg::SvgError::DocumentType | svg::SvgError::TooLarge)) => {
            Err(Unreadable::NotSvg(error.to_string()))
        }
        Err(error) => Ok(Opened::damaged_picture(Code::ReadSvg, error.code(), &error)),
    }
}

impl Opened {
    fn damaged_picture(container: Code, reason: &'static str, error: &impl std::fmt::Display) -> Self {
        let detail = Detail::of(Code::PictureDamaged).with("reason", reason).with("problem", error);
        Self { container, body: Body::Damaged(detail) }
    }
}

fn inside_picture(container: Code, credential: &str) -> Result<Opened, Unreadable> {
    if credential.len() > MAX_DOCUMENT {
        return Err(Unreadable::TooLarge { size: credential.len(), limit: MAX_DOCUMENT });
    }
    match text(credential.as_bytes()) {
        Ok(opened) => Ok(Opened { container, ..opened }),
        Err(Unreadable::NotRecognized | Unreadable::Empty) => Err(Unreadable::PictureWithoutCredential),
        Err(other) => Err(other),
    }
}

/// What a picture of Open Badges 2.0 carries: an address, or the assertion itself.
fn assertion(container: Code, text: &str) -> Result<Opened, Unreadable> {
    let text = text.trim();
    if text.len() <= MAX_ADDRESS && (text.starts_with("https://") || text.starts_with("http://")) {
        return Ok(Opened { container, body: Body::Address(text.to_owned()) });
    }
    inside_picture(container, text)
}

fn text(input: &[u8]) -> Result<Opened, Unreadable> {
    let text = input.trim_ascii();
    if Jwt::looks_like(text) {
        let body = match Jwt::split(text) {
            Ok(jwt) => Body::Jwt(Box::new(jwt)),
            Err(problem) => Body::Damaged(Detail::of(Code::JwtUnreadable).with("problem", problem)),
        };
        return Ok(Opened { container: Code::ReadJwt, body });
    }
    if text.first().is_none_or(|first| !b"{[\"".contains(first)) {
        return Err(Unreadable::NotRecognized);
    }
    let value = match strict_json::parse(text, MAX_DOCUMENT) {
        Ok(value) => value,
        Err(StrictJsonError::TooLarge { size, limit }) => return Err(Unreadable::TooLarge { size, limit }),
        Err(error @ StrictJsonError::Syntax { .. }) => return Err(Unreadable::NotJson(error.to_string())),
        Err(error @ StrictJsonError::Refused { .. }) => {
            let detail = Detail::of(Code::JsonAmbiguous).with("problem", error);
            return Ok(Opened { container: Code::ReadJson, body: Body::Damaged(detail) });
        }
    };
    if let Some(enveloped) = enveloped(&value) {
        return self::text(enveloped.as_bytes()).map(|opened| Opened { container: Code::ReadJson, ..opened });
    }
    // whatever means to be a credential or a presentation gets a report that says what is wrong with it
    if ["@context", "credentialSubject", "proof", "verifiableCredential"].iter().any(|name| value.get(name).is_some()) {
        return Ok(Opened { container: Code::ReadJson, body: Body::Json(value) });
    }
    Err(Unreadable::NoCredential)
}

/// The JWT in an `EnvelopedVerifiableCredential`, which holds nothing else (VCDM 2.0 §4.13).
pub(super) fn enveloped(value: &Value) -> Option<&str> {
    let object = value.as_object()?;
    let kind = object.get("type")?;
    let named =
        kind == "EnvelopedVerifiableCredential" || kind.as_array()?.iter().eq(["EnvelopedVerifiableCredential"]);
    let jwt = object.get("id")?.as_str()?.strip_prefix("data:application/vc+jwt,")?;
    let context = object.get("@context")?;
    let known = context == CREDENTIALS_V2 || context.get(0).is_some_and(|first| first == CREDENTIALS_V2);
    (named && known && object.len() == 3 && Jwt::looks_like(jwt.as_bytes())).then_some(jwt)
}
