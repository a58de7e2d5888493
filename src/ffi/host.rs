//! What the host lends: a pointer of its own, and a function that is told when it is no longer needed.

use std::ffi::c_void;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::job::run_off_io;

/// Tells the caller that the library no longer needs `user`. Called once, on any thread, with no lock held. It must not call
/// back into the library.
pub type mgp_drop_fn = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// A host's pointer. Dropped, it tells the host, if the library owns it by then.
pub(super) struct Host {
    user: *mut c_void,
    drop: mgp_drop_fn,
    whose: AtomicU8,
}

/// The call that brought the pointer has not succeeded yet: it is the caller's.
const LENT: u8 = 0;
/// The drop function is owed.
const OWNED: u8 = 1;
/// The caller has it again.
const GIVEN_BACK: u8 = 2;

// SAFETY: the header says that `user` and the functions that take it are used from any thread.
unsafe impl Send for Host {}
// SAFETY: as above; the pointer is handed on and never followed here.
unsafe impl Sync for Host {}

impl Host {
    pub(super) fn lent(user: *mut c_void, drop: mgp_drop_fn) -> Self {
        Self { user, drop, whose: AtomicU8::new(LENT) }
    }

    /// The call has succeeded. A pointer that was given back meanwhile stays given back.
    pub(super) fn own(&self) {
        let _ = self.whose.compare_exchange(LENT, OWNED, Ordering::AcqRel, Ordering::Acquire);
    }

    pub(super) fn user(&self) -> *mut c_void {
        self.user
    }

    /// Gives the pointer back to the caller; nothing is owed any more.
    pub(super) fn give_back(&self) -> *mut c_void {
        self.whose.store(GIVEN_BACK, Ordering::Release);
        self.user
    }
}

/// The pointer on its way to the thread that tells the host.
#[derive(Clone, Copy)]
struct Handed(*mut c_void);

// SAFETY: as for Host.
unsafe impl Send for Handed {}

impl Drop for Host {
    fn drop(&mut self) {
        if let (OWNED, Some(drop)) = (self.whose.load(Ordering::Acquire), self.drop) {
            let user = Handed(self.user);
            run_off_io(move || {
                let Handed(user) = { user };
                // SAFETY: the host gave the function for this pointer, and only one Host has it.
                unsafe { drop(user) };
            });
        }
    }
}
