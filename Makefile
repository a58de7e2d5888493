# Every command of the project. There is no second way to build: scripts and CI call these.

SHELL := bash
.SHELLFLAGS := -o pipefail -c

VERSION := $(shell sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
MAJOR   := $(firstword $(subst ., ,$(VERSION)))
# Not abspath, which would take a path with a space for two.
TARGET  := $(if $(filter /%,$(CARGO_TARGET_DIR)),$(CARGO_TARGET_DIR),$(CURDIR)/$(or $(CARGO_TARGET_DIR),target))
PREFIX  ?= /usr/local

CBINDGEN_VERSION := 0.29.4
CBINDGEN := $(TARGET)/tools/cbindgen-$(CBINDGEN_VERSION)/bin/cbindgen
# As the target of a rule, where a space would end its name.
CBINDGEN_FILE := $(subst $() $(),\ ,$(CBINDGEN))
PRINT_HEADER := "$(CBINDGEN)" --quiet --config cbindgen.toml --crate mgpresence | tools/header

export MGP_TARGET := $(TARGET)
# Wherever a setting of Cargo's would have it build: what is installed has to be what was built.
export CARGO_TARGET_DIR := $(TARGET)
unexport CARGO_BUILD_TARGET
# With it, cd prints the folder on stdout, from which some commands are read.
unexport CDPATH

.PHONY: help lib demo test soak bench lint header header-check module install-module install uninstall package toolchain clean

help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

# One after the other: built together, the library would get the features that the emulator asks of the crates they share.
lib: library ## build libmgpresence (.so and .a) and the emulator, as released
	tools/build-release mgpresence-emulator mgpresence-emulator

.PHONY: library
library:
	tools/build-release mgpresence-capi libmgpresence.so libmgpresence.a
	ln -sf libmgpresence.so "$(TARGET)/release/libmgpresence.so.$(MAJOR)"

# For the tests alone: with symbols for valgrind and the sanitizers, and with a function that panics.
.PHONY: lib-debug
lib-debug:
	cargo build --workspace --features mgpresence-capi/test-panic
	ln -sf libmgpresence.so "$(TARGET)/debug/libmgpresence.so.$(MAJOR)"

# The emulator of demo and tests: without the optimisation of a release, which takes minutes, and shared with cargo test.
.PHONY: emulator
emulator:
	cargo build --workspace --bin mgpresence-emulator

demo: ## set presences on an emulator and watch what becomes of them
	@tools/demo/announce
	@$(MAKE) --no-print-directory library emulator
	@tools/fetch-missing
	@tools/demo/run

test: library emulator ## run every suite; SUITES="C Python" runs some of them
	@tools/test $(SUITES)

soak: lib emulator ## the library under load at full length, and each parser fuzzed for 60 s (an hour)
	@{ tests/c/load.sh soak; tests/soak/run; tools/fuzz 60; } | tools/count Soak

bench: lib ## measure beside curl and the Graph SDKs, and write docs/benchmarks.md; QUICK=1 takes two minutes and only prints
	tools/bench/run $(if $(QUICK),--quick)

lint: ## format, clippy, documentation, header, prose, shell scripts
	@tools/lint

header: $(CBINDGEN_FILE) ## write include/mgpresence.h from the Rust code, and what C#, docs and tests take from it
	$(PRINT_HEADER) >include/mgpresence.h.new
	mv include/mgpresence.h.new include/mgpresence.h
	tools/header-csharp >module/src/Interop/Native.g.cs
	@tests/abi/store

header-check: $(CBINDGEN_FILE) ## fail if include/mgpresence.h does not match the Rust code
	@$(PRINT_HEADER) | diff -u include/mgpresence.h - && tools/header-csharp | diff -u module/src/Interop/Native.g.cs - \
	  || { echo 'The header, or what C# has of it, is out of date: run make header' >&2; exit 1; }

.PHONY: header-tool
header-tool: $(CBINDGEN_FILE)

# Kept beside the build, one folder a version: a new pin is installed, an old one is never taken for it.
$(CBINDGEN_FILE):
	cargo install --locked --root "$(TARGET)/tools/cbindgen-$(CBINDGEN_VERSION)" --version $(CBINDGEN_VERSION) cbindgen

module: lib ## build the PowerShell module into module/MgPresence
	MGP_EMULATOR="$(TARGET)/release/mgpresence-emulator" module/build

install-module: module ## build the module and copy it to where PowerShell looks for it
	@module/install

# Where there is no Rust, as for root under sudo, it installs what make lib has built.
install: $(if $(shell command -v cargo),lib) ## install library, header and mgpresence.pc; DESTDIR= and PREFIX=/usr/local as usual
	@for file in libmgpresence.so libmgpresence.a mgpresence-emulator; do \
	  test -e "$(TARGET)/release/$$file" || { echo "$$file is not built yet: run make lib first" >&2; exit 1; }; done
	install -d "$(DESTDIR)$(PREFIX)/include" "$(DESTDIR)$(PREFIX)/lib/pkgconfig" "$(DESTDIR)$(PREFIX)/bin"
	install -m 644 include/mgpresence.h include/mgpresence.hpp "$(DESTDIR)$(PREFIX)/include/"
	install -m 755 "$(TARGET)/release/libmgpresence.so" "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so.$(VERSION)"
	ln -sf libmgpresence.so.$(VERSION) "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so.$(MAJOR)"
	ln -sf libmgpresence.so.$(MAJOR) "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so"
	install -m 644 "$(TARGET)/release/libmgpresence.a" "$(DESTDIR)$(PREFIX)/lib/"
	sed 's|@VERSION@|$(VERSION)|' tools/mgpresence.pc.in \
	  > "$(DESTDIR)$(PREFIX)/lib/pkgconfig/mgpresence.pc"
	chmod 644 "$(DESTDIR)$(PREFIX)/lib/pkgconfig/mgpresence.pc"
	install -m 755 "$(TARGET)/release/mgpresence-emulator" "$(DESTDIR)$(PREFIX)/bin/"
	@test -n "$(DESTDIR)" || tools/loader "$(PREFIX)/lib"

# A version that was installed after this one owns the links, and the files without a version.
uninstall: ## remove what make install installed, with the same DESTDIR and PREFIX
	rm -f "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so.$(VERSION)"
	test -e "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so.$(MAJOR)" || rm -f "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so.$(MAJOR)"
	test -e "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so" || rm -f "$(DESTDIR)$(PREFIX)/lib/libmgpresence.so" \
	  "$(DESTDIR)$(PREFIX)/lib/libmgpresence.a" "$(DESTDIR)$(PREFIX)/lib/pkgconfig/mgpresence.pc" \
	  "$(DESTDIR)$(PREFIX)/include/mgpresence.h" "$(DESTDIR)$(PREFIX)/include/mgpresence.hpp" \
	  "$(DESTDIR)$(PREFIX)/bin/mgpresence-emulator"

package: ## pack what make install installs, documents and examples into target/mgpresence-VERSION-PLATFORM.tar.gz
	rm -rf "$(TARGET)/package"
	$(MAKE) install DESTDIR="$(TARGET)/package" PREFIX=/mgpresence-$(VERSION)
	tar -c --exclude=bin --exclude=obj README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE docs examples module/*.csv module/src/Interop \
	  | tar -x -C "$(TARGET)/package/mgpresence-$(VERSION)"
	tar -C "$(TARGET)/package" --owner=0 --group=0 --sort=name -czf \
	  "$(TARGET)/mgpresence-$(VERSION)-$$(rustc -vV | sed -n 's/^host: //p').tar.gz" mgpresence-$(VERSION)

toolchain: ## fetch a .NET SDK and PowerShell into target/toolchain, 300 MB
	tools/toolchain "$(TARGET)/toolchain"

clean: ## remove everything built
	cargo clean
	rm -rf module/MgPresence/bin
