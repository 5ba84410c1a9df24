//! The link that fills in LinkedIn's form. Months count from 1, dates are the issuer's calendar days, texts are encoded, nothing about the learner is in
//! it. The organization goes by the number of its page where the program says it, else by name.

use url::Url;

use crate::clock::Timestamp;
use crate::web::zone::Zone;

/// What goes into the form.
pub struct Certification<'a> {
    pub title: &'a str,
    pub organization: &'a str,
    /// The number of the organization's page: digits, or it is left out.
    pub organization_id: Option<&'a str>,
    pub awarded_at: Timestamp,
    pub valid_until: Option<Timestamp>,
    pub url: &'a str,
    pub number: &'a str,
}

/// `https://www.linkedin.com/profile/add?…`
pub fn add_to_profile(of: &Certification<'_>, zone: &Zone) -> String {
    let mut url = Url::parse("https://www.linkedin.com/profile/add").expect("a literal URL");
    let (year, month, _) = zone.calendar(of.awarded_at);
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("startTask", "CERTIFICATION_NAME");
        query.append_pair("name", of.title);
        match of.organization_id.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())) {
            Some(id) => query.append_pair("organizationId", id),
            None => query.append_pair("organizationName", of.organization),
        };
        query.append_pair("issueYear", &year.to_string());
        query.append_pair("issueMonth", &month.to_string());
        if let Some(until) = of.valid_until {
            let (year, month, _) = zone.calendar(until);
            query.append_pair("expirationYear", &year.to_string());
            query.append_pair("expirationMonth", &month.to_string());
        }
        query.append_pair("certUrl", of.url);
        query.append_pair("certId", of.number);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::clock::parse_rfc3339;

    fn at(text: &str) -> Timestamp {
        parse_rfc3339(text).expect("a literal time")
    }

    fn example() -> Certification<'static> {
        Certification {
            title: "A&B #1 認定",
            organization: "例の会 & Co.",
            organization_id: None,
            awarded_at: at("2026-04-15T03:00:00Z"),
            valid_until: Some(at("2029-04-15T14:59:59Z")),
            url: "https://certs.example/c/0123?x=1&y=2#z",
            number: "EG-2026-000042",
        }
    }

    fn query(of: &Certification<'_>) -> HashMap<String, String> {
        let link = add_to_profile(of, &Zone::named("Asia/Tokyo").expect("bundled"));
        let url = Url::parse(&link).expect("a URL");
        assert_eq!((url.host_str(), url.path(), url.fragment()), (Some("www.linkedin.com"), "/profile/add", None));
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let map: HashMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(pairs.len(), map.len(), "nothing stands there twice: {link}");
        map
    }

    #[test]
    fn texts_are_encoded() {
        let link = add_to_profile(&example(), &Zone::utc());
        assert!(link.contains("name=A%26B+%231+%E8%AA%8D%E5%AE%9A&"), "{link}");
        let query = query(&example());
        assert_eq!(query["name"], "A&B #1 認定");
        assert_eq!(query["organizationName"], "例の会 & Co.");
        assert_eq!(query["certUrl"], "https://certs.example/c/0123?x=1&y=2#z");
        assert_eq!(query["certId"], "EG-2026-000042");
        assert_eq!(query["startTask"], "CERTIFICATION_NAME");
    }

    #[test]
    fn january_is_one() {
        let query = query(&Certification { awarded_at: at("2026-01-15T03:00:00Z"), ..example() });
        assert_eq!((query["issueYear"].as_str(), query["issueMonth"].as_str()), ("2026", "1"));
    }

    #[test]
    fn december_is_twelve() {
        let query = query(&Certification { awarded_at: at("2026-12-31T14:59:59Z"), ..example() });
        assert_eq!((query["issueYear"].as_str(), query["issueMonth"].as_str()), ("2026", "12"));
    }

    #[test]
    fn the_month_is_that_of_the_issuer() {
        let query = query(&Certification {
            awarded_at: at("2026-03-31T15:00:00Z"),
            valid_until: Some(at("2029-12-31T15:00:00Z")),
            ..example()
        });
        assert_eq!((query["issueYear"].as_str(), query["issueMonth"].as_str()), ("2026", "4"));
        assert_eq!((query["expirationYear"].as_str(), query["expirationMonth"].as_str()), ("2030", "1"));
    }

    #[test]
    fn the_last_instant_of_a_validity_is_in_its_month() {
        let query = query(&Certification { valid_until: Some(at("2029-03-31T14:59:59.999Z")), ..example() });
        assert_eq!((query["expirationYear"].as_str(), query["expirationMonth"].as_str()), ("2029", "3"));
    }

    #[test]
    fn without_an_end_there_is_no_expiration() {
        let query = query(&Certification { valid_until: None, ..example() });
        assert!(!query.contains_key("expirationYear") && !query.contains_key("expirationMonth"));
    }

    #[test]
    fn a_known_organization_goes_by_number_and_by_nothing_else() {
        let query = query(&Certification { organization_id: Some("1234567"), ..example() });
        assert_eq!(query.get("organizationId").map(String::as_str), Some("1234567"));
        assert!(!query.contains_key("organizationName"));
    }

    #[test]
    fn what_is_no_number_is_no_organization_id() {
        for bad in ["", "guild", "12 34", "１２３", "https://www.linkedin.com/company/1"] {
            let query = query(&Certification { organization_id: Some(bad), ..example() });
            assert!(!query.contains_key("organizationId"), "{bad:?}");
            assert_eq!(query["organizationName"], "例の会 & Co.");
        }
    }
}
