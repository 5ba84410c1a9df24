//! Which answers count as a look: those that carry something, were not asked for by the holder, and not over and over from one address.

use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;

use super::address::Form;
use crate::access::Public;
use crate::app::{App, Subject};
use crate::ids::MemberId;
use crate::impact::{self, What};
use crate::web::client::Client;

/// Who asks, and how.
pub struct Look {
    client: Client,
    by: Option<MemberId>,
    is_get: bool,
    /// Whether a browser asks in order to verify by itself: `?for=verification`.
    verifies: bool,
}

impl Look {
    pub fn of(visitor: &Public, client: Client, method: &Method, uri: &Uri) -> Self {
        let verifies = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "for=verification"));
        Self { client, by: visitor.principal.member(), is_get: method == Method::GET, verifies }
    }

    /// Counts the answer, where it is one that carries something: not to HEAD, no 304, no error.
    pub fn counted(&self, app: &App, of: &Subject, what: What, response: Response) -> Response {
        let carries = self.is_get && response.status() == StatusCode::OK;
        if carries && self.by != Some(of.holder) && self.client.looks_at(app, of.credential) {
            impact::count(app, of, what, self.by);
        }
        response
    }

    /// The same for a document. QR codes and previews are parts of pages and count as nothing.
    pub fn counted_as(&self, app: &App, of: &Subject, form: Form, response: Response) -> Response {
        let what = match form {
            Form::Page => What::View,
            Form::Json | Form::Jwt if self.verifies => What::Verify,
            Form::Json | Form::Jwt | Form::Png | Form::Svg | Form::Pdf => What::Download,
            Form::Qr | Form::Preview => return response,
        };
        self.counted(app, of, what, response)
    }
}
