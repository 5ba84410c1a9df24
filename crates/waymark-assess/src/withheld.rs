//! The types that an answer to a candidate must not hold. Naming one here makes the build fail on the day that somebody
//! derives `Serialize` for it.

/// Does not compile for a type that implements `Serialize`: two implementations then answer the same call.
macro_rules! cannot_be_sent {
    ($($withheld:ty),+ $(,)?) => {
        const _: fn() = || {
            trait Sendable<Which> {
                fn answer() {}
            }
            struct ByEverything;
            struct BySerialize;
            impl<T: ?Sized> Sendable<ByEverything> for T {}
            impl<T: ?Sized + serde::Serialize> Sendable<BySerialize> for T {}
            $(<$withheld as Sendable<_>>::answer();)+
        };
    };
}

cannot_be_sent!(
    crate::item::ItemVersion,
    crate::item::ItemContent,
    crate::item::ItemOption,
    crate::item::OptionId,
    crate::item::ItemKey,
    crate::item::Rationale,
    crate::item::VersionHash,
    crate::form::Seed,
    crate::form::Form,
    crate::form::Position,
    crate::form::PlacedOption,
    crate::score::KeySet,
    crate::score::Score,
    crate::score::Outcome,
);
