//! Values that are created on first use.

use once_cell::race::OnceBox;

/// A value that is created on first use. Threads that need it at the same time may each create one, of which one is kept.
/// None waits for another, which would never finish in a fork.
pub(super) struct Lazy<T>(OnceBox<T>);

impl<T> Lazy<T> {
    pub(super) fn new() -> Self {
        Self(OnceBox::new())
    }

    pub(super) fn get(&self, create: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(|| Box::new(create()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};
    use std::thread;

    use super::*;

    #[test]
    fn a_thread_that_never_finishes_holds_up_no_other() {
        let lazy = Arc::new(Lazy::new());
        let (begun, has_begun) = mpsc::channel();
        let (finish, may_finish) = mpsc::channel::<()>();
        let other = Arc::clone(&lazy);
        let slow = thread::spawn(move || {
            *other.get(|| {
                begun.send(()).unwrap();
                let _ = may_finish.recv();
                1
            })
        });
        has_begun.recv().unwrap();
        assert_eq!(*lazy.get(|| 2), 2);
        drop(finish);
        assert_eq!(slow.join().unwrap(), 2);
    }
}
