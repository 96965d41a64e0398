//! `melek irt simulate --bank`: an adaptive test played to known answers and to people drawn, and what is said of banks that cannot be used.

use std::fmt::Write;

use serde_json::json;

use super::{Folder, close};

/// 40 items in two domains, difficulty rising from −2 to 1.9.
fn bank() -> String {
    (0..40).fold("a,b,c,d,domain\n".to_owned(), |mut bank, n| {
        let _ = writeln!(bank, "1.5,{},0,1,{}", -2.0 + 0.1 * f64::from(n), 1 + n % 2);
        bank
    })
}

#[test]
fn known_answers_lead_to_the_items_that_tell_most() {
    let folder = Folder::new();
    folder.write("bank.csv", bank());
    folder.write("answers.csv", format!("{}\n{}\n", ["1"; 40].join(","), ["0"; 40].join(",")));
    let words = ["simulate", "--bank", "bank.csv", "--responses", "answers.csv", "--select", "mfi", "--ability", "eap"];
    let more = ["--grid", "33,-4,4", "--items", "3", "--out", "paths.json"];
    folder.run(&[&words[..], &more].concat()).well();
    let people = folder.json("paths.json")["people"].clone();
    // The first at difficulty 0; after a right answer the posterior mean is .530 (trapezoid rule with 200,001 nodes), nearest to .5.
    assert_eq!((&people[0]["items"][0], &people[0]["items"][1]), (&json!(21), &json!(26)));
    assert_eq!((&people[1]["items"][0], &people[1]["items"][1]), (&json!(21), &json!(16)));
    close(&people[0]["ability"], -people[1]["ability"].as_f64().expect("a number"), 0.2);
}

#[test]
fn people_drawn_keep_the_ceiling_and_the_quotas_and_are_summed_up() {
    let folder = Folder::new();
    folder.write("bank.csv", bank());
    let words = ["simulate", "--bank", "bank.csv", "--people", "200", "--items", "8", "--domains", "3,5"];
    let more = ["--exposure", "priced:0.4,1,0.01", "--out", "paths.json"];
    let said = folder.run(&[&words[..], &more].concat()).well().said();
    assert!(said.contains("tests that broke a rule") && said.contains("highest fifth"), "{said}");
    let played = folder.json("paths.json");
    assert_eq!((&played["summary"]["people"], &played["summary"]["rules_broken"]), (&json!(200), &json!(0)));
    assert!(played["summary"]["exposure"]["largest"].as_f64().expect("a number") <= 0.44);
    for person in played["people"].as_array().expect("people") {
        let items: Vec<u64> =
            person["items"].as_array().expect("items").iter().filter_map(|item| item.as_u64()).collect();
        let odd = items.iter().filter(|item| **item % 2 == 1).count();
        assert!(items.len() == 8 && (3..=5).contains(&odd), "{items:?}");
    }
}

#[test]
fn a_bank_or_answers_that_cannot_be_used_are_refused_with_place_and_remedy() {
    let folder = Folder::new();
    folder.write("bank.csv", bank());
    folder.write("header.csv", "slope,b\n1,0\n");
    folder.write("text.csv", "a,b\n1,0\n1,hard\n");
    folder.write("negative.csv", "a,b\n-1,0\n");
    folder.write("short.csv", "1,0\n");
    folder.write("letters.csv", ["x"; 40].join(","));
    let cases: [(&[&str], &str); 6] = [
        (
            &["--bank", "header.csv"],
            "melek: header.csv, row 1: the header needs the columns a (discrimination) and b (difficulty); c, d and domain may follow",
        ),
        (&["--bank", "text.csv"], "melek: text.csv, row 3, column b: `hard` is not a number"),
        (&["--bank", "negative.csv"], "melek: negative.csv, row 2: discrimination -1 is outside 0 < a ≤ 10"),
        (
            &["--bank", "bank.csv", "--responses", "short.csv"],
            "melek: short.csv, row 1: 2 answers, but the bank has 40 items",
        ),
        (
            &["--bank", "bank.csv", "--responses", "letters.csv"],
            "melek: letters.csv, row 1, column 1: `x` is neither 0 nor 1",
        ),
        (
            &["--bank", "bank.csv", "--items", "10", "--domains", "6,8"],
            "melek: no test of 10 items can be made of bank.csv: domain 1 (6 to 8 items, 20 in the bank), domain 2 (6 to 8 items, 20 in the bank) \
             cannot be met together; change --items or --domains",
        ),
    ];
    for (words, sentence) in cases {
        assert_eq!(folder.refused(&[&["simulate"], words].concat()), sentence);
    }
}
