//! What rooms keep in memory for themselves while the process runs, one of a type: the app knows no room, and no two apps of a process share.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Kept = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

#[derive(Default)]
pub struct Own(Mutex<Kept>);

impl Own {
    /// The one of this type, made when it is first asked for.
    pub fn of<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = kept.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(one).downcast().expect("kept under its own type")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn each_type_has_one_and_each_app_its_own() {
        let (own, other) = (Own::default(), Own::default());
        own.of::<Mutex<u8>>().lock().expect("free").clone_from(&7);
        assert_eq!(*own.of::<Mutex<u8>>().lock().expect("free"), 7);
        assert_eq!(*own.of::<Mutex<u16>>().lock().expect("free"), 0);
        assert_eq!(*other.of::<Mutex<u8>>().lock().expect("free"), 0);
    }
}
