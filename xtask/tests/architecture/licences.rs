//! What we may hand on: every crate that is built into the program has a licence of the list.
//!
//! It also keeps out crates that need more than a C compiler to build.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::crates::metadata;
use crate::repository::assert_none;

const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    // Data: the certificate authorities that TLS trusts (webpki-roots).
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

const NEEDS_MORE_THAN_A_C_COMPILER: [&str; 7] =
    ["aws-lc-rs", "aws-lc-sys", "bindgen", "cmake", "native-tls", "openssl", "openssl-sys"];

/// Whether an SPDX expression can be met with licences of the list.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let allowed = any(&mut rest);
    allowed && rest.is_empty()
}

fn any(words: &mut &[&str]) -> bool {
    let mut allowed = every(words);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        allowed |= every(words);
    }
    allowed
}

fn every(words: &mut &[&str]) -> bool {
    let mut allowed = one(words);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        allowed &= one(words);
    }
    allowed
}

fn one(words: &mut &[&str]) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let allowed = any(words);
            let closed = words.first() == Some(&")");
            *words = words.get(1..).unwrap_or_default();
            allowed && closed
        }
        [licence, "WITH", exception, rest @ ..] => {
            *words = rest;
            ALLOWED.contains(&format!("{licence} WITH {exception}").as_str())
        }
        [licence, rest @ ..] => {
            *words = rest;
            ALLOWED.contains(licence)
        }
        [] => false,
    }
}

/// The crates that a build for this machine takes in, for whatever reason.
fn packages_in_the_build() -> Vec<Value> {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let metadata = metadata(&["--filter-platform", &target]);
    let nodes = metadata["resolve"]["nodes"].as_array().expect("cargo resolves the workspace");
    let built: BTreeSet<_> = nodes.iter().filter_map(|node| node["id"].as_str()).collect();
    let packages = metadata["packages"].as_array().expect("cargo names packages").iter();
    packages.filter(|package| package["id"].as_str().is_some_and(|id| built.contains(id))).cloned().collect()
}

#[test]
fn every_crate_has_a_licence_that_we_may_hand_on() {
    let licence = |package: &Value| package["license"].as_str().unwrap_or("no licence").to_owned();
    let packages = packages_in_the_build();
    let refused = packages.iter().filter(|package| !is_allowed(&licence(package)));
    assert_none(
        "licences",
        &refused.map(|package| format!("{}: {}", package["name"], licence(package))).collect::<Vec<_>>(),
    );
}

#[test]
fn the_build_needs_no_more_than_a_c_compiler() {
    let packages = packages_in_the_build();
    let names = packages.iter().filter_map(|package| package["name"].as_str());
    let found = names.filter(|name| NEEDS_MORE_THAN_A_C_COMPILER.contains(name)).map(str::to_owned);
    assert_none("crates that need more tools to build", &found.collect::<Vec<_>>());
}

#[test]
fn a_choice_of_licences_needs_one_that_is_allowed_and_a_sum_needs_all() {
    assert!(is_allowed("Apache-2.0 OR GPL-2.0-only"));
    assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_allowed("Unlicense/MIT"));
    assert!(!is_allowed("MIT AND GPL-3.0-only"));
    assert!(!is_allowed("(MIT OR Apache-2.0) AND LGPL-3.0"));
    assert!(!is_allowed(""));
}
