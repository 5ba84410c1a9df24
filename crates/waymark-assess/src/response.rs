//! What a candidate answered at one position, checked against the form before anything is stored.

use crate::{
    form::{Handle, Position, Presented},
    mistake::Mistake,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// The chosen handles in the order shown; none means not answered. Two responses that choose the same are equal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Response(Vec<Handle>);

impl Response {
    /// The response that answers nothing.
    pub fn cleared() -> Self {
        Self::default()
    }

    /// Checks `value`, a JSON array of handles, against `position`. `[]` clears. Fewer than asked for is accepted while
    /// the candidate is at work; what is left incomplete is simply not right.
    ///
    /// # Errors
    /// All mistakes, with pointers from `value`: not an array of texts, an unknown handle, one twice, too many.
    pub fn check(value: &Value, position: &Position) -> Result<Self, Vec<Mistake>> {
        let Presented::Choice { max_choices, options, .. } = &position.presented;
        let Some(sent) = value.as_array() else {
            return Err(vec![Mistake::new(
                "",
                "not_a_list",
                "a response is a list of handles: send [] to clear it",
                "解答はハンドルのリストで送ってください。[] を送ると解答を消します",
            )]);
        };
        let max = usize::try_from(*max_choices).unwrap_or(usize::MAX);
        if sent.len() > max {
            return Err(vec![Mistake::new(
                "",
                "too_many_choices",
                format!("{} options are chosen, at most {max} may be: take some back", sent.len()),
                format!("選択肢が{}個選ばれています。選べるのは{max}個までです", sent.len()),
            )]);
        }
        let (mut chosen, mut mistakes) = (BTreeSet::new(), Vec::new());
        for (n, value) in sent.iter().enumerate() {
            let at = format!("/{n}");
            match value.as_str().filter(|text| options.iter().any(|option| option.handle.as_str() == *text)) {
                None => mistakes.push(Mistake::new(
                    at,
                    "unknown_handle",
                    "no option at this position has this handle: load the position again",
                    "この設問にそのハンドルの選択肢はありません。設問を読み直してください",
                )),
                Some(handle) if !chosen.insert(handle) => mistakes.push(Mistake::new(
                    at,
                    "duplicate_handle",
                    "this option is chosen twice: name it once",
                    "同じ選択肢が2度選ばれています。1度だけにしてください",
                )),
                Some(_) => {}
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let shown = options.iter().map(|option| &option.handle);
        Ok(Self(shown.filter(|handle| chosen.contains(handle.as_str())).cloned().collect()))
    }

    pub fn is_cleared(&self) -> bool {
        self.0.is_empty()
    }

    pub fn handles(&self) -> &[Handle] {
        &self.0
    }

    /// The response as the API writes it.
    pub fn to_value(&self) -> Value {
        self.0.iter().map(Handle::as_str).collect()
    }
}
