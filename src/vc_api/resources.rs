//! What a credential says of others' documents (`relatedResource`), held against the documents themselves (VCDM 2.0 §5.3).

use serde_json::Value;
use waymark_credential::open::related_resources;

use crate::app::App;

/// The most resources of one credential that are fetched.
const MOST: usize = 4;

/// The address of a resource that is another than its digest says. One that cannot be fetched, and whose digest nobody publishes, says nothing.
pub(super) async fn altered(app: &App, credential: &Value) -> Option<String> {
    for resource in related_resources(credential).into_iter().take(MOST) {
        let fits = match resource.fit_what_is_known() {
            Some(fits) => fits,
            None => match app.connector.fetch(&resource.url, "*/*").await {
                Ok(bytes) => resource.fit(&bytes),
                Err(_) => true,
            },
        };
        if !fits {
            return Some(resource.url);
        }
    }
    None
}
