//! The files of `openapi/` as one document.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use rust_embed::RustEmbed;
use serde_json::{Map, Value, json};

use crate::access::Public;
use crate::app::App;
use crate::error::{Error, Result};
use crate::program::read_yaml;

#[derive(RustEmbed)]
#[folder = "openapi"]
#[include = "*.yaml"]
struct Embedded;

const BASE: &str = "base.yaml";
const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// `OpenAPI` 3.1.0, for an installation at `base_url`.
///
/// # Errors
/// A file of ours that cannot be read, or two that describe the same call or schema.
pub fn document(base_url: &str) -> Result<Value> {
    let mut document = read(BASE)?;
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    if let Some(Value::Object(own)) = document.pointer_mut("/components/schemas").map(Value::take) {
        schemas.extend(own);
    }
    for name in Embedded::iter().filter(|name| name != BASE) {
        let mut room = read(&name)?;
        for (part, all) in [("paths", &mut paths), ("schemas", &mut schemas)] {
            let Value::Object(found) = room[part].take() else { continue };
            for (key, value) in found {
                if all.insert(key.clone(), value).is_some() {
                    return Err(Error::internal(format!("openapi/{name} describes {key} a second time")));
                }
            }
        }
    }
    for (path, calls) in &mut paths {
        complete(path, calls);
    }
    document["components"]["schemas"] = Value::Object(schemas);
    document["paths"] = Value::Object(paths);
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["servers"] = json!([{"url": base_url}]);
    Ok(document)
}

/// What every call has: a name of its own, and an answer for everything that can go wrong.
fn complete(path: &str, calls: &mut Value) {
    for method in METHODS {
        let Some(call) = calls.get_mut(method) else { continue };
        let words = path.trim_start_matches("/api/v1/").split('/').map(|part| part.trim_matches(['{', '}']));
        call["operationId"] = json!(words.fold(method.to_owned(), |name, word| format!("{name}_{word}")));
        call["responses"]["default"] = json!({"$ref": "#/components/responses/Problem"});
    }
}

fn read(name: &str) -> Result<Value> {
    let file = Embedded::get(name).ok_or_else(|| Error::internal(format!("openapi/{name} is not embedded")))?;
    read_yaml(&String::from_utf8_lossy(&file.data)).map_err(|why| Error::internal(format!("openapi/{name}: {why}")))
}

/// `GET /api/openapi.json`.
pub async fn openapi(_: Public, State(app): State<App>) -> Result<impl IntoResponse> {
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    Ok((headers, axum::Json(document(app.links.base())?)))
}
