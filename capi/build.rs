//! Names the shared library for the loader: rustc sets no soname of its own.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let major = env::var("CARGO_PKG_VERSION_MAJOR").expect("Cargo sets it");
    match env::var("CARGO_CFG_TARGET_OS").expect("Cargo sets it").as_str() {
        "windows" => {}
        "macos" => link(&format!("-install_name,@rpath/libmgpresence.{major}.dylib")),
        _ => {
            link(&format!("-soname,libmgpresence.so.{major}"));
            // A library with a thread of its own must outlive dlclose: the thread's destructors
            // would run in unmapped memory. <https://github.com/rust-lang/rust/issues/59629>
            link("-z,nodelete");
        }
    }
}

fn link(argument: &str) {
    println!("cargo::rustc-cdylib-link-arg=-Wl,{argument}");
}
