//! The calls about staff, as their description says.

use reqwest::Method;
use serde_json::{Value, json};

use crate::openapi::Caller;

pub async fn staff(api: &mut Caller<'_>, owner: &str, member: &str) {
    let (get, post) = (Method::GET, Method::POST);
    let given = json!({"member": member, "role": "examiner", "reason": "a test"});
    api.call(owner, post.clone(), "/api/v1/staff", &[], given.clone(), 201).await;
    api.call(owner, post.clone(), "/api/v1/staff", &[], given, 200).await;
    let wrong = json!({"member": member, "role": "king", "reason": ""});
    api.call(owner, post.clone(), "/api/v1/staff", &[], wrong, 422).await;
    api.call(owner, get.clone(), "/api/v1/staff", &[], Value::Null, 200).await;
    api.call(owner, get, "/api/v1/audit", &[], Value::Null, 200).await;
    let taken = json!({"role": "examiner", "reason": "a test"});
    api.call(owner, post, "/api/v1/staff/{id}/take", &[member], taken, 200).await;
}
