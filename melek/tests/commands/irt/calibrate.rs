//! `melek irt calibrate`, `simulate`, `compare`: figures, files, and the ways to say the same.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::{Folder, close, lsat7};

/// mirt 1.47: slope, intercept and their standard errors.
const TWO_PARAMETER: [[f64; 4]; 5] = [
    [0.987_86, 1.856_06, 0.177_30, 0.131_02],
    [1.080_92, 0.808_01, 0.168_86, 0.091_04],
    [1.706_84, 1.804_69, 0.320_93, 0.204_84],
    [0.765_10, 0.485_99, 0.133_94, 0.074_53],
    [0.735_67, 1.854_52, 0.150_59, 0.114_04],
];

fn lsat7() -> Folder {
    let folder = Folder::new();
    folder.write("lsat7.csv", lsat7::wide());
    folder
}

#[test]
fn lsat7_gives_the_published_figures() {
    let folder = lsat7();
    let words = ["calibrate", "lsat7.csv", "--model", "2pl", "--se", "--tolerance", "1e-7", "--out", "fit.json"];
    let said = folder.run(&words).well().said();
    assert!(said.starts_with("2pl: 5 items, 1000 people, 5000 answers; converged after"), "{said}");
    let fit = folder.json("fit.json");
    close(&fit["log_likelihood"], -2658.805, 1e-3);
    close(&fit["aic"], 5337.610, 2e-3);
    close(&fit["bic"], 5386.688, 2e-3);
    for (item, [slope, intercept, slope_error, intercept_error]) in
        fit["items"].as_array().expect("items").iter().zip(TWO_PARAMETER)
    {
        close(&item["slope"], slope, 1e-3);
        close(&item["intercepts"][0], intercept, 1e-3);
        close(&item["se"]["slope"], slope_error, 0.01 * slope_error);
        close(&item["se"]["intercepts"][0], intercept_error, 0.01 * intercept_error);
    }
    assert_eq!(fit["items"][2]["id"], "Item.3");
    assert_eq!(fit["items"][2]["counts"], json!([228, 772]));
    assert_eq!((&fit["parameters"], &fit["persons"], &fit["converged"]), (&json!(10), &json!(1000), &json!(true)));
    assert!(fit["timing"]["cpu_s"].as_f64() >= Some(0.0) && fit["timing"]["wall_s"].as_f64() > Some(0.0));
}

#[test]
fn wide_long_packed_and_semicolons_say_the_same() {
    let folder = lsat7();
    folder.write("long.csv", lsat7::long());
    folder.write("semicolons.csv", lsat7::wide().replace(',', ";"));
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(lsat7::wide().as_bytes()).expect("packed");
    folder.write("lsat7.csv.gz", packed.finish().expect("packed"));
    let items =
        |file: &str| folder.run(&["calibrate", file, "--model", "rasch", "--json"]).well().json()["items"].clone();
    let wide = items("lsat7.csv");
    for other in ["long.csv", "semicolons.csv", "lsat7.csv.gz"] {
        assert_eq!(items(other), wide, "{other}");
    }
}

#[test]
fn a_prior_moves_the_asymptotes_and_its_density_stands_apart() {
    let folder = lsat7();
    let words =
        ["calibrate", "lsat7.csv", "--model", "3pl", "--prior", "lower=beta:5,17", "--tolerance", "1e-6", "--json"];
    let fit = folder.run(&words).well().json();
    close(&fit["log_likelihood"], -2659.1325, 2e-3);
    assert_eq!(fit["priors"], json!(["lower=beta:5,17"]));
    assert!(fit["log_prior"].as_f64() > Some(0.0) && fit["items"][0]["lower"].as_f64() > Some(0.05));
}

#[test]
fn groups_have_their_own_mean_and_the_first_sets_the_scale() {
    let folder = lsat7();
    let mut text = String::from("id,sex,a,b,c,d\n");
    for person in 0..400_u32 {
        let answer = |bit: u32| u32::from((((person * 7919) >> bit) & 7) > if person % 2 == 0 { 1 } else { 4 });
        text += &format!(
            "{person},{},{},{},{},{}\n",
            ["w", "m"][person as usize % 2],
            answer(0),
            answer(3),
            answer(5),
            answer(7)
        );
    }
    folder.write("two.csv", text);
    let fit = |reference: &[&str]| {
        let words = ["calibrate", "two.csv", "--model", "rasch", "--groups", "sex", "--json"];
        folder.run(&[&words[..], reference].concat()).well().json()
    };
    let plain = fit(&[]);
    assert_eq!((&plain["groups"][0]["name"], &plain["groups"][0]["mean"]), (&json!("m"), &json!(0.0)));
    assert_eq!(plain["groups"][1]["persons"], 200);
    assert!(plain["groups"][1]["mean"].as_f64() > Some(0.5), "{plain}");
    assert_eq!(fit(&["--reference", "w"])["groups"][0]["name"], "w");
}

#[test]
fn fixed_items_keep_their_parameters_and_the_people_move() {
    let folder = lsat7();
    folder.run(&["calibrate", "lsat7.csv", "--model", "2pl", "--out", "bank.json"]).well();
    let text = lsat7::wide();
    let better: Vec<&str> = text.lines().filter(|line| !line.contains(",0,0")).collect();
    folder.write("better.csv", better.join("\n").replace("Item.5", "new"));
    let words = ["calibrate", "better.csv", "--model", "2pl", "--fix", "bank.json", "--se", "--out", "fit.json"];
    folder.run(&words).well();
    let (bank, fit) = (folder.json("bank.json"), folder.json("fit.json"));
    assert_eq!(fit["items"][0]["slope"], bank["items"][0]["slope"]);
    assert_eq!((&fit["items"][0]["fixed"], &fit["items"][4]["fixed"]), (&json!(true), &json!(false)));
    assert_eq!(fit["items"][0]["se"]["slope"], json!(null));
    assert_eq!(fit["parameters"], 4);
    assert!(fit["group"]["mean"].as_f64() > Some(0.1), "{}", fit["group"]);
}

#[test]
fn a_fixed_item_that_everybody_answered_alike_means_what_it_meant() {
    let folder = lsat7();
    folder.run(&["calibrate", "lsat7.csv", "--model", "2pl", "--out", "bank.json"]).well();
    let text = lsat7::wide();
    let right: Vec<&str> = text.lines().filter(|line| line.starts_with("person") || line.ends_with(",1")).collect();
    folder.write("right.csv", right.join("\n"));
    let words = ["calibrate", "right.csv", "--model", "2pl", "--fix", "bank.json", "--json"];
    let fit = folder.run(&words).well().json();
    let answered: usize = right.len() - 1;
    assert_eq!(fit["items"][4]["counts"], json!([0, answered]));
    assert!(fit["group"]["mean"].as_f64() > Some(0.0) && fit["group"]["mean"].as_f64() < Some(3.0), "{}", fit["group"]);
}

#[test]
fn any_number_of_threads_gives_the_same_figures() {
    let folder = lsat7();
    let fit = |threads: &str| {
        let mut fit =
            folder.run(&["calibrate", "lsat7.csv", "--model", "2pl", "--threads", threads, "--json"]).well().json();
        fit["timing"].take();
        fit
    };
    assert_eq!(fit("1"), fit("3"));
}

#[test]
fn warnings_are_said_and_kept() {
    let folder = Folder::new();
    folder.write("few.csv", "id,a,b,c\np1,1,0,2\np2,0,1,0\np3,,,\np4,1,1,2\np5,0,0,0\np6,1,0,0\n");
    let ran = folder.run(&["calibrate", "few.csv", "--model", "grm", "--out", "fit.json"]);
    let complained = ran.complained();
    let ran = ran.well();
    let fit = folder.json("fit.json");
    let kinds: Vec<&str> =
        fit["warnings"].as_array().expect("warnings").iter().filter_map(|w| w["kind"].as_str()).collect();
    assert!(kinds.contains(&"empty_persons") && kinds.contains(&"unused_score"), "{kinds:?}{}", ran.said());
    assert!(
        complained.contains("warning: person p3 answered nothing and says nothing; it can be taken out of the file"),
        "{complained}"
    );
    assert!(
        complained.contains(
            "warning: item c (column 4): nobody has score 1; its neighbours are treated as next to each other"
        ),
        "{complained}"
    );
}

#[test]
fn perfect_separation_is_a_warning_with_the_item() {
    let folder = Folder::new();
    let mut text = String::from("a,b,c,d,e\n");
    for person in 0..60 {
        let ability = person / 10;
        let cells: Vec<&str> = (0..5).map(|item| if ability > item { "1" } else { "0" }).collect();
        text += &(cells.join(",") + "\n");
    }
    folder.write("guttman.csv", text);
    let complained =
        folder.run(&["calibrate", "guttman.csv", "--model", "2pl", "--max-iterations", "200"]).complained();
    assert!(
        complained.contains("separates right from wrong perfectly")
            && complained.contains("--prior slope=lognormal:0,0.5"),
        "{complained}"
    );
}

#[test]
fn fewer_people_than_parameters_is_a_warning() {
    let folder = Folder::new();
    folder.write("few.csv", "a,b,c\n1,0,1\n0,1,0\n1,1,0\n0,0,1\n1,0,0\n");
    let complained = folder.run(&["calibrate", "few.csv", "--model", "2pl", "--max-iterations", "20"]).complained();
    assert!(complained.contains("warning: 5 people for 6 parameters"), "{complained}");
}

#[test]
fn simulated_answers_bring_their_parameters_back() {
    let folder = Folder::new();
    let items: Vec<_> = (0..8)
        .map(|item| json!({"id": format!("q{item}"), "slope": 0.8 + 0.1 * f64::from(item), "intercepts": [1.0, -0.5]}))
        .collect();
    folder.write("truth.json", json!({"model": "grm", "items": items, "group": {"mean": 0, "sd": 1}}).to_string());
    let words =
        ["simulate", "truth.json", "--people", "3000", "--seed", "11", "--shown", "0.8", "--out", "answers.csv"];
    folder.run(&words).well();
    folder.run(&["calibrate", "answers.csv", "--model", "grm", "--se", "--out", "fit.json"]).well();
    for (item, found) in folder.json("fit.json")["items"].as_array().expect("items").iter().enumerate() {
        let error = found["se"]["slope"].as_f64().expect("error");
        close(&found["slope"], 0.8 + 0.1 * item as f64, 3.5 * error);
    }
    let again =
        folder.run(&["simulate", "truth.json", "--people", "3000", "--seed", "11", "--shown", "0.8"]).well().said();
    assert_eq!(again, folder.text("answers.csv"));
}

#[test]
fn the_larger_model_is_tested_against_the_smaller_one() {
    let folder = lsat7();
    for model in ["rasch", "2pl"] {
        folder
            .run(&[
                "calibrate",
                "lsat7.csv",
                "--model",
                model,
                "--tolerance",
                "1e-6",
                "--out",
                &format!("{model}.json"),
            ])
            .well();
    }
    let compared = folder.run(&["compare", "2pl.json", "rasch.json", "--json"]).well().json();
    let test = &compared["fits"][1]["against_previous"];
    assert_eq!(test["df"], 4);
    close(&test["statistic"], 12.192, 2e-3);
    close(&test["p"], 0.015_98, 1e-4);
    folder.write("other.csv", lsat7::wide().lines().take(500).collect::<Vec<_>>().join("\n"));
    folder.run(&["calibrate", "other.csv", "--model", "2pl", "--out", "other.json"]).well();
    let refused = folder.refused(&["compare", "2pl.json", "other.json"]);
    assert!(refused.ends_with("so they are not of the same answers"), "{refused}");
}
