//! `melek irt dif` and `link`: people of two groups, items of two calibrations.

use serde_json::{Value, json};

use super::{Folder, close};

/// Answers of 600 people a group to ten items; item q5 is 1.2 logits harder for group f.
fn biased() -> Folder {
    let folder = Folder::new();
    let mut all = String::new();
    for (group, shift) in [("r", 0.0), ("f", 1.2)] {
        let item = |number: i32| json!({"id": format!("q{number}"), "slope": 1.2, "intercepts": [0.3 * f64::from(number - 5) - if number == 5 { shift } else { 0.0 }]});
        let items: Vec<Value> = (0..10).map(item).collect();
        folder.write("truth.json", json!({"model": "2pl", "log_likelihood": null, "items": items}).to_string());
        let seed = if group == "r" { "1" } else { "2" };
        let answers = folder.run(&["simulate", "truth.json", "--people", "600", "--seed", seed]).well().said();
        for line in answers.lines() {
            match line.strip_prefix("person") {
                Some(header) if all.is_empty() => all += &format!("person,group{header}\n"),
                Some(_) => {}
                None => all += &format!("{group}{}\n", line.replacen(',', &format!(",{group},"), 1)),
            }
        }
    }
    folder.write("answers.csv", all);
    folder
}

#[test]
fn the_item_that_is_harder_for_one_group_is_found_by_every_method() {
    let folder = biased();
    for method in ["mh", "standardisation", "logistic", "sibtest"] {
        let words = ["dif", "answers.csv", "--groups", "group", "--reference", "r", "--method", method, "--json"];
        let found = folder.run(&words).well().json();
        let items = found["items"].as_array().expect("items");
        let size = |item: &Value| item["effect"].as_f64().map_or(0.0, f64::abs);
        let largest = items.iter().max_by(|one, other| size(one).total_cmp(&size(other))).expect("items");
        assert_eq!(largest["id"], "q5", "{method}");
        assert_ne!(largest["class"], "A", "{method}");
    }
    let words = ["dif", "answers.csv", "--groups", "group", "--reference", "r", "--method", "breslow-day"];
    let said = folder.run(&words).well().said();
    assert!(said.starts_with("f against r: breslow-day, 10 items\n"), "{said}");
}

#[test]
fn purification_takes_the_item_out_and_the_report_shows_it() {
    let folder = biased();
    let words = ["dif", "answers.csv", "--groups", "group", "--reference", "r", "--purify", "--out", "dif.json"];
    folder.run(&words).well();
    let found = folder.json("dif.json");
    assert_eq!((&found["items"][5]["flagged"], &found["items"][5]["class"]), (&json!(true), &json!("C")));
    assert!(found["items"][5]["effect"].as_f64() < Some(-1.5), "{found}");
    folder.run(&["calibrate", "answers.csv", "--model", "2pl", "--groups", "group", "--out", "fit.json"]).well();
    folder.run(&["report", "fit.json", "--dif", "dif.json"]).well();
    assert!(folder.text("fit.html").contains("Differential item functioning by item"));
}

#[test]
fn people_of_equal_ability_are_compared_by_two_calibrations_or_by_one() {
    let folder = biased();
    for method in ["lr", "wald"] {
        let words =
            ["dif", "answers.csv", "--groups", "group", "--reference", "r", "--method", method, "--model", "2pl"];
        let found = folder.run(&[&words[..], &["--purify", "--json"]].concat()).well().json();
        assert_eq!((&found["method"], &found["settled"]), (&json!(method), &json!(true)));
        let item = &found["items"][5];
        assert_eq!(
            (&item["flagged"], &item["class"], &item["smallest_group"]),
            (&json!(true), &json!("C"), &json!(600))
        );
        assert!(item["effect"].as_f64() < Some(-0.5) && item["unsigned"].as_f64() > Some(0.1), "{method} {item}");
        assert!(item["p_adjusted"].as_f64() < Some(1e-4) && item["df"] == json!(2), "{method} {item}");
        let power = found["items"][2]["power"].as_f64();
        assert!(power > Some(0.5) && power <= Some(1.0), "{method} {found}");
    }
    let words = ["dif", "answers.csv", "--groups", "group", "--reference", "r", "--method", "wald", "--model", "rasch"];
    let found = folder.run(&[&words[..], &["--anchors", "q0,q1", "--json"]].concat()).well().json();
    assert_eq!(found["items"][1]["problem"], "it was taken as an anchor");
}

#[test]
fn methods_by_ability_say_what_they_need() {
    let folder = biased();
    let refused = |more: &[&str]| folder.refused(&[&["dif", "answers.csv", "--groups", "group"], more].concat());
    let model = "melek: answers.csv: --method lr and wald need --model; see melek irt dif --help";
    assert_eq!(refused(&["--method", "lr"]), model);
    let anchor = "melek: answers.csv: --anchors q77: the data have no such item";
    assert_eq!(refused(&["--method", "lr", "--model", "2pl", "--anchors", "q77"]), anchor);
    let prior = refused(&["--method", "wald", "--model", "2pl", "--prior", "lower=beta:5,17"]);
    assert!(prior.starts_with("melek: answers.csv: --prior lower=beta:5,17: "), "{prior}");
}

#[test]
fn groups_that_cannot_be_compared_are_refused() {
    let folder = Folder::new();
    folder.write("a.csv", "g,a,b\nx,1,0\ny,0,1\nz,1,1\n");
    let refused = |more: &[&str]| folder.refused(&[&["dif", "a.csv"], more].concat());
    assert_eq!(refused(&[]), "melek: say with --groups which column names the groups");
    let three = "melek: a.csv: there are the groups x, y, z; choose with --focal which one is compared with x";
    assert_eq!(refused(&["--groups", "g", "--method", "logistic"]), three);
    let none = "melek: a.csv: --focal w: there is no such group; there are x, y, z";
    assert_eq!(refused(&["--groups", "g", "--focal", "w"]), none);
    let same = "melek: a.csv: --focal x: that is the reference; name another, or another --reference";
    assert_eq!(refused(&["--groups", "g", "--focal", "x"]), same);
    folder.write("one.csv", "g,a,b\nx,1,0\nx,0,1\n");
    let one = folder.refused(&["dif", "one.csv", "--groups", "g"]);
    assert_eq!(one, "melek: one.csv: there is only the group x; two are needed");
}

/// Two files whose scales differ by old = 1.25 new − 0.4.
fn two_scales() -> Folder {
    let folder = Folder::new();
    let file = |slope: f64, shift: f64| {
        let item = |number: i32| {
            let (own, difficulty) = (0.8 + 0.1 * f64::from(number), f64::from(number) / 3.0 - 1.0);
            let (own, difficulty) = (own / slope, slope * difficulty + shift);
            json!({"id": format!("q{number}"), "slope": own, "intercepts": [-own * difficulty]})
        };
        json!({"model": "2pl", "log_likelihood": null, "items": (0..8).map(item).collect::<Vec<Value>>()}).to_string()
    };
    folder.write("new.json", file(1.0, 0.0));
    folder.write("old.json", file(1.25, -0.4));
    folder
}

#[test]
fn every_method_finds_the_scale() {
    let folder = two_scales();
    for method in ["mean-mean", "mean-sigma", "mean-gmean", "haebara", "stocking-lord"] {
        let found = folder.run(&["link", "old.json", "new.json", "--method", method, "--json"]).well().json();
        close(&found["slope"], 1.25, 1e-6);
        close(&found["intercept"], -0.4, 1e-6);
        assert_eq!(found["anchors"].as_array().map(Vec::len), Some(8));
    }
    folder.run(&["link", "old.json", "new.json", "--out", "linked.json"]).well();
    let (linked, old) = (folder.json("linked.json"), folder.json("old.json"));
    close(&linked["items"][3]["slope"], old["items"][3]["slope"].as_f64().expect("slope"), 1e-6);
    close(&linked["items"][3]["intercepts"][0], old["items"][3]["intercepts"][0].as_f64().expect("intercept"), 1e-6);
    close(&linked["group"]["mean"], -0.4, 1e-6);
    close(&linked["group"]["sd"], 1.25, 1e-6);
}

#[test]
fn an_anchor_that_drifted_is_taken_out() {
    let folder = two_scales();
    let mut old = folder.json("old.json");
    old["items"][2]["intercepts"][0] = json!(3.0);
    folder.write("old.json", old.to_string());
    let found =
        folder.run(&["link", "old.json", "new.json", "--method", "mean-mean", "--purify", "--json"]).well().json();
    assert_eq!((&found["removed"][0]["id"], found["anchors"].as_array().map(Vec::len)), (&json!("q2"), Some(7)));
    close(&found["intercept"], -0.4, 1e-6);
}

#[test]
fn errors_of_a_link_need_covariances_in_both_files() {
    let folder = biased();
    for (name, rows) in [("one", 0..601), ("two", 601..1201)] {
        let text = folder.text("answers.csv");
        let header = text.lines().next().expect("header");
        let rows: Vec<&str> = text.lines().skip(1).skip(rows.start).take(rows.len()).collect();
        folder.write(&format!("{name}.csv"), format!("{header}\n{}\n", rows.join("\n")));
        let (file, out) = (format!("{name}.csv"), format!("{name}.json"));
        let words = ["calibrate", &file, "--model", "2pl", "--drop", "group", "--se", "--covariance", "--out", &out];
        folder.run(&words).well();
    }
    let found = folder.run(&["link", "one.json", "two.json", "--method", "haebara", "--json"]).well().json();
    assert!(found["se"]["slope"].as_f64() > Some(0.01) && found["se"]["slope"].as_f64() < Some(0.3), "{found}");
}

#[test]
fn files_that_share_too_little_are_refused() {
    let folder = two_scales();
    let few = "melek: 1 items are in both files; at least 2 are needed, and items are known by their names";
    assert_eq!(folder.refused(&["link", "old.json", "new.json", "--anchors", "q1"]), few);
    let none = "melek: --anchors q99: both files must have this item";
    assert_eq!(folder.refused(&["link", "old.json", "new.json", "--anchors", "q1,q99"]), none);
}
