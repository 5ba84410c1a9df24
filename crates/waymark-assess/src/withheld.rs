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
    crate::item::KeyKind,
    crate::item::AcceptedNumber,
    crate::item::Tolerance,
    crate::item::AcceptedTexts,
    crate::item::AcceptedText,
    crate::item::GapKey,
    crate::item::Share,
    crate::item::Scoring,
    crate::item::Rule,
    crate::item::Rubric,
    crate::item::Criterion,
    crate::item::Interaction,
    crate::item::Choice,
    crate::item::Matching,
    crate::item::Ordering,
    crate::item::ShortText,
    crate::item::Gaps,
    crate::item::Gap,
    crate::item::GapKind,
    crate::item::Hotspot,
    crate::item::Area,
    crate::item::Essay,
    crate::item::Upload,
    crate::item::Stimulus,
    crate::blueprint::Drawable,
    crate::item::Rationale,
    crate::item::VersionHash,
    crate::form::Seed,
    crate::form::Form,
    crate::form::Position,
    crate::form::PlacedOption,
    crate::form::PlacedGap,
    crate::form::PresentedGap,
    crate::form::Presented,
    crate::score::KeySet,
    crate::score::Score,
    crate::score::Outcome,
);
