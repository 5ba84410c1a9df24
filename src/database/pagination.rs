//! Lists by cursor: `{data, next_cursor, has_more}` and a `Link` header. A cursor is the id (or number) of the last row shown.

use serde::{Deserialize, Serialize};

const DEFAULT: u64 = 50;
const MOST: u64 = 200;

/// `?limit=…&cursor=…` of a list call.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PageQuery {
    pub limit: Option<u64>,
    pub cursor: Option<String>,
}

impl PageQuery {
    /// Between 1 and 200, 50 when not said.
    pub fn limit(&self) -> u64 {
        self.limit.unwrap_or(DEFAULT).clamp(1, MOST)
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Listed<T> {
    pub data: Vec<T>,
    pub next_cursor: Option<String>,
    pub has_more: bool,
}

impl<T> Listed<T> {
    /// `rows` holds up to one row more than `limit`: the extra one shows that there is more.
    pub fn cut(mut rows: Vec<T>, limit: u64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if has_more { rows.last().map(cursor) } else { None };
        Self { data: rows, next_cursor, has_more }
    }

    /// A list that always fits on one page.
    pub fn whole(data: Vec<T>) -> Self {
        Self { data, next_cursor: None, has_more: false }
    }
}
