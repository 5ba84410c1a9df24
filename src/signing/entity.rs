//! Rows of intents: what will be signed, and once it is, the signed text.

pub mod intent {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signing_intent")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub purpose: String,
        /// The id of what is signed for: a credential, a status list.
        pub subject: String,
        pub suite: String,
        /// The key that was chosen when the intent was made.
        pub key: String,
        /// The document up to the place of the signature.
        pub payload: String,
        /// SHA-256 of `payload`, hexadecimal.
        pub document_hash: String,
        /// What the key signs.
        pub message: Vec<u8>,
        /// SHA-256 of `message`, hexadecimal.
        pub payload_hash: String,
        pub created_at: i64,
        pub signed: Option<String>,
        pub signed_at: Option<i64>,
        /// Why it is not signed, where what it would be does not verify.
        pub set_aside: Option<String>,
        pub set_aside_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
