//! Prints `pkg-template/src/api.ts` from the route and event tables, and compares them with the
//! official package. If the committed file differs it is rewritten and the test fails.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

use super::{official, router};
use crate::api::{Method, error, events};

/// What the tables are told to.
pub(crate) trait Describe {
    /// A method.
    fn method<P: Method + TS + 'static>(&mut self)
    where
        P::Reply: TS + 'static;
    /// An event with data.
    fn event<D: TS + ?Sized + 'static>(&mut self, name: &'static str);
}

/// Where our TypeScript differs from the official one on purpose: name, official, ours.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("login", "any", "string"),
    ("changeInputStates", "void", "string"),
    ("setConversationEx", "ConversationItem[]", "string"),
    ("setMessageLocalContent", "void", "string"),
];

/// Events declared without data in the official package, although it sends some.
const DECLARED_VOID: &[&str] = &["OnSyncServerFailed", "OnSyncServerFinish"];

/// Fields of the official types that the open-source server never fills: declared, never written.
const EXTRA: &[(&str, &str)] = &[
    ("MessageItem", "isReact?: boolean"),
    ("MessageItem", "isExternalExtensions?: boolean"),
    ("MessageItem", "streamElem?: StreamElem"),
    ("SoundElem", "text?: SoundTextElem"),
    ("AttachedInfoElem", "lastModified?: ModifiedInfo"),
    ("AttachedInfoElem", "uploadProgress?: UploadProgress"),
];

/// Types of this ending are written out where they are used.
const INLINE: &str = "Inline";

/// Methods that resolve without an envelope.
const BARE: &[&str] = &["login", "fileMapSet"];

struct Printer {
    cfg: Config,
    types: BTreeMap<String, String>,
    methods: BTreeMap<&'static str, Printed>,
    events: BTreeMap<&'static str, String>,
}

struct Printed {
    doc: String,
    params: String,
    reply: String,
}

impl Printer {
    fn new() -> Self {
        let mut printer = Printer {
            cfg: Config::new().with_large_int("number"),
            types: BTreeMap::new(),
            methods: BTreeMap::new(),
            events: BTreeMap::new(),
        };
        router::describe(&mut printer);
        events::describe(&mut printer);
        printer
    }

    /// The type as it is written where it is used; object types are declared on the way.
    fn used<T: TS + ?Sized + 'static>(&mut self) -> String {
        let is_object = self.declare::<T>();
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Newtypes and unit types show what is inside; objects and built-in types their name.
        let text = if T::output_path().is_some() && !is_object {
            T::inline(&self.cfg)
        } else {
            T::name(&self.cfg)
        };
        arrays(&text)
    }

    /// Declares `T` if it is an object type with a name; answers whether it is.
    fn declare<T: TS + ?Sized + 'static>(&mut self) -> bool {
        if T::output_path().is_none() {
            return false;
        }
        let decl = T::decl(&self.cfg);
        if !decl.contains("= {") || T::ident(&self.cfg).ends_with(INLINE) {
            return false;
        }
        let text = fields(
            &decl,
            EXTRA.iter().filter(|extra| extra.0 == T::ident(&self.cfg)),
        );
        let text = doc(&T::docs().unwrap_or_default(), "") + "export " + &text;
        let before = self.types.insert(T::ident(&self.cfg), text.clone());
        assert!(
            before.is_none_or(|b| b == text),
            "two types named {}",
            T::ident(&self.cfg)
        );
        true
    }
}

impl Describe for Printer {
    fn method<P: Method + TS + 'static>(&mut self)
    where
        P::Reply: TS + 'static,
    {
        let printed = Printed {
            doc: P::docs().unwrap_or_default(),
            params: self.used::<P>(),
            reply: self.used::<P::Reply>(),
        };
        let before = self.methods.insert(P::NAME, printed);
        assert!(before.is_none(), "two methods named {}", P::NAME);
    }

    fn event<D: TS + ?Sized + 'static>(&mut self, name: &'static str) {
        let mut data = self.used::<D>();
        if data == "null" || DECLARED_VOID.contains(&name) {
            data = "void".into();
        }
        self.events.insert(name, data);
    }
}

impl TypeVisitor for Printer {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() && self.types.contains_key(&T::ident(&self.cfg)) {
            return;
        }
        self.declare::<T>();
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// `Array<X>` as `X[]`.
fn arrays(text: &str) -> String {
    match text
        .strip_prefix("Array<")
        .and_then(|t| t.strip_suffix('>'))
    {
        Some(inner) => arrays(inner) + "[]",
        None => text.into(),
    }
}

/// A doc comment, indented; nothing for an empty text.
fn doc(text: &str, indent: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| {
            line.trim()
                .trim_start_matches("/**")
                .trim_start_matches("*/")
        })
        .map(|line| line.trim_start_matches('*').trim())
        .collect();
    let first = lines.iter().position(|l| !l.is_empty());
    let last = lines.iter().rposition(|l| !l.is_empty());
    let (Some(first), Some(last)) = (first, last) else {
        return String::new();
    };
    if first == last {
        return format!("{indent}/** {} */\n", lines[first]);
    }
    let mut out = format!("{indent}/**\n");
    for line in &lines[first..=last] {
        let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
    }
    out + indent + " */\n"
}

/// ts-rs prints a type on one line; here each field gets its own, so that changes read well.
fn fields<'a>(decl: &str, extra: impl Iterator<Item = &'a (&'a str, &'a str)>) -> String {
    let (head, rest) = decl.split_once("= {").expect("an object type");
    let body = rest.trim_end_matches(';').trim().trim_end_matches('}');
    let mut out = format!("{}= {{\n", head);
    let mut comment = String::new();
    let mut field = String::new();
    let mut depth = 0i32;
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        if depth == 0 && rest.starts_with("/**") {
            let end = rest.find("*/").expect("a closed comment") + 2;
            comment = rest[..end].into();
            rest = &rest[end..];
            continue;
        }
        match c {
            '{' | '<' | '(' | '[' => depth += 1,
            '}' | '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            finish(&mut out, &mut comment, &mut field);
        } else {
            field.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    finish(&mut out, &mut comment, &mut field);
    for (_, field) in extra {
        let _ = writeln!(out, "  /** Only with the enterprise server. */\n  {field};");
    }
    out + "};\n"
}

fn finish(out: &mut String, comment: &mut String, field: &mut String) {
    if let Some((name, ty)) = field.trim().split_once(':') {
        out.push_str(&doc(comment, "  "));
        let name = name.trim().replace('"', "");
        let _ = writeln!(out, "  {name}: {};", arrays(ty.trim()));
    }
    comment.clear();
    field.clear();
}

fn print() -> String {
    let printer = Printer::new();
    let mut out = String::from(
        "// Printed from the Rust types in src/api by `cargo test`; edits are overwritten.\n\n",
    );
    let methods = methods(&printer);
    let events = event_lists(&printer);
    let types: String = printer.types.values().map(|t| format!("\n{t}")).collect();
    out.push_str(&imports(
        &[&methods, &events, &types].map(String::as_str).concat(),
        &printer,
    ));
    out + &events + &err_names() + &types + &methods
}

fn err_names() -> String {
    let mut out = String::from(
        "\n/** What a rejection means, whichever code the server's version gives. */\n",
    );
    out.push_str("export type ErrName =");
    for (name, _, text) in error::name::TABLE {
        let _ = write!(out, "\n{}  | '{name}'", doc(text, "  "));
    }
    out.push_str(";\n\n/** The name that a code always has. */\n");
    out.push_str("export const ERR_NAMES: Readonly<Record<number, ErrName>> = {\n");
    for (name, codes, _) in error::name::TABLE {
        for code in *codes {
            let _ = writeln!(out, "  {code}: '{name}',");
        }
    }
    out + "};\n"
}

fn event_lists(printer: &Printer) -> String {
    let mut out = String::from("\n/** Names of the events. */\nexport enum CbEvents {\n");
    for (name, value, text) in events::EVENTS {
        out.push_str(&doc(text, "  "));
        let _ = writeln!(out, "  {name} = '{value}',");
    }
    out.push_str("}\n\n/** What listeners get as `data`, by event. */\n");
    out.push_str("export interface OwnEventDataMap {\n");
    for (name, _, text) in events::EVENTS {
        if let Some(data) = printer.events.get(name) {
            out.push_str(&doc(text, "  "));
            let _ = writeln!(out, "  [CbEvents.{name}]: {data};");
        }
    }
    out + "}\n"
}

fn methods(printer: &Printer) -> String {
    let mut out = String::from("\n/** All methods, as the SDK object has them. */\n");
    out.push_str("export interface Methods {\n");
    let mut arities = String::new();
    for method in official::METHODS {
        let printed = printer.methods.get(method.name);
        let printed = printed.unwrap_or_else(|| panic!("{} is missing", method.name));
        let generic = match method.reply {
            "T" => format!("<T = {}>", printed.reply),
            _ => String::new(),
        };
        let comma = if method.params.is_empty() { "" } else { ", " };
        let reply = match BARE.contains(&method.name) {
            true => method.reply.into(),
            false => format!("WsResponse<{}>", method.reply),
        };
        let _ = writeln!(
            out,
            "{}  {}: {generic}({}{comma}operationID?: string) => Promise<{reply}>;",
            doc(&printed.doc, "  "),
            method.name,
            method.params,
        );
        let _ = writeln!(arities, "  {}: {},", method.name, arity(method.params));
    }
    let _ = write!(
        out,
        "}}\n\n/** How many parameters come before `operationID`. */\n\
         export const METHODS = {{\n{arities}}} as const;\n"
    );
    out
}

/// How many parameters a list declares: the commas outside of brackets.
fn arity(params: &str) -> usize {
    let mut depth = 0;
    let mut count = usize::from(!params.is_empty());
    for c in params.chars() {
        match c {
            '{' | '<' | '(' => depth += 1,
            '}' | '>' | ')' => depth -= 1,
            ',' if depth == 0 => count += 1,
            _ => {}
        }
    }
    count
}

/// Import lines for the names that the printed text uses and does not declare.
fn imports(text: &str, printer: &Printer) -> String {
    let declared: BTreeSet<&str> = printer.types.keys().map(String::as_str).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg-template/src");
    let mut out = String::new();
    for module in ["enums", "official"] {
        let source = std::fs::read_to_string(folder.join(module).with_extension("ts"))
            .expect("the hand-written types");
        let names: BTreeSet<&str> = source
            .lines()
            .filter_map(|line| line.strip_prefix("export "))
            .filter_map(|line| line.split([' ', '<', ';']).nth(1))
            .filter(|name| !declared.contains(name) && uses(text, name))
            .collect();
        let names: String = names.iter().map(|name| format!("  {name},\n")).collect();
        let _ = write!(out, "import type {{\n{names}}} from './{module}.js';\n");
    }
    out
}

fn uses(text: &str, name: &str) -> bool {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with(['*', '/']));
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()))
        .any(|word| word == name)
}

#[test]
fn the_printed_api_is_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg-template/src/api.ts");
    let printed = print();
    if std::fs::read_to_string(&path).ok().as_deref() != Some(&printed) {
        std::fs::write(&path, &printed).expect("writing the printed API");
        panic!(
            "pkg-template/src/api.ts was stale and has been rewritten: look at the difference and commit it"
        );
    }
}

#[test]
fn methods_are_those_of_the_official_package() {
    assert_eq!(official::METHODS.len(), 163);
    let printer = Printer::new();
    for (name, ours) in &printer.methods {
        let official = official::METHODS.iter().find(|m| m.name == *name);
        let official = official.unwrap_or_else(|| panic!("{name} is not official"));
        let (_, params) = official.params.split_once(": ").unwrap_or(("", "null"));
        let name_of_params = official.params.split(':').next();
        let params = arrays(params);
        let params = match name_of_params.is_some_and(|name| name.ends_with('?')) {
            true => format!("{params} | null"),
            false => params,
        };
        assert_eq!(ours.params, params, "parameters of {name}");
        let difference = DIFFERENCES.iter().find(|(n, ..)| n == name);
        let reply = difference.map_or((official.reply, official.reply), |d| (d.1, d.2));
        assert_eq!(official.reply, reply.0, "official reply of {name}");
        if official.reply != "T" {
            assert_eq!(ours.reply, reply.1, "reply of {name}");
        }
    }
}
