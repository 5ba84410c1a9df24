//! The answer where nothing is to be verified.

use crate::error::{Code, Error};

/// No public credential under this address or number, whatever stands there otherwise; `reason` says which was asked.
pub(super) fn nothing_there(reason: &str) -> Error {
    Error::new(Code::NoCredential)
        .with("reason", "there is no public credential at this address or under this number")
        .member("reason", reason)
}
