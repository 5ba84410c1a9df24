//! Moving things in an order that a member chose.

/// One step up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
}

impl Step {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            _ => None,
        }
    }

    /// Moves one of `ids`; false where it has nowhere to go.
    pub fn apply<T: PartialEq>(self, ids: &mut [T], which: &T) -> bool {
        let Some(at) = ids.iter().position(|id| id == which) else { return false };
        let to = match self {
            Self::Up => at.checked_sub(1),
            Self::Down => Some(at + 1).filter(|to| *to < ids.len()),
        };
        to.inspect(|to| ids.swap(at, *to)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_stays_within_the_list() {
        let mut ids = ["a", "b", "c"];
        assert!(Step::Up.apply(&mut ids, &"b") && ids == ["b", "a", "c"]);
        assert!(Step::Down.apply(&mut ids, &"a") && ids == ["b", "c", "a"]);
        assert!(
            !Step::Up.apply(&mut ids, &"b") && !Step::Down.apply(&mut ids, &"a") && !Step::Up.apply(&mut ids, &"d")
        );
        assert_eq!(ids, ["b", "c", "a"]);
    }
}
