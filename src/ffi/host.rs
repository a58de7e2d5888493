//! What the host lends: a pointer of its own, and a function that is told when it is no longer needed.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};

/// Told once that `user` is no longer needed. Runs on any thread, with no lock held; must not call back into the
/// library.
pub type mgp_drop_fn = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// A host's pointer. Dropped, it tells the host, once the library owns it.
pub(super) struct Host {
    user: *mut c_void,
    drop: mgp_drop_fn,
    is_owned: AtomicBool,
}

// SAFETY: the header says that `user` and the functions that take it are used from any thread.
unsafe impl Send for Host {}
// SAFETY: as above; the pointer is handed on and never followed here.
unsafe impl Sync for Host {}

impl Host {
    /// A pointer that still is the caller's.
    pub(super) fn lent(user: *mut c_void, drop: mgp_drop_fn) -> Self {
        Self { user, drop, is_owned: AtomicBool::new(false) }
    }

    /// The call has succeeded: from now on the drop function is owed.
    pub(super) fn own(&self) {
        self.is_owned.store(true, Ordering::Release);
    }

    pub(super) fn user(&self) -> *mut c_void {
        self.user
    }

    /// Gives the pointer back to the caller; nothing is owed any more.
    pub(super) fn give_back(self) -> *mut c_void {
        self.is_owned.store(false, Ordering::Release);
        self.user
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let (true, Some(drop)) = (self.is_owned.load(Ordering::Acquire), self.drop) {
            // SAFETY: the host gave the function for this pointer; `give_back` keeps it from being called twice.
            unsafe { drop(self.user) };
        }
    }
}
