//! A report to keep.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waymark::credentials::Visibility;

use super::{address, get, post, shown};
use crate::credentials::Guild;
use crate::sharing_documents::readable;
use crate::support::{Store, on_both};

on_both!(a_report_says_when_by_what_over_which_bytes_and_under_which_key);

async fn a_report_says_when_by_what_over_which_bytes_and_under_which_key(store: Store) {
    let guild = Guild::start(store).await;
    let known = shown(&guild, "hikari@members.example", Visibility::Link).await;
    let url = address(&guild, &known);
    let (signed, jwt) = guild.signed(&known).await;
    let before = guild.test.count("SELECT COUNT(*) FROM outbox").await;
    let saved = async |text: &str| -> Value {
        let (status, _, report) = post(&guild, "/verify/report", &[("text", text), ("form", "json")]).await;
        assert_eq!(status, 200, "{report}");
        serde_json::from_str(&report).expect("JSON")
    };
    let report = saved(&url).await;
    let hash: String = Sha256::digest(&signed).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((&report["made_at"], &report["form"]), (&json!("2026-11-21T09:00:00Z"), &json!(1)));
    assert_eq!(
        report["tool"],
        json!({"name": "Waymark", "version": env!("CARGO_PKG_VERSION"), "server": guild.test.base})
    );
    let result = &report["results"][0];
    assert_eq!((&result["state"], &result["given"]), (&json!("valid"), &json!(url)));
    assert_eq!(result["input"], json!({"sha256": hash, "bytes": signed.len()}));
    assert_eq!(result["checks"].as_array().map(Vec::len), Some(10));
    let jwks: Value = guild
        .test
        .http
        .get(guild.test.url("/.well-known/jwks.json"))
        .send()
        .await
        .expect("answered")
        .json()
        .await
        .expect("JSON");
    let keys: Vec<&Value> = jwks["keys"].as_array().expect("keys").iter().map(|key| &key["kid"]).collect();
    for (report, suite) in [(&report, "eddsa-rdfc-2022"), (&saved(&jwt).await, "vc+jwt")] {
        let proofs = report["results"][0]["proofs"].as_array().expect("proofs");
        assert_eq!((proofs.len(), &proofs[0]["suite"]), (1, &json!(suite)));
        assert!(keys.contains(&&proofs[0]["key_thumbprint"]), "{proofs:?} {keys:?}");
    }
    // Nothing is proved of what was altered: no key, no claim.
    let altered = saved(&signed.replace("七瀬 ひかり", "Somebody")).await;
    let result = &altered["results"][0];
    assert_eq!((&result["state"], &result["proofs"], result.get("credential")), (&json!("altered"), &json!([]), None));

    let (_, _, page) = post(&guild, "/verify/report", &[("text", &url), ("form", "page")]).await;
    for part in [&*hash, "Verification report", "七瀬 ひかり", env!("CARGO_PKG_VERSION"), &guild.test.base, "RFC 7638"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(post(&guild, "/verify/report", &[]).await.2.contains("Which credential do you mean?"));
    assert!(post(&guild, "/verify/report", &[("text", "hello")]).await.2.contains("No credential was found"));
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM outbox").await, before, "nothing was written");

    // The same as PDF: in one file with its fonts, the same bytes for the same moment.
    let pdf = async |fields: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("form", "pdf")]).collect();
        let request = guild.test.http.post(guild.test.url("/verify/report")).header("accept-language", "ja");
        let answer = request.form(&fields).send().await.expect("answered");
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_eq!((answer.status().as_u16(), &*header("content-type")), (200, "application/pdf"));
        assert_eq!(header("content-disposition"), "attachment; filename=\"waymark-report-2026-11-21.pdf\"");
        answer.bytes().await.expect("read").to_vec()
    };
    let file = pdf(&[("text", &url)]).await;
    assert!(file.starts_with(b"%PDF-") && file.len() < 200_000, "{} bytes", file.len());
    assert_eq!(file, pdf(&[("text", &url)]).await);
    let text = readable(&file);
    let said = format!("確認結果の記録有効な認定です七瀬ひかり{hash}Waymark{}", env!("CARGO_PKG_VERSION"));
    for c in said.chars().filter(|c| !c.is_whitespace()) {
        assert!(text.contains(c), "{c} can be found in the text");
    }
    let thumbprint = report["results"][0]["proofs"][0]["key_thumbprint"].as_str().expect("a thumbprint");
    assert!(thumbprint.chars().all(|c| text.contains(c)), "{thumbprint}");
    let altered = readable(&pdf(&[("text", &signed.replace("七瀬 ひかり", "犬養 毅"))]).await);
    assert!(!altered.contains('毅'), "nothing is told of what was altered");

    // Each report and each public page offers it.
    for path in [format!("/c/{}", known.share_id), format!("/verify?q={url}")] {
        let (_, page) = get(&guild, &path).await;
        for form in ["/verify/whose", "/verify/ask", "/verify/report"] {
            assert!(page.contains(&format!("method=\"post\" action=\"{form}\"")), "{form} on {path}: {page}");
        }
    }
}
