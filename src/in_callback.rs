//! Whether this thread is running a callback of the host. A blocking call would wait for itself there.

use std::cell::Cell;

thread_local! {
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

/// Runs a callback.
pub(crate) fn run<T>(callback: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IN_CALLBACK.set(self.0);
        }
    }
    let _restore = Restore(IN_CALLBACK.replace(true));
    callback()
}

/// Whether a callback is running on this thread.
pub(crate) fn is_running() -> bool {
    IN_CALLBACK.get()
}
