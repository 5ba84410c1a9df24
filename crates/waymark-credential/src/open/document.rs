//! From a JSON value to a document whose rules were checked and whose mapping to RDF hides nothing from the verdict.

use serde_json::{Map, Value};

use super::{mapping, members, rules};
use crate::{
    canonical::ExpandError,
    contexts::{EXAMPLES_V2, embedded},
    model::{CREDENTIALS_V2, DateTime, Fault},
    work::Work,
};

/// VCDM 1.1 base context.
pub const CREDENTIALS_V1: &str = "https://www.w3.org/2018/credentials/v1";

/// The data model a document follows, by its first context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V1,
    V2,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Credential,
    Presentation,
}

/// How much of JSON-LD a document may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Latitude {
    /// Embedded contexts only, and of those none that gives undefined terms a meaning: what is shown to people.
    Known,
    /// Definitions inside the document and the vocabulary of the W3C examples too: the answer is yes or no, nothing is shown.
    Full,
}

/// A credential or presentation of any kind. Its members keep every rule of its data model, and all of it is in its quads.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenDocument {
    value: Value,
    role: Role,
    version: Version,
    principal: Option<String>,
    begins: Option<DateTime>,
    ends: Option<DateTime>,
}

/// Why a value is no document that can be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A context that is not embedded here; it is named.
    Context(String),
    /// Neither a credential nor a presentation.
    Kind(String),
    /// Rules of the data model that it breaks.
    Shape(Vec<Fault>),
    /// Something in it has no meaning in its contexts, or one that a reader of the JSON does not see.
    Mapping(String),
}

impl OpenDocument {
    /// Reads `value`; an enveloped document is not taken apart here.
    ///
    /// # Errors
    /// The first of: an unknown context, rules broken (all of them), a mapping that drops or hides something.
    pub fn read(value: &Value, role: Role, latitude: Latitude) -> Result<Self, Refused> {
        Self::read_within(value, role, latitude, &mut Work::default())
    }

    /// The same on the account of `work`.
    pub(crate) fn read_within(value: &Value, role: Role, latitude: Latitude, work: &mut Work) -> Result<Self, Refused> {
        let version = version(value, latitude)?;
        let faults = rules::faults(value, role, version);
        if !faults.is_empty() {
            return Err(Refused::Shape(faults));
        }
        let principal = match role {
            Role::Credential => members::id_of(value.get("issuer")),
            Role::Presentation => members::id_of(value.get("holder")),
        };
        // whatever they are called: the latest beginning and the earliest end hold
        let begins = members::dates(value, members::BEGINNINGS).map(|(_, date)| date).max_by_key(DateTime::at);
        let ends = members::dates(value, members::ENDS).map(|(_, date)| date).min_by_key(DateTime::at);
        let document = Self { role, version, principal, begins, ends, value: value.clone() };
        mapping::check(&document, latitude, work).map_err(|error| match error {
            ExpandError::UnknownContext(url) => Refused::Context(url),
            other => Refused::Mapping(other.to_string()),
        })?;
        Ok(document)
    }

    /// The whole document with its proofs.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The document without its proofs.
    pub fn unsecured(&self) -> Value {
        let mut members: Map<String, Value> = self.value.as_object().cloned().unwrap_or_default();
        members.remove("proof");
        Value::Object(members)
    }

    /// The value of `@context`.
    pub fn contexts(&self) -> &Value {
        &self.value["@context"]
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn version(&self) -> Version {
        self.version
    }

    /// The issuer of a credential, the holder of a presentation where it names one.
    pub fn principal(&self) -> Option<&str> {
        self.principal.as_deref()
    }

    pub fn id(&self) -> Option<&str> {
        self.value.get("id").and_then(Value::as_str)
    }

    /// The latest of `validFrom` and `issuanceDate`.
    pub fn begins(&self) -> Option<&DateTime> {
        self.begins.as_ref()
    }

    /// The earliest of `validUntil` and `expirationDate`.
    pub fn ends(&self) -> Option<&DateTime> {
        self.ends.as_ref()
    }

    /// The entries of `credentialStatus`.
    pub fn statuses(&self) -> &[Value] {
        members::each(self.value.get("credentialStatus"))
    }

    /// What stands under `name`, one or several.
    pub fn each(&self, name: &str) -> &[Value] {
        members::each(self.value.get(name))
    }

    /// Whether `name` is one of its types.
    pub fn is_a(&self, name: &str) -> bool {
        members::each(self.value.get("type")).iter().any(|found| found == name)
    }
}

/// The first context names the data model; the others must be ones that can be read here (VCDM 2.0 §4.3).
fn version(value: &Value, latitude: Latitude) -> Result<Version, Refused> {
    let contexts = value.get("@context");
    let fault = |problem: &str| Refused::Shape(vec![Fault { pointer: "/@context".into(), problem: problem.into() }]);
    let Some(Value::Array(items)) = contexts else {
        return Err(fault("must be there, as an array that begins with the base context"));
    };
    let version = match items.first().and_then(Value::as_str) {
        Some(CREDENTIALS_V2) => Version::V2,
        Some(CREDENTIALS_V1) => Version::V1,
        Some(other) if embedded(other).is_none() => return Err(Refused::Context(other.into())),
        _ => return Err(fault("must begin with the base context")),
    };
    for item in items {
        match item {
            Value::String(url) if url == EXAMPLES_V2 && latitude == Latitude::Known => {
                return Err(Refused::Context(url.clone()));
            }
            Value::String(url) if embedded(url).is_some() => {}
            Value::String(url) => return Err(Refused::Context(url.chars().take(300).collect())),
            Value::Object(_) if latitude == Latitude::Full => {}
            Value::Object(_) => return Err(Refused::Context("a definition inside the document".into())),
            _ => return Err(fault("holds something that is neither an address nor a definition")),
        }
    }
    Ok(version)
}
