//! Rows of claims to handles.

pub mod claim {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "handle_claim")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub member: String,
        pub source: String,
        /// Lower case, without a leading @.
        pub handle: String,
        /// Stands in the open by design: it proves nothing to whoever only reads it.
        pub code: String,
        pub state: String,
        /// Where the member says that they put the code.
        pub place: Option<String>,
        pub claimed_at: i64,
        pub expires_at: i64,
        pub decided_at: Option<i64>,
        pub decided_by: Option<String>,
        pub reason: Option<String>,
        /// The source and the handle, while it is proved: unique.
        pub holds: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
