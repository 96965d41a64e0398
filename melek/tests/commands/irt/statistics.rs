//! Statistics of fit and scores of people; figures to compare with are those of mirt 1.47 on LSAT7 (see `lsat7.rs`).

use serde_json::{Value, json};

use super::{Folder, close, lsat7};

fn calibrated(more: &[&str]) -> Folder {
    let folder = Folder::new();
    folder.write("lsat7.csv", lsat7::wide());
    let words = ["calibrate", "lsat7.csv", "--model", "2pl", "--tolerance", "1e-7", "--out", "fit.json"];
    folder.run(&[&words[..], more].concat()).well();
    folder
}

fn check_statistics(fit: &Value, reliability: &Value) {
    close(&fit["m2"]["statistic"], 11.938_41, 0.012);
    assert_eq!(fit["m2"]["df"], 5);
    close(&fit["m2"]["rmsea"], 0.037_27, 1e-3);
    close(&fit["m2"]["cfi"], 0.968_46, 1e-3);
    for (item, statistic) in [4.750_54, 14.453_45, 1.272_66, 5.236_48, 0.940_94].into_iter().enumerate() {
        close(&fit["s_x2"][item]["statistic"], statistic, 1e-3 * statistic);
        assert_eq!(fit["s_x2"][item]["df"], 2);
    }
    close(&fit["infit"][2], 0.750_10, 1e-3);
    close(&fit["outfit"][2], 0.484_37, 1e-3);
    close(&reliability["marginal"], 0.441_82, 1e-3);
    close(&reliability["empirical"], 0.452_30, 1e-3);
}

#[test]
fn a_calibration_says_how_well_it_fits_and_who_is_how_able() {
    let folder = calibrated(&["--se", "--fit", "--scores", "eap"]);
    let file = folder.json("fit.json");
    check_statistics(&file["fit"], &file["reliability"]);
    let scores = file["scores"].as_array().expect("scores");
    assert_eq!((scores.len(), &scores[0]["row"], &scores[0]["person"]), (1000, &json!(1), &json!("P0001")));
    close(&scores[0]["eap"], -1.869_784, 1e-4);
    close(&scores[0]["se"], 0.692_700, 1e-4);
}

#[test]
fn fit_says_the_same_of_a_file_that_was_written_without() {
    let folder = calibrated(&[]);
    folder.run(&["fit", "fit.json", "lsat7.csv", "--pairs", "--people", "--out", "judged.json"]).well();
    let judged = folder.json("judged.json");
    check_statistics(&judged["fit"], &judged["reliability"]);
    assert_eq!(judged["fit"]["ld_x2"].as_array().map(Vec::len), Some(10));
    assert_eq!(judged["fit"]["people"].as_array().map(Vec::len), Some(1000));
    folder.run(&["report", "judged.json"]).well();
    assert!(folder.text("judged.html").contains("Fit of the whole test"));
}

#[test]
fn fit_refuses_other_answers() {
    let folder = calibrated(&[]);
    folder.write("other.csv", lsat7::wide().lines().take(900).collect::<Vec<_>>().join("\n"));
    let refused = folder.refused(&["fit", "fit.json", "other.csv"]);
    assert!(refused.ends_with("other answers, columns or groups"), "{refused}");
}

#[test]
fn what_cannot_be_computed_is_a_warning_and_null() {
    let folder = Folder::new();
    folder.write("gaps.csv", "a,b,c\n1,0,\n,1,0\n0,,1\n1,1,\n,0,0\n1,,1\n0,0,\n,1,1\n1,,0\n0,1,\n");
    let ran = folder.run(&["calibrate", "gaps.csv", "--model", "rasch", "--se", "--fit", "--out", "fit.json"]);
    assert!(
        ran.complained().contains("warning: s_x2 is left out: 0 people answered every item"),
        "{}",
        ran.complained()
    );
    ran.well();
    assert_eq!(folder.json("fit.json")["fit"]["s_x2"], json!(null));
}

/// Ability and error of a row in the CSV that `score` prints.
fn line(printed: &str, row: usize) -> Vec<String> {
    printed.lines().nth(row).expect("a row").split(',').map(str::to_owned).collect()
}

#[test]
fn every_method_scores_people() {
    let folder = calibrated(&[]);
    let score = |method: &str| folder.run(&["score", "fit.json", "lsat7.csv", "--method", method]).well().said();
    for (method, ability) in [("eap", -1.869_784), ("map", -1.816_388), ("wle", -4.137_07), ("sum", -1.869_784)] {
        let found = line(&score(method), 1);
        assert_eq!(found[..4], ["1", "P0001", "5", "0"]);
        close(&json!(found[4].parse::<f64>().expect("ability")), ability, 2e-3);
    }
    assert_eq!(line(&score("ml"), 1)[4..], ["", "", "below all"]);
    assert_eq!(line(&score("ml"), 1000)[4..], ["", "", "above all"]);
}

#[test]
fn new_people_are_scored_whatever_scores_occur_among_them() {
    let folder = calibrated(&[]);
    folder.write("new.csv", "Item.5,Item.1,shoe\n1,1,\n1,,1\n,,\n");
    let ran = folder.run(&["score", "fit.json", "new.csv", "--json"]);
    assert!(ran.complained().contains("not in the file of parameters and left out: shoe"), "{}", ran.complained());
    let scores = ran.well().json()["scores"].clone();
    assert!(scores[0]["ability"].as_f64() > scores[1]["ability"].as_f64() && scores[1]["ability"].as_f64() > Some(0.0));
    assert_eq!((&scores[2]["ability"], &scores[2]["remark"]), (&json!(null), &json!("no answers")));
}

#[test]
fn answers_that_do_not_go_with_the_parameters_are_refused() {
    let folder = calibrated(&[]);
    folder.write("two.csv", "id,Item.1\nx,0\ny,2\n");
    let sentence = "melek: two.csv: person y has score 2 in item Item.1, which has only 0, 1; correct it, or leave the item out \
                    with --drop Item.1";
    assert_eq!(folder.refused(&["score", "fit.json", "two.csv"]), sentence);
    folder.write("none.csv", "a,b\n1,0\n");
    let sentence = "melek: none.csv: no item of the data is in the file of parameters; items are known by their names";
    assert_eq!(folder.refused(&["score", "fit.json", "none.csv"]), sentence);
}
