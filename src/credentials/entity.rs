//! Rows of credentials, their documents and history; status lists; proposals; the sequence of numbers.

macro_rules! row {
    ($(#[$doc:meta])* $module:ident, $table:literal, { $($body:tt)* }) => {
        $(#[$doc])*
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($body)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

row! { credential, "credential", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub member: String,
    pub issuer: String,
    pub track: String,
    pub track_version: String,
    pub term: i32,
    /// `member/track/term` while it is not revoked: unique.
    pub live: Option<String>,
    pub basis: String,
    /// `urn:uuid:…`: the id of the signed document.
    pub uuid: String,
    /// 26 characters, lower case.
    pub share_id: String,
    pub number: String,
    pub check_code: String,
    pub name: String,
    pub locale: String,
    pub stage: String,
    pub status: String,
    pub visibility: String,
    /// The document that stands: 0 before the first release.
    pub generation: i32,
    pub awarded_at: i64,
    pub valid_until: Option<i64>,
    pub intended_at: i64,
    pub released_at: Option<i64>,
    pub status_changed_at: Option<i64>,
    pub reason_code: Option<String>,
    pub public_reason: Option<String>,
    /// The fact in the ledger that says it is held.
    pub fact: Option<String>,
    /// The credential in whose place this one came: unique.
    pub replaces: Option<String>,
    /// When it was withdrawn before anybody claimed it.
    pub cancelled_at: Option<i64>,
} }

row! { document, "credential_document", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub credential: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i32,
    pub list: String,
    pub place: i64,
    pub valid_from: i64,
    pub json_intent: String,
    pub jwt_intent: String,
    pub released_at: Option<i64>,
} }

row! { history, "credential_history", {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub credential: String,
    pub at: i64,
    pub actor: String,
    pub what: String,
    pub reason_code: Option<String>,
    pub public_reason: Option<String>,
    pub internal_note: Option<String>,
} }

row! { review, "credential_review", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub credential: String,
    /// The decision that the credential was awarded on.
    pub rests_on: String,
    /// The latest decision, which says otherwise.
    pub says: String,
    pub opened_at: i64,
    /// The credential, while the review is open: unique.
    pub open: Option<String>,
    pub closed_at: Option<i64>,
    pub closed_by: Option<String>,
    pub outcome: Option<String>,
    pub note: Option<String>,
} }

row! { list, "status_list", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub issuer: String,
    /// The issuer, while new credentials are placed in this list: unique.
    pub open_for: Option<String>,
    pub entries: i64,
    pub used: i64,
    /// Grows with every bit that is set.
    pub version: i64,
    /// The intent whose signed bytes are served.
    pub intent: Option<String>,
    pub signed_version: Option<i64>,
    pub signed_at: Option<i64>,
    pub created_at: i64,
} }

row! { entry, "status_entry", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub list: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i64,
    pub credential: String,
    pub at: i64,
    pub set_at: Option<i64>,
} }

row! { sequence, "credential_sequence", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub last: i64,
} }

row! { reissue, "credential_reissue", {
    /// The compromised key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub started_by: String,
    pub started_at: i64,
    pub finished_at: Option<i64>,
} }

row! { proposal, "proposal", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub body: String,
    pub proposed_by: String,
    pub proposed_at: i64,
    pub approved_by: String,
    pub approved_at: i64,
} }

row! { default_visibility, "default_visibility", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member: String,
    pub visibility: String,
    pub chosen_at: i64,
} }
