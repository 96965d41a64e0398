//! Rust files as the tests look at them: functions with their sizes and documentation, names, literals.
//!
//! Test code is what lies in a `tests`, `benches` or `examples` folder or behind `#[cfg(test)]` or `#[test]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::repository::{files_with, read};

pub struct Function {
    pub file: String,
    /// With its type or module: `Item::new`.
    pub name: String,
    pub lines: usize,
    /// Without `self`.
    pub arguments: usize,
    pub documentation: String,
    pub is_public: bool,
    /// It hands out a field, or makes a value of its own type, and computes nothing.
    pub is_plain: bool,
    pub in_tests: bool,
}

/// One Rust file, read.
#[derive(Default)]
pub struct Source {
    pub file: String,
    pub functions: Vec<Function>,
    /// The texts in quotation marks, with whether test code says them.
    pub texts: Vec<(String, bool)>,
    /// Every name that test code uses.
    pub names_in_tests: Vec<String>,
    /// Attributes and macros, by the last part of their name.
    pub attributes: Vec<String>,
    pub macros: Vec<String>,
    /// Types that this file makes for its own crate only.
    pub hidden_types: Vec<String>,
    place: Vec<String>,
    test_depth: usize,
}

/// Every Rust file of the repository.
pub fn sources() -> Vec<Source> {
    files_with(&[".rs"]).into_iter().map(|file| Source::read(&file, &read(&file))).collect()
}

impl Source {
    pub fn read(file: &str, text: &str) -> Self {
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let is_test = ["/tests/", "/benches/", "/examples/"].iter().any(|folder| file.contains(folder));
        let mut source = Self { file: file.to_owned(), test_depth: usize::from(is_test), ..Self::default() };
        source.visit_file(&parsed);
        source
    }

    fn within(&mut self, attributes: &[syn::Attribute], place: Option<String>, visit: impl FnOnce(&mut Self)) {
        let is_test = attributes.iter().any(marks_test);
        let depth = self.place.len();
        self.test_depth += usize::from(is_test);
        self.place.extend(place);
        visit(self);
        self.place.truncate(depth);
        self.test_depth -= usize::from(is_test);
    }

    fn add_function(&mut self, item: &FunctionParts) {
        let mut name = self.place.clone();
        name.push(item.signature.ident.to_string());
        let lines = item.block.brace_token.span.close().end().line - item.signature.fn_token.span.start().line + 1;
        let arguments = item.signature.inputs.iter().filter(|argument| matches!(argument, syn::FnArg::Typed(_)));
        self.functions.push(Function {
            file: self.file.clone(),
            name: name.join("::"),
            lines,
            arguments: arguments.count(),
            documentation: documentation(item.attributes),
            is_public: item.is_public,
            is_plain: is_accessor(item) || is_constructor(item.signature),
            in_tests: self.test_depth > 0 || item.attributes.iter().any(marks_test),
        });
    }

    fn add_tokens(&mut self, tokens: &TokenStream) {
        for token in tokens.clone() {
            match token {
                TokenTree::Group(group) => self.add_tokens(&group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.texts.push((text.value(), self.test_depth > 0));
                    }
                }
                TokenTree::Ident(name) => self.add_name(&name.to_string()),
                TokenTree::Punct(_) => {}
            }
        }
    }

    fn add_name(&mut self, name: &str) {
        if self.test_depth > 0 {
            self.names_in_tests.push(name.to_owned());
        }
    }
}

struct FunctionParts<'ast> {
    signature: &'ast syn::Signature,
    block: &'ast syn::Block,
    attributes: &'ast [syn::Attribute],
    is_public: bool,
}

impl<'ast> Visit<'ast> for Source {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.within(&item.attrs, None, |source| visit::visit_item_mod(source, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        self.within(&item.attrs, name, |source| visit::visit_item_impl(source, item));
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        if !matches!(item.vis, syn::Visibility::Public(_)) {
            self.hidden_types.push(item.ident.to_string());
        }
        self.within(&item.attrs, None, |source| visit::visit_item_struct(source, item));
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        if !matches!(item.vis, syn::Visibility::Public(_)) {
            self.hidden_types.push(item.ident.to_string());
        }
        self.within(&item.attrs, None, |source| visit::visit_item_enum(source, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.within(&item.attrs, Some(item.ident.to_string()), |source| visit::visit_item_trait(source, item));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let is_public = matches!(item.vis, syn::Visibility::Public(_));
        self.add_function(&FunctionParts {
            signature: &item.sig,
            block: &item.block,
            attributes: &item.attrs,
            is_public,
        });
        self.within(&item.attrs, None, |source| visit::visit_item_fn(source, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let is_public = matches!(item.vis, syn::Visibility::Public(_));
        self.add_function(&FunctionParts {
            signature: &item.sig,
            block: &item.block,
            attributes: &item.attrs,
            is_public,
        });
        self.within(&item.attrs, None, |source| visit::visit_impl_item_fn(source, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.add_function(&FunctionParts {
                signature: &item.sig,
                block,
                attributes: &item.attrs,
                is_public: false,
            });
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("doc") {
            return; // documentation is no text of the program
        }
        self.attributes.extend(attribute.path().segments.last().map(|segment| segment.ident.to_string()));
        visit::visit_attribute(self, attribute);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.macros.extend(item.path.segments.last().map(|segment| segment.ident.to_string()));
        self.add_tokens(&item.tokens);
        visit::visit_macro(self, item);
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.texts.push((text.value(), self.test_depth > 0));
    }

    fn visit_ident(&mut self, name: &'ast proc_macro2::Ident) {
        self.add_name(&name.to_string());
    }
}

fn marks_test(attribute: &syn::Attribute) -> bool {
    let is_test = attribute.path().segments.last().is_some_and(|segment| segment.ident == "test");
    let is_cfg_test = attribute.path().is_ident("cfg")
        && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string().contains("test"));
    is_test || is_cfg_test
}

fn documentation(attributes: &[syn::Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) => Some(line.value()),
            _ => None,
        },
        _ => None,
    });
    lines.map(|line| line + "\n").collect()
}

/// It returns `Self`, or `Self` unless something is wrong.
fn is_constructor(signature: &syn::Signature) -> bool {
    fn is_self(of: &syn::Type) -> bool {
        let syn::Type::Path(path) = of else { return false };
        let Some(last) = path.path.segments.last() else { return false };
        match &last.arguments {
            syn::PathArguments::AngleBracketed(inner) if last.ident == "Result" || last.ident == "Option" => {
                matches!(inner.args.first(), Some(syn::GenericArgument::Type(inner)) if is_self(inner))
            }
            _ => last.ident == "Self",
        }
    }
    matches!(&signature.output, syn::ReturnType::Type(_, of) if is_self(of))
}

/// `fn a(&self) -> … { self.a }`, with `&`, `*`, `.clone()`, `.len()` and the like around it.
fn is_accessor(item: &FunctionParts) -> bool {
    fn only_hands_out(expression: &syn::Expr) -> bool {
        match expression {
            syn::Expr::Path(path) => path.path.is_ident("self"),
            syn::Expr::Field(field) => only_hands_out(&field.base),
            syn::Expr::Reference(reference) => only_hands_out(&reference.expr),
            syn::Expr::Unary(unary) => only_hands_out(&unary.expr),
            syn::Expr::MethodCall(call) => call.args.is_empty() && only_hands_out(&call.receiver),
            _ => false,
        }
    }
    let takes_only_self = item.signature.inputs.len() == 1 && item.signature.receiver().is_some();
    match item.block.stmts.as_slice() {
        [syn::Stmt::Expr(expression, None)] => takes_only_self && only_hands_out(expression),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        /// Does it.
        pub fn long(a: u8,
            b: u8) {
            q("SELECT 1");
        }
        struct Kind;
        impl Kind { pub fn new() -> Result<Self, ()> { make() } pub fn field(&self) -> &str { &self.field } fn helper(&self, x: u8) -> u8 { x } }
        #[cfg(test)]
        mod tests { #[test] fn it() { assert_eq!(long(1), "answer"); } }
    "#;

    fn function(name: &str) -> Function {
        let functions = Source::read("engines/x/src/y.rs", TEXT).functions;
        functions.into_iter().find(|function| function.name == name).unwrap()
    }

    #[test]
    fn a_function_is_measured_from_its_signature_to_its_last_brace() {
        let long = function("long");
        assert_eq!((long.lines, long.arguments, long.documentation.trim()), (4, 2, "Does it."));
    }

    #[test]
    fn accessors_and_constructors_are_plain() {
        let is_plain = |name| function(name).is_plain;
        assert!(is_plain("Kind::field") && is_plain("Kind::new") && !is_plain("Kind::helper") && !is_plain("long"));
    }

    #[test]
    fn types_of_the_crate_alone_are_known() {
        assert_eq!(Source::read("engines/x/src/y.rs", TEXT).hidden_types, ["Kind"]);
    }

    #[test]
    fn test_code_is_told_from_the_rest() {
        let source = Source::read("engines/x/src/y.rs", TEXT);
        assert_eq!(source.texts, [("SELECT 1".to_owned(), false), ("answer".to_owned(), true)]);
        assert!(source.names_in_tests.contains(&"long".to_owned()));
        assert!(function("it").in_tests && !function("long").in_tests);
    }
}
