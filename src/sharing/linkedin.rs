//! The link that fills in LinkedIn's form. Months count from 1, dates are the issuer's calendar days, texts are encoded, nothing about the learner is in
//! it; the organization goes by name.

use url::Url;

use crate::credentials::Credential;
use crate::web::zone::Zone;

/// `https://www.linkedin.com/profile/add?…` for this credential.
pub fn add_to_profile(credential: &Credential, title: &str, organization: &str, cert_url: &str, zone: &Zone) -> String {
    let mut url = Url::parse("https://www.linkedin.com/profile/add").expect("a literal URL");
    let (year, month, _) = zone.calendar(credential.awarded_at);
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("startTask", "CERTIFICATION_NAME");
        query.append_pair("name", title);
        query.append_pair("organizationName", organization);
        query.append_pair("issueYear", &year.to_string());
        query.append_pair("issueMonth", &month.to_string());
        if let Some(until) = credential.valid_until {
            let (year, month, _) = zone.calendar(until);
            query.append_pair("expirationYear", &year.to_string());
            query.append_pair("expirationMonth", &month.to_string());
        }
        query.append_pair("certUrl", cert_url);
        query.append_pair("certId", &credential.number);
    }
    url.into()
}
