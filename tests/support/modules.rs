//! The module graph of a crate, made from its source text: a file depends on each file whose definitions it names.
//!
//! Paths are followed through `use`, renames and re-exports to the file that defines the last thing they name, and are
//! found everywhere in the code, macro calls included. Code under `#[cfg(test)]` does not count. What a path does not
//! show, such as a method of a type that another file names, is not seen; the file that names the type is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Files, named as modules (`presence::pair`, the crate's root is `crate`), and what each uses.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    uses: BTreeMap<String, BTreeSet<String>>,
    foreign: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Reads a crate from its folder. `root`: `lib.rs` or `main.rs`.
    pub(crate) fn read(src: &Path, root: &str) -> Self {
        let read = |path: &str| std::fs::read_to_string(src.join(path)).ok();
        Self::of(root, &read)
    }

    /// Reads a crate from anything that returns the text of a file, or `None` where there is no such file.
    pub(crate) fn of(root: &str, read: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut modules = Modules::default();
        modules.load(&[], PathBuf::from(root), read);
        modules.draw()
    }

    /// The files, in alphabetical order.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.uses.keys().map(String::as_str)
    }

    /// The same graph with each top-level folder as one node.
    pub(crate) fn folders(&self) -> Self {
        let top = |name: &str| name.split("::").next().unwrap_or(name).to_owned();
        let mut folders = Self::default();
        for (file, used) in &self.uses {
            let known = folders.uses.entry(top(file)).or_default();
            known.extend(used.iter().map(|used| top(used)).filter(|used| *used != top(file)));
        }
        folders
    }

    /// Nodes that depend on each other, as `a -> b -> a`; `None` when there is no such circle.
    pub(crate) fn circle(&self) -> Option<String> {
        let mut done = BTreeSet::new();
        self.uses.keys().find_map(|start| self.circle_from(start, &mut Vec::new(), &mut done))
    }

    fn circle_from<'a>(
        &'a self,
        node: &'a str,
        way: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> Option<String> {
        if let Some(start) = way.iter().position(|known| *known == node) {
            return Some([&way[start..], &[node]].concat().join(" -> "));
        }
        if !done.insert(node) {
            return None;
        }
        way.push(node);
        let mut used = self.uses.get(node).into_iter().flatten();
        let circle = used.find_map(|next| self.circle_from(next, way, done));
        way.pop();
        circle
    }

    /// Pairs of which the first uses the second although it stands below it, or beside it, in `order` (highest first).
    pub(crate) fn against(&self, order: &[&str]) -> Vec<String> {
        let rank = |name: &str| order.iter().position(|known| *known == name);
        let edges = self.uses.iter().flat_map(|(a, used)| used.iter().map(move |b| (a, b)));
        let wrong = edges.filter(|(a, b)| rank(a).zip(rank(b)).is_none_or(|(a, b)| a >= b));
        wrong.map(|(a, b)| format!("{a} -> {b}")).collect()
    }

    /// Every way from `file` to a path of another crate that begins with one of `prefixes`, as `a -> b: std::fs::File`.
    pub(crate) fn reaches(&self, file: &str, prefixes: &[&str]) -> Vec<String> {
        let mut ways = vec![vec![file]];
        let mut seen = BTreeSet::from([file]);
        let mut found = Vec::new();
        while let Some(way) = ways.pop() {
            let last = way[way.len() - 1];
            for path in self.foreign.get(last).into_iter().flatten() {
                let is =
                    |prefix: &&str| path == *prefix || path.starts_with(&format!("{prefix}::"));
                if prefixes.iter().any(is) {
                    found.push(format!("{}: {path}", way.join(" -> ")));
                }
            }
            for next in self.uses.get(last).into_iter().flatten() {
                if seen.insert(next) {
                    ways.push([way.as_slice(), &[next.as_str()]].concat());
                }
            }
        }
        found
    }
}

type Name = Vec<String>;

/// One module: where it stands, and what its tokens say.
#[derive(Debug, Default)]
struct Module {
    /// The module whose file this is; another one only for an inline module.
    file: Name,
    children: BTreeSet<String>,
    /// Names that `use` brings in, with the path behind each.
    aliases: BTreeMap<String, Name>,
    globs: Vec<Name>,
    defined: BTreeSet<String>,
    paths: BTreeSet<Name>,
}

#[derive(Debug, Default)]
struct Modules(BTreeMap<Name, Module>);

impl Modules {
    fn load(&mut self, name: &[String], path: PathBuf, read: &dyn Fn(&str) -> Option<String>) {
        let text = read(path.to_str().expect("a path in UTF-8"));
        let text = text.unwrap_or_else(|| panic!("{} is declared and missing", path.display()));
        let tokens: TokenStream = text.parse().expect("Rust");
        let declared = self.scan(name, name, tokens);
        let is_folder =
            ["lib", "main", "mod"].iter().any(|stem| path.file_stem().unwrap() == *stem);
        let folder = if is_folder { path.with_file_name("") } else { path.with_extension("") };
        for child in declared {
            let (file, within) =
                (folder.join(&child).with_extension("rs"), folder.join(&child).join("mod.rs"));
            let path = if read(file.to_str().unwrap()).is_some() { file } else { within };
            self.load(&[name, &[child]].concat(), path, read);
        }
    }

    /// Notes what a module's tokens say and returns the children that have files of their own.
    fn scan(&mut self, name: &[String], file: &[String], tokens: TokenStream) -> Vec<String> {
        let mut module = Module { file: file.to_vec(), ..Module::default() };
        let (mut declared, mut inline) = (Vec::new(), Vec::new());
        let mut scanner =
            Scanner { module: &mut module, declared: &mut declared, inline: &mut inline };
        scanner.items(&tokens.into_iter().collect::<Vec<_>>());
        self.0.insert(name.to_vec(), module);
        for (child, tokens) in inline {
            self.scan(&[name, &[child]].concat(), file, tokens);
        }
        declared
    }

    fn draw(&self) -> Graph {
        let mut graph = Graph::default();
        for (name, module) in &self.0 {
            let from = shown(&module.file);
            graph.uses.entry(from.clone()).or_default();
            for path in &module.paths {
                match self.resolve(name, path, 0) {
                    Found::Module(found) if found != module.file => {
                        graph.uses.entry(from.clone()).or_default().insert(shown(&found));
                    }
                    Found::Foreign(path) => {
                        graph.foreign.entry(from.clone()).or_default().insert(path.join("::"));
                    }
                    _ => {}
                }
            }
        }
        graph
    }

    /// Follows a path that stands in module `at` to the file that defines what it names.
    fn resolve(&self, at: &[String], path: &[String], depth: usize) -> Found {
        let Some(module) = self.0.get(at) else { return Found::Nothing };
        let Some((first, rest)) = path.split_first() else {
            return Found::Module(module.file.clone());
        };
        if depth > 32 {
            return Found::Nothing;
        }
        let child = [at, std::slice::from_ref(first)].concat();
        match first.as_str() {
            "crate" => self.within(&[], rest, depth),
            "self" => self.within(at, rest, depth),
            "super" => self.resolve_from_super(&at[..at.len().saturating_sub(1)], rest, depth),
            _ if module.children.contains(first) => self.within(&child, rest, depth),
            name => match module.aliases.get(name) {
                // `use rustls;` names the crate, not itself.
                Some(target) if target.len() == 1 && target[0] == *name => {
                    Found::Foreign(path.to_vec())
                }
                Some(target) => self.resolve(at, &[target.as_slice(), rest].concat(), depth + 1),
                None if module.defined.contains(name) => Found::Module(module.file.clone()),
                None => self.through_globs(at, path, depth).unwrap_or_else(|| foreign(path)),
            },
        }
    }

    fn resolve_from_super(&self, at: &[String], rest: &[String], depth: usize) -> Found {
        match rest.first().map(String::as_str) {
            Some("super") => self.resolve(at, rest, depth + 1),
            _ => self.within(at, rest, depth),
        }
    }

    /// Follows a path inside of module `at`: a child, a re-export, or something that `at` defines itself.
    fn within(&self, at: &[String], path: &[String], depth: usize) -> Found {
        match self.resolve(at, path, depth + 1) {
            Found::Nothing => self.resolve(at, &[], depth),
            Found::Foreign(found) if found == path => self.resolve(at, &[], depth),
            found => found,
        }
    }

    fn through_globs(&self, at: &[String], path: &[String], depth: usize) -> Option<Found> {
        let module = &self.0[at];
        module.globs.iter().find_map(|glob| {
            let Found::Module(file) = self.resolve(at, glob, depth + 1) else { return None };
            self.0[&file].defined.contains(&path[0]).then_some(Found::Module(file))
        })
    }
}

/// Where a path leads.
enum Found {
    Module(Name),
    Foreign(Name),
    Nothing,
}

/// A path that begins with no name of this crate. Types of the prelude and generics begin with a capital letter.
fn foreign(path: &[String]) -> Found {
    let is_crate = path[0].starts_with(|first: char| first.is_lowercase());
    if is_crate { Found::Foreign(path.to_vec()) } else { Found::Nothing }
}

fn shown(name: &[String]) -> String {
    if name.is_empty() { "crate".into() } else { name.join("::") }
}

/// Walks over the tokens of one module.
struct Scanner<'a> {
    module: &'a mut Module,
    declared: &'a mut Vec<String>,
    inline: &'a mut Vec<(String, TokenStream)>,
}

const DEFINING: [&str; 9] =
    ["struct", "enum", "union", "trait", "type", "const", "static", "fn", "macro_rules"];

impl Scanner<'_> {
    fn items(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while at < tokens.len() {
            let word = ident(tokens.get(at));
            at = match word.as_deref() {
                None if is_test_attribute(tokens.get(at), tokens.get(at + 1)) => {
                    end_of_item(tokens, at + 2)
                }
                Some("mod") => self.child(tokens, at),
                Some("use") => {
                    let end = end_of_item_at(tokens, at, ';');
                    self.imports(&tokens[at + 1..end], &[]);
                    end + 1
                }
                Some(word) if DEFINING.contains(&word) => {
                    let name = if word == "macro_rules" { at + 2 } else { at + 1 };
                    self.module.defined.extend(ident(tokens.get(name)));
                    at + 1
                }
                Some(_) => self.path(tokens, at),
                None => {
                    if let TokenTree::Group(group) = &tokens[at] {
                        self.items(&group.stream().into_iter().collect::<Vec<_>>());
                    }
                    at + 1
                }
            };
        }
    }

    fn child(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let Some(name) = ident(tokens.get(at + 1)) else { return at + 1 };
        match tokens.get(at + 2) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                self.inline.push((name.clone(), group.stream()));
            }
            Some(token) if is_mark(Some(token), ';') => self.declared.push(name.clone()),
            _ => return at + 1,
        }
        self.module.children.insert(name);
        at + 3
    }

    /// Notes a path of two words or more and returns where it ends.
    fn path(&mut self, tokens: &[TokenTree], start: usize) -> usize {
        let mut path = vec![ident(tokens.get(start)).expect("a word")];
        let mut at = start + 1;
        while is_mark(tokens.get(at), ':') && is_mark(tokens.get(at + 1), ':') {
            let Some(word) = ident(tokens.get(at + 2)) else { break };
            path.push(word);
            at += 3;
        }
        if path.len() > 1 {
            self.module.paths.insert(path);
        }
        at
    }

    /// Reads one tree of a `use` behind `prefix`.
    fn imports(&mut self, tokens: &[TokenTree], prefix: &[String]) {
        for tree in tokens.split(|token| is_mark(Some(token), ',')) {
            let mut path = prefix.to_vec();
            let mut alias = None;
            let mut words = tree.iter().peekable();
            while let Some(token) = words.next() {
                match token {
                    TokenTree::Ident(word) if *word == "as" => {
                        alias = ident(words.next());
                    }
                    TokenTree::Ident(word) if *word == "self" && !path.is_empty() => {}
                    TokenTree::Ident(word) => path.push(word.to_string()),
                    TokenTree::Punct(mark) if mark.as_char() == '*' => {
                        self.module.globs.push(path.clone());
                        self.module.paths.insert(std::mem::take(&mut path));
                    }
                    TokenTree::Group(group) => {
                        self.imports(&group.stream().into_iter().collect::<Vec<_>>(), &path);
                        path.clear();
                    }
                    _ => {}
                }
            }
            if let Some(last) = path.last().cloned() {
                self.module.paths.insert(path.clone());
                self.module.aliases.insert(alias.unwrap_or(last), path);
            }
        }
    }
}

fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(word)) => Some(word.to_string()),
        _ => None,
    }
}

fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

/// `#[cfg(test)]`, alone or in an `all`.
fn is_test_attribute(hash: Option<&TokenTree>, group: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(group)) = group else { return false };
    let words: Vec<TokenTree> = group.stream().into_iter().collect();
    let names_test = |token: &TokenTree| match token {
        TokenTree::Group(condition) => {
            condition
                .to_string()
                .split(|letter: char| !letter.is_alphanumeric())
                .any(|word| word == "test")
                && !condition.to_string().contains("not")
        }
        _ => false,
    };
    is_mark(hash, '#')
        && ident(words.first()).as_deref() == Some("cfg")
        && words.iter().skip(1).any(names_test)
}

/// Behind the item that begins at `at`: its semicolon or its braces.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_mark(Some(token), ';'),
    };
    tokens[at..].iter().position(is_end).map_or(tokens.len(), |length| at + length + 1)
}

fn end_of_item_at(tokens: &[TokenTree], at: usize, mark: char) -> usize {
    let found = tokens[at..].iter().position(|token| is_mark(Some(token), mark));
    found.map_or(tokens.len(), |length| at + length)
}

mod tests {
    use super::Graph;

    fn graph(files: &[(&str, &str)]) -> Graph {
        Graph::of("lib.rs", &|path| {
            files.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned())
        })
    }

    #[test]
    fn a_circle_is_found_through_reexports_renames_and_macros() {
        for link in [
            "use crate::b::Thing;",
            "use crate::{b::{Thing as Other}};",
            "use super::b; fn f() { b::thing() }",
            "fn f() { println!(\"{}\", crate::b::NUMBER) }",
            "use crate::facade::Thing;",
            "use crate::facade::*; ",
        ] {
            let graph = graph(&[
                ("lib.rs", "mod a; mod b; mod facade;"),
                ("a.rs", link),
                ("b.rs", "pub struct Thing; fn f() { crate::a::f() }"),
                ("facade.rs", "pub(crate) use crate::b::Thing;"),
            ]);
            let circle = graph.circle().unwrap_or_default();
            assert!(circle.contains("a -> ") && circle.contains("b"), "{link}: {graph:?}");
        }
    }

    #[test]
    fn what_a_folder_reexports_belongs_to_its_file() {
        let files = [
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod x; mod y; pub use x::X; pub use y::Y;"),
            ("a/x.rs", "use super::Y; struct X(Y);"),
            ("a/y.rs", "struct Y;"),
        ];
        assert_eq!(graph(&files).circle(), None);
        let own = ("a/mod.rs", "mod x; mod y; pub use x::X; pub use y::Y; fn helper() {}");
        let files = [files[0], own, ("a/x.rs", "fn f() { super::helper() }"), files[3]];
        assert_eq!(graph(&files).circle().as_deref(), Some("a -> a::x -> a"));
    }

    #[test]
    fn tests_do_not_count() {
        let graph = graph(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "#[cfg(test)] mod tests { use crate::b::B; } #[cfg(test)] use crate::b::B;"),
            ("b.rs", "use crate::a::A;"),
        ]);
        assert_eq!(graph.circle(), None);
    }

    #[test]
    fn io_is_found_behind_other_files() {
        let graph = graph(&[
            ("lib.rs", "mod rule; mod clock;"),
            ("rule.rs", "use crate::clock::now;"),
            ("clock.rs", "use std::time::Instant; fn now() { Instant::now() }"),
        ]);
        let ways = graph.reaches("rule", &["std::fs", "std::time::Instant::now"]);
        assert_eq!(ways, ["rule -> clock: std::time::Instant::now"]);
    }

    #[test]
    fn an_order_is_held() {
        let graph = graph(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "struct A;"),
            ("b.rs", "use crate::a::A;"),
        ]);
        assert_eq!(graph.against(&["b", "a"]), [] as [&str; 0]);
        assert_eq!(graph.against(&["a", "b"]), ["b -> a"]);
    }
}
