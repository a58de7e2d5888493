//! A pointer of the host, and the function that the library calls when it no longer needs the pointer.

use std::ffi::c_void;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::job::run_off_io;

/// Releases `user`, which the library no longer needs. Called once, on any thread, with no lock held. It must not call
/// the library.
pub type mgp_drop_fn = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// A pointer of the host. Dropping it calls the drop function if the library owns the pointer.
pub(super) struct Host {
    user: *mut c_void,
    drop: mgp_drop_fn,
    whose: AtomicU8,
}

/// The caller owns the pointer, because the call that passed it has not succeeded yet.
const LENT: u8 = 0;
/// The library owns the pointer, and has to call the drop function.
const OWNED: u8 = 1;
/// The caller owns the pointer again.
const GIVEN_BACK: u8 = 2;

// SAFETY: the header says that `user` and the functions that take it are used from any thread.
unsafe impl Send for Host {}
// SAFETY: as above; the pointer is handed on and never followed here.
unsafe impl Sync for Host {}

impl Host {
    pub(super) fn lent(user: *mut c_void, drop: mgp_drop_fn) -> Self {
        Self { user, drop, whose: AtomicU8::new(LENT) }
    }

    /// Takes ownership once the call has succeeded. A pointer that was given back meanwhile stays given back.
    pub(super) fn own(&self) {
        let _ = self.whose.compare_exchange(LENT, OWNED, Ordering::AcqRel, Ordering::Acquire);
    }

    pub(super) fn user(&self) -> *mut c_void {
        self.user
    }

    /// Gives the pointer back to the caller. The drop function is not called.
    pub(super) fn give_back(&self) -> *mut c_void {
        self.whose.store(GIVEN_BACK, Ordering::Release);
        self.user
    }
}

/// The pointer on its way to the thread that calls the drop function.
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
