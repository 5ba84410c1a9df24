//! Lists by cursor: `{data, next_cursor, has_more}` and a `Link` header. A cursor is the id (or number) of the last row shown.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, Result};

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

    /// A page of a list that is at hand in full: all that follows the cursor where no limit is said. `key` names a row among the others.
    ///
    /// # Errors
    /// No row has the cursor's name.
    pub fn of(mut all: Vec<T>, page: &PageQuery, key: impl Fn(&T) -> String) -> Result<Self> {
        if let Some(after) = &page.cursor {
            let at = all.iter().position(|row| key(row) == *after).ok_or_else(|| {
                Error::invalid(vec![Fault::new("/cursor", "invalid_cursor", "take `next_cursor` of the page before")])
            })?;
            all.drain(..=at);
        }
        Ok(Self::cut(all, page.limit.map_or(u64::MAX, |_| page.limit()), key))
    }

    /// A list that always fits on one page.
    pub fn whole(data: Vec<T>) -> Self {
        Self { data, next_cursor: None, has_more: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_list_at_hand_follow_one_another() {
        let all = || vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let page = |limit, cursor: Option<&str>| PageQuery { limit, cursor: cursor.map(str::to_owned) };
        let of = |asked: &PageQuery| Listed::of(all(), asked, String::clone).expect("a page");
        let whole = of(&page(None, None));
        assert_eq!((whole.data.len(), whole.has_more, whole.next_cursor), (3, false, None));
        let first = of(&page(Some(2), None));
        assert_eq!(
            (first.data, first.has_more, first.next_cursor.as_deref()),
            (vec!["a".into(), "b".into()], true, Some("b"))
        );
        let last = of(&page(Some(2), Some("b")));
        assert_eq!((last.data, last.has_more, last.next_cursor), (vec!["c".to_owned()], false, None));
        assert!(Listed::of(all(), &page(None, Some("x")), String::clone).is_err(), "a cursor of nobody");
    }
}
