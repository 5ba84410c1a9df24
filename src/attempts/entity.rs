//! Rows of attempts, frozen forms, responses with every save of them, score runs, and the sign of life.

macro_rules! table {
    ($module:ident, $table:literal, { $($(#[$attr:meta])* $field:ident: $type:ty,)* }) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$attr])* pub $field: $type,)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(attempt, "attempt", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    exam: String,
    exam_version: i32,
    member: String,
    ordinal: i32,
    state: String,
    agreed_at: Option<i64>,
    created_at: i64,
    started_at: Option<i64>,
    deadline: Option<i64>,
    grace_ms: i64,
    effective_deadline: Option<i64>,
    closed_at: Option<i64>,
    closed_by: Option<String>,
    seq: i64,
    last_position: i32,
    terms: Option<String>,
    notices: Option<String>,
    agreement: Option<String>,
    exam_window: Option<String>,
    voucher: Option<String>,
    voided_at: Option<i64>,
    turns_at: Option<i64>,
});

// `stored` holds the seed and the order in which options were presented; `figures` lists the SHA-256 of every figure shown.
table!(form, "form", {
    #[sea_orm(primary_key, auto_increment = false)]
    attempt: String,
    id: String,
    stored: String,
    hash: String,
    figures: String,
    frozen_at: i64,
});

// The answer as it stands; revision 0 before the first save.
table!(response, "response", {
    #[sea_orm(primary_key, auto_increment = false)]
    attempt: String,
    #[sea_orm(primary_key, auto_increment = false)]
    position: i32,
    response: String,
    revision: i64,
    flagged: bool,
    seen_at: Option<i64>,
    first_saved_at: Option<i64>,
    saved_at: Option<i64>,
});

// Every save that was acknowledged, in the order of `seq`.
table!(response_save, "response_save", {
    #[sea_orm(primary_key, auto_increment = false)]
    attempt: String,
    #[sea_orm(primary_key, auto_increment = false)]
    client_op_id: String,
    position: i32,
    seq: i64,
    revision: i64,
    response: String,
    digest: String,
    saved_at: i64,
});

// `state`: `scored`, or `waiting` for a person to mark. The run that counts has no `replaced_by`; `cause` is the voided item that a later run was made for.
table!(score_run, "score_run", {
    #[sea_orm(primary_key, auto_increment = false)]
    attempt: String,
    #[sea_orm(primary_key, auto_increment = false)]
    run: i32,
    stored: String,
    passed: bool,
    at: i64,
    released_at: Option<i64>,
    state: String,
    replaced_by: Option<i32>,
    cause: Option<String>,
    release_at: Option<i64>,
});

table!(candidate_file, "candidate_file", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    attempt: String,
    position: i32,
    sha256: String,
    kind: String,
    size: i64,
    created_at: i64,
});

table!(candidate_file_bytes, "candidate_file_bytes", {
    #[sea_orm(primary_key, auto_increment = false)]
    sha256: String,
    bytes: Vec<u8>,
});

// `points` is a JSON list, one for each line of the rubric; `marker` is who gave them.
table!(marking, "marking", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    attempt: String,
    position: i32,
    created_at: i64,
    points: Option<String>,
    note: Option<String>,
    marker: Option<String>,
    marked_at: Option<i64>,
});

table!(attempt_conflict, "attempt_conflict", {
    #[sea_orm(primary_key, auto_increment = false)]
    attempt: String,
    why: String,
    noted_at: i64,
});

table!(voided_item, "voided_item", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    exam: String,
    item: String,
    version: String,
    treatment: String,
    reason: String,
    actor: String,
    at: i64,
    done_at: Option<i64>,
});

// One row, `server`: when a server last said that it runs.
table!(sign_of_life, "sign_of_life", {
    #[sea_orm(primary_key, auto_increment = false)]
    name: String,
    at: i64,
});
