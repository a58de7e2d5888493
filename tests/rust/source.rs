//! The source of the crate, parsed with syn: the references of a file, and the functions that other languages call.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// A file below `src`, parsed.
pub(crate) struct Source {
    /// `["crate", "presence", "duration"]`.
    pub(crate) module: Vec<String>,
    pub(crate) file: syn::File,
}

pub(crate) fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file of a folder of `src`; `""` is all.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    files(&src().join(folder)).into_iter().map(Source::read).collect()
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

impl Source {
    pub(crate) fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let file = syn::parse_file(&text).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
        let inside = path.strip_prefix(src()).unwrap().with_extension("");
        let words = inside.iter().map(|word| word.to_str().unwrap().to_string());
        let module = ["crate".to_string()].into_iter().chain(words);
        let module = module.filter(|word| word != "mod" && word != "lib").collect();
        Self { module, file }
    }

    /// All that the file refers to, tests apart: imports however they are grouped, paths in code, and what looks like
    /// a path within a macro. `self`, `super` and names that were imported are resolved.
    pub(crate) fn references(&self) -> Vec<String> {
        let mut finder = Finder { module: &self.module, imported: HashMap::new(), found: vec![] };
        self.file.items.iter().for_each(|item| finder.import(item));
        finder.visit_file(&self.file);
        finder.found
    }
}

/// Whether an item is compiled for tests alone.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// The leaves of a `use`: the name that it brings, and the path of it.
fn leaves(tree: &syn::UseTree, prefix: &[String]) -> Vec<(String, Vec<String>)> {
    let with = |word: &syn::Ident| [prefix, &[word.to_string()]].concat();
    match tree {
        syn::UseTree::Path(path) => leaves(&path.tree, &with(&path.ident)),
        syn::UseTree::Name(name) if name.ident == "self" => {
            vec![(prefix.last().unwrap().clone(), prefix.to_vec())]
        }
        syn::UseTree::Name(name) => vec![(name.ident.to_string(), with(&name.ident))],
        syn::UseTree::Rename(rename) => vec![(rename.rename.to_string(), with(&rename.ident))],
        syn::UseTree::Glob(_) => vec![("*".into(), prefix.to_vec())],
        syn::UseTree::Group(group) => {
            group.items.iter().flat_map(|tree| leaves(tree, prefix)).collect()
        }
    }
}

struct Finder<'a> {
    module: &'a [String],
    imported: HashMap<String, Vec<String>>,
    found: Vec<String>,
}

impl Finder<'_> {
    fn import(&mut self, item: &syn::Item) {
        let syn::Item::Use(item) = item else { return };
        if !is_test(&item.attrs) {
            self.imported.extend(leaves(&item.tree, &[]));
        }
    }

    fn note(&mut self, words: Vec<String>) {
        let imported = self.imported.get(&words[0]).filter(|path| path[0] != words[0]);
        let mut words = match imported {
            Some(path) => [path.as_slice(), &words[1..]].concat(),
            None => words,
        };
        let mut from = self.module.to_vec();
        while let Some(first) = words.first().filter(|word| *word == "self" || *word == "super") {
            if first == "super" {
                from.pop();
            }
            words.remove(0);
            if words.first().is_none_or(|word| word != "super") {
                words.splice(0..0, from.clone());
            }
        }
        self.found.push(words.join("::"));
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item(&mut self, item: &'a syn::Item) {
        let is_test = match item {
            syn::Item::Mod(item) => is_test(&item.attrs),
            syn::Item::Fn(item) => is_test(&item.attrs),
            syn::Item::Use(item) => is_test(&item.attrs),
            _ => false,
        };
        if !is_test {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        leaves(&item.tree, &[]).into_iter().for_each(|(_, path)| self.note(path));
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        self.note(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'a syn::Macro) {
        let text = invocation.tokens.to_string().replace(" :: ", "::");
        let is_part = |letter: char| letter.is_alphanumeric() || "_:".contains(letter);
        for path in text.split(|letter| !is_part(letter)).filter(|path| path.contains("::")) {
            self.note(path.trim_matches(':').split("::").map(String::from).collect());
        }
        visit::visit_macro(self, invocation);
    }
}
