//! `melek irt report`: one page, complete, without anything from elsewhere.

use serde_json::json;

use super::{Folder, lsat7};

#[test]
fn the_page_has_every_part_with_its_table_and_nothing_from_elsewhere() {
    let folder = Folder::new();
    folder.write("lsat7.csv", lsat7::wide());
    folder.run(&["calibrate", "lsat7.csv", "--model", "2pl", "--se", "--out", "fit.json"]).well();
    let said = folder.run(&["report", "fit.json"]).well().said();
    assert_eq!(said.trim_end(), "fit.html");
    let page = folder.text("fit.html");
    for part in ["summary", "parameters", "curves", "information", "map", "exposure"] {
        assert!(page.contains(&format!("<section id=\"{part}\"")), "{part}");
    }
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    for foreign in ["<script", "http:", "https:", "src=", "url(", "@import", "NaN", "inf<"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let charts = page.matches("<figure>").count();
    assert_eq!(page.matches("<details>").count(), charts + 2, "every chart has a table");
}

#[test]
fn a_name_cannot_become_markup() {
    let folder = Folder::new();
    let item = |id: &str| json!({"id": id, "slope": 1.0, "intercepts": [0.5, -0.5], "scores": [1, 2, 3]});
    let items = [item("<img src=x onerror=alert(1)>"), item("\"&'")];
    folder.write("fit.json", json!({"model": "gpcm", "log_likelihood": null, "items": items}).to_string());
    folder.run(&["report", "fit.json", "--title", "</title><script>", "--out", "page.html"]).well();
    let page = folder.text("page.html");
    assert!(!page.contains("<img") && !page.contains("<script"), "{page}");
}

#[test]
fn items_at_the_edge_of_sense_do_not_stop_the_page() {
    let folder = Folder::new();
    let item = |id: &str, slope: f64, intercept: f64| json!({"id": id, "slope": slope, "intercepts": [intercept]});
    let items = [item("flat", 0.0, 0.0), item("far", 1e-8, 700.0), item("steep", 1e6, -1e7), item("turned", -1.0, 2.0)];
    folder.write("fit.json", json!({"model": "2pl", "log_likelihood": null, "items": items}).to_string());
    folder.run(&["report", "fit.json"]).well();
    assert!(!folder.text("fit.html").contains("NaN"));
}
