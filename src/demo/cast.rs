//! `demo/members.yaml`, typed.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::program::read_yaml;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cast {
    pub members: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub handle: String,
    #[serde(default)]
    pub plays: bool,
    pub name: String,
    pub email: String,
    pub locale: String,
    pub joined_days_ago: i64,
    pub roles: Vec<String>,
    #[serde(default)]
    pub affiliation: Option<Tie>,
    #[serde(rename = "story")]
    pub _story: BTreeMap<String, String>,
    pub exams: Vec<Sitting>,
    pub contributions: Vec<Gift>,
    pub credentials: Vec<Held>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tie {
    pub organization: String,
    #[serde(default)]
    pub title: Option<String>,
    pub from_days_ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sitting {
    pub exam: String,
    pub sections: BTreeMap<String, u32>,
    pub days_ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gift {
    pub r#type: String,
    pub object: String,
    pub title: String,
    #[serde(default)]
    pub titles: BTreeMap<String, String>,
    pub days_ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    pub track: String,
    pub issued_days_ago: i64,
    pub visibility: String,
    pub state: String,
    #[serde(default)]
    pub changed_days_ago: Option<i64>,
    #[serde(default)]
    pub reason_code: Option<String>,
    #[serde(default)]
    pub public_reason: BTreeMap<String, String>,
}

impl Cast {
    pub fn read(text: &str) -> Result<Self> {
        let value = read_yaml(text).map_err(Error::internal)?;
        serde_path_to_error::deserialize(value).map_err(Error::internal)
    }
}
