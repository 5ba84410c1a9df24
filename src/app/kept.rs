//! Results that are dear to work out and may be forgotten at any time: a bounded memory, the oldest goes first.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// Up to `most` values by name.
pub struct Kept<T> {
    most: usize,
    inside: Mutex<Inside<T>>,
}

struct Inside<T> {
    values: HashMap<String, Arc<T>>,
    /// The names, the oldest first.
    order: VecDeque<String>,
}

impl<T> Kept<T> {
    pub fn new(most: usize) -> Self {
        Self { most, inside: Mutex::new(Inside { values: HashMap::new(), order: VecDeque::new() }) }
    }

    pub fn get(&self, name: &str) -> Option<Arc<T>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).values.get(name).cloned()
    }

    pub fn keep(&self, name: String, value: Arc<T>) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.values.insert(name.clone(), value).is_none() {
            inside.order.push_back(name);
        }
        while inside.values.len() > self.most {
            let Some(oldest) = inside.order.pop_front() else { break };
            inside.values.remove(&oldest);
        }
    }

    pub fn len(&self) -> usize {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let kept = Kept::new(2);
        for (name, value) in [("a", 1), ("b", 2), ("b", 3), ("c", 4)] {
            kept.keep(name.to_owned(), Arc::new(value));
        }
        let held = |name| kept.get(name).map(|value| *value);
        assert_eq!((held("a"), held("b"), held("c"), kept.len()), (None, Some(3), Some(4), 2));
    }
}
