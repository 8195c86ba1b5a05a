//! Prints `pkg-template/API.md`, the reference, from the printed declarations (`pkg-template/src/api.ts`) and the
//! table of error codes. If the committed file differs it is rewritten and the test fails.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use openim_web::api::error::{code, name};

const DECLARATIONS: &str = "pkg-template/src/api.ts";
const REFERENCE: &str = "pkg-template/API.md";

const HEAD: &str = "# API reference

Printed from the method, event and error tables of the source. How to begin: [README](README.md).

Every method returns a promise, of `{ operationID, event, data }` unless noted otherwise; `data` is what stands in
`WsResponse<…>`. The optional last argument, `operationID`, appears in the server's log. Types are in the declarations
(`import type { MessageItem } from 'openim-web'`).
";

/// A member of an interface: its text without the comment, and the comment.
struct Member {
    text: String,
    doc: String,
}

/// Members of the interface that begins with the line `head`.
fn members(declarations: &str, head: &str) -> Vec<Member> {
    let body = declarations.split_once(head).expect("the interface").1;
    let body = body.split_once("\n}").expect("its end").0;
    let mut members = Vec::new();
    let mut doc = String::new();
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let comment = line
            .strip_prefix("/**")
            .or_else(|| line.strip_prefix("*/"))
            .or_else(|| line.strip_prefix('*'));
        match comment {
            Some(words) => {
                let words = words.trim_end_matches("*/").trim();
                writeln!(doc, "{words}").unwrap();
            }
            None => members.push(Member {
                text: line.trim_end_matches(';').to_owned(),
                doc: std::mem::take(&mut doc).trim().to_owned(),
            }),
        }
    }
    members
}

fn print(declarations: &str) -> String {
    let mut out = HEAD.to_owned();
    let methods = members(declarations, "export interface Methods {");
    let methods: BTreeMap<String, (String, String)> = methods
        .into_iter()
        .map(|member| {
            let (name, kind) = member.text.split_once(": ").expect("a method");
            (name.to_owned(), (kind.to_owned(), member.doc))
        })
        .collect();
    writeln!(out, "\n## Methods\n").unwrap();
    for (name, (kind, doc)) in &methods {
        let kind = kind.replacen(") => ", "): ", 1);
        writeln!(out, "### {name}\n\n```ts\n{name}{kind}\n```\n\n{doc}\n").unwrap();
    }
    writeln!(out, "## Events\n\n| `CbEvents` | Data | |\n|---|---|---|").unwrap();
    for event in members(declarations, "export interface OwnEventDataMap {") {
        let (name, data) = event.text.split_once(": ").expect("an event");
        let name = name.trim_start_matches("[CbEvents.").trim_end_matches(']');
        let data = match data {
            "void" => "–".to_owned(),
            data => format!("`{}`", data.replace('|', "\\|")),
        };
        writeln!(
            out,
            "| `{name}` | {data} | {} |",
            event.doc.replace('\n', " ")
        )
        .unwrap();
    }
    writeln!(
        out,
        "\n## Error names\n\nOne mistake has several codes, and other ones with another version of the server. \
         `errName` says what is meant; it is `''` where that is not sure.\n\n\
         | `errName` | `errCode` | |\n|---|---|---|"
    )
    .unwrap();
    for (name, codes, doc) in name::TABLE {
        let codes: Vec<String> = codes.iter().map(i32::to_string).collect();
        writeln!(out, "| `{name}` | {} | {} |", codes.join(", "), doc.trim()).unwrap();
    }
    writeln!(
        out,
        "\n## Error codes\n\nThe server's codes pass through unchanged; those from 10000 are the SDK's own.\n\n\
         | `errCode` | `errMsg` | |\n|---|---|---|"
    )
    .unwrap();
    for (number, name, doc) in code::TABLE {
        writeln!(out, "| {number} | {name} | {} |", doc.trim()).unwrap();
    }
    out
}

#[test]
fn the_printed_reference_is_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let declarations = std::fs::read_to_string(root.join(DECLARATIONS)).unwrap();
    let printed = print(&declarations);
    assert!(
        printed.matches("\n### ").count() > 150,
        "methods are missing"
    );
    let file = root.join(REFERENCE);
    if std::fs::read_to_string(&file).unwrap_or_default() != printed {
        std::fs::write(&file, printed).unwrap();
        panic!("{REFERENCE} was not up to date; it is now, commit it");
    }
}

#[test]
fn the_readme_names_every_code_that_applications_meet() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("pkg-template/README.md")).unwrap();
    let errors = readme
        .split_once("\n## Errors")
        .expect("a chapter on errors")
        .1;
    let errors = errors.split_once("\n## ").expect("its end").0;
    let own = code::TABLE.iter().filter(|row| row.0 >= 10_000);
    for (number, name, _) in own {
        let is_told = errors.contains(&number.to_string());
        assert!(is_told, "{number} {name} is not in the README");
    }
    for (name, _, _) in name::TABLE {
        let is_told = errors.contains(&format!("`{name}`"));
        assert!(is_told, "{name} is not in the README");
    }
}
