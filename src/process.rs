//! Which process an object belongs to. A fork copies the memory but only one thread: in the child, a lock that another
//! thread held stays locked, and work that was under way never ends.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use once_cell::race::OnceBox;

use crate::error::{Error, LocalFailure};

/// How often this process and its ancestors have forked, as far as the C library told.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// Records, in the child, that the process was forked. May be called in the child of a process with threads.
pub(crate) fn forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// The process that created an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Maker {
    /// The forks tell processes apart that have the same id, as the first ones of two PID namespaces have.
    forks: u32,
    /// The id tells of a fork that the C library knows nothing of.
    id: u32,
}

impl Maker {
    pub(crate) fn this() -> Self {
        Self { forks: FORKS.load(Ordering::Relaxed), id: process::id() }
    }

    pub(crate) fn is_this(self) -> bool {
        self == Self::this()
    }

    /// Fails in a fork. Call it before any lock is taken.
    pub(crate) fn check(self) -> Result<(), Error> {
        if self.is_this() { Ok(()) } else { Err(LocalFailure::Forked.into()) }
    }
}

/// One value for each process: a child creates its own and never touches its parent's. It does not use a lock, since a
/// fork can happen while the lock is held.
pub(crate) struct PerProcess<T>(OnceBox<Link<T>>);

struct Link<T> {
    maker: Maker,
    value: T,
    /// The value of the child, grandchild and so on. Each process sees those of its ancestors.
    next: PerProcess<T>,
}

impl<T: Default> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self(OnceBox::new())
    }

    /// This process's value, which the first call creates.
    pub(crate) fn get(&self) -> &T {
        let mut chain = self;
        loop {
            let link = chain.0.get_or_init(|| {
                let (maker, value) = (Maker::this(), T::default());
                Box::new(Link { maker, value, next: Self::new() })
            });
            if link.maker.is_this() {
                return &link.value;
            }
            chain = &link.next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: Maker = Maker { forks: 0, id: 0 };

    #[test]
    fn a_process_has_one_value_and_ignores_its_parents() {
        let mine = PerProcess::<Box<u8>>::new();
        assert!(std::ptr::eq(mine.get(), mine.get()));

        let inherited = PerProcess::<Box<u8>>::new();
        let parents = Link { maker: PARENT, value: Box::new(7), next: PerProcess::new() };
        assert!(inherited.0.set(Box::new(parents)).is_ok());
        assert_eq!(**inherited.get(), 0);
        assert!(std::ptr::eq(inherited.get(), inherited.get()));
    }

    #[test]
    fn an_object_of_another_process_is_refused() {
        assert!(Maker::this().check().is_ok());
        assert_eq!(PARENT.check().unwrap_err().status(), crate::Status::Forked);
    }
}
