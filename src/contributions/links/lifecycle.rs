//! Where a link stands, and who stood behind it.
//!
//! `waiting → accepted | refused | withdrawn`, `refused → waiting` when its member answers, `refused → withdrawn`. Nothing leads away from accepted: a
//! contribution is taken back by its void.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

words! {
    /// Where a link stands.
    LinkState {
        /// Somebody will look at it.
        Waiting = "waiting",
        Accepted = "accepted",
        Refused = "refused",
        /// Its member took it back.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Who stood behind it.
    Disclosure {
        Nobody = "none",
        /// Done as part of the member's work.
        Employer = "employer",
        /// For money, goods or another advantage.
        Paid = "paid",
    }
}
