//! Notices a fork: the child has none of the library's threads, and locks that nobody will release.

use std::sync::Once;

use crate::transport::runtime::mark_forked;

static REGISTERED: Once = Once::new();

/// Has every later fork of this process mark its child.
pub(super) fn watch() {
    REGISTERED.call_once(|| {
        #[cfg(unix)]
        {
            extern "C" fn child() {
                mark_forked();
            }
            // SAFETY: `child` does nothing but store to an atomic, which is allowed in a fork; it is never unloaded,
            // since the library is linked nodelete.
            let failed = unsafe { libc::pthread_atfork(None, None, Some(child)) };
            debug_assert_eq!(failed, 0, "pthread_atfork fails only without memory");
        }
    });
}
