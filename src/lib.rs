//! MgPresence.
