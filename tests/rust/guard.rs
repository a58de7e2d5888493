//! Every function that other languages call runs inside `entry` or `guard`, which catch panics.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use syn::visit::{self, Visit};
use syn::{Expr, ItemFn, Stmt};

use crate::source::{Source, sources};

/// Functions of src/ffi by module and name.
type Names = HashSet<(Vec<String>, String)>;

struct Function {
    module: Vec<String>,
    /// What its file refers to.
    references: Rc<HashSet<String>>,
    item: ItemFn,
}

impl Function {
    fn name(&self) -> String {
        self.item.sig.ident.to_string()
    }

    fn is_called_from_outside(&self) -> bool {
        self.item.sig.abi.is_some()
    }

    /// Nothing but typed arguments is made before the last expression, which calls a function that is guarded.
    fn is_guarded(&self, guarded: &Names) -> bool {
        let Some((Stmt::Expr(Expr::Call(call), _), before)) = self.item.block.stmts.split_last()
        else {
            return false;
        };
        let Expr::Path(callee) = &*call.func else { return false };
        let name = callee.path.segments.last().unwrap().ident.to_string();
        let is_here = |module: &[String]| {
            module == self.module
                || self.references.contains(&format!("{}::{name}", module.join("::")))
        };
        before.iter().all(makes_arguments)
            && guarded.iter().any(|(module, known)| *known == name && is_here(module))
    }
}

/// What an argument is made with cannot panic; reading it may, and that is for the guarded part.
fn makes_arguments(statement: &Stmt) -> bool {
    const MAKERS: [&str; 3] = ["new", "take", "null_mut"];
    match statement {
        Stmt::Local(local) => local.init.as_ref().is_some_and(|it| {
            let Expr::Unsafe(block) = &*it.expr else { return false };
            let mut calls = Calls(Vec::new());
            calls.visit_expr_unsafe(block);
            calls.0.iter().all(|name| MAKERS.contains(&name.as_str()))
        }),
        Stmt::Item(item) => matches!(item, syn::Item::Const(_) | syn::Item::Static(_)),
        _ => false,
    }
}

/// The names of what an expression calls: functions by their last word, and methods.
struct Calls(Vec<String>);

impl<'a> Visit<'a> for Calls {
    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        let path =
            if let Expr::Path(path) = &*call.func { path.path.segments.last() } else { None };
        self.0.push(path.map_or_else(|| "?".into(), |segment| segment.ident.to_string()));
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.0.push(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }
}

/// The functions of a file, those within functions too.
struct Items(Vec<ItemFn>);

impl<'a> Visit<'a> for Items {
    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        self.0.push(item.clone());
        visit::visit_item_fn(self, item);
    }
}

fn functions() -> Vec<Function> {
    let of = |source: &Source| {
        let references = Rc::new(source.references().into_iter().collect());
        let mut items = Items(Vec::new());
        items.visit_file(&source.file);
        let function = |item| Function {
            module: source.module.clone(),
            references: Rc::clone(&references),
            item,
        };
        items.0.into_iter().map(function).collect::<Vec<_>>()
    };
    sources("ffi").iter().flat_map(of).collect()
}

/// `entry` and `guard`, and what does nothing but call them.
fn guarded(functions: &[Function]) -> Names {
    let mut guarded: Names = ["entry", "guard"]
        .map(|name| (["crate", "ffi", name].map(String::from).to_vec(), name.to_string()))
        .into();
    let helpers = functions.iter().filter(|function| !function.is_called_from_outside());
    let wrappers = helpers.filter(|function| function.is_guarded(&guarded));
    let wrappers: Names = wrappers.map(|it| (it.module.clone(), it.name())).collect();
    guarded.extend(wrappers);
    guarded
}

/// It stores to an atomic; Rust ends the process of an `extern "C" fn` that panics all the same.
const UNGUARDED: [&str; 1] = ["child"];

#[test]
fn every_function_that_c_calls_runs_inside_entry_or_guard() {
    let functions = functions();
    let guarded = guarded(&functions);
    let outside = functions.iter().filter(|function| function.is_called_from_outside());
    let bare: Vec<String> = outside
        .filter(|function| !UNGUARDED.contains(&function.name().as_str()))
        .filter(|function| !function.is_guarded(&guarded))
        .map(Function::name)
        .collect();
    assert!(bare.is_empty(), "not guarded: {bare:?}");
}

#[test]
fn no_function_of_the_header_escapes_the_reading_of_the_source() {
    let header = include_str!("../../include/mgpresence.h");
    let code = header.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words: Vec<&str> = code.flat_map(|line| line.split([' ', '*'])).collect();
    let declared: BTreeSet<&str> = words
        .into_iter()
        .filter_map(|word| word.split_once('(').map(|(name, _)| name))
        .filter(|name| name.starts_with("mgp_") && !name.ends_with(')'))
        .collect();
    let functions = functions();
    let seen: BTreeSet<String> = functions
        .iter()
        .filter(|function| function.is_called_from_outside())
        .map(Function::name)
        .collect();
    assert!(declared.len() > 50, "{declared:?}");
    let missed: Vec<_> = declared.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(missed.is_empty(), "not seen: {missed:?}");
}

/// The test itself: these were taken for guarded once.
#[test]
fn a_body_that_only_looks_guarded_is_not() {
    let read = |text: &str| Function {
        module: ["crate", "ffi", "entry"].map(String::from).to_vec(),
        references: Rc::new(["crate::ffi::guard::guard".to_string()].into()),
        item: syn::parse_str(text).unwrap(),
    };
    let guarded = guarded(&[]);
    for body in [
        "{ out.put(1); 0 }",
        "{ let x = load(); entry(error, || Ok(())) }",
        "{ let x = unsafe { In::new(x).required() }; entry(error, || Ok(())) }",
        "{ entry(error, || Ok(())); crash() }",
        "{ guard(0, || 0) + 1 }",
        "{ if x { return 1 } guard(0, || 0) }",
        "{ \"guard(\".len() }",
        "{}",
    ] {
        let text = format!("extern \"C\" fn mgp_x() -> i32 {body}");
        assert!(!read(&text).is_guarded(&guarded), "{body}");
    }
    for body in ["{ guard(0, || 0) }", "{ let a = unsafe { In::new(a) }; entry(e, || Ok(())) }"] {
        let text = format!("extern \"C\" fn mgp_x() -> i32 {body}");
        assert!(read(&text).is_guarded(&guarded), "{body}");
    }
}
