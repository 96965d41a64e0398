//! Files that cannot be used: each mistake has a sentence with place and remedy, and the program ends with code 2.

use serde_json::json;

use super::Folder;

/// What is said of a file of answers, without the name of program and file.
fn said_of(content: &str, more: &[&str]) -> String {
    let folder = Folder::new();
    folder.write("a.csv", content);
    let model = if more.contains(&"--model") { &[][..] } else { &["--model", "rasch"] };
    let refused = folder.refused(&[&["calibrate", "a.csv"], model, more].concat());
    refused.strip_prefix("melek: a.csv: ").or(refused.strip_prefix("melek: ")).unwrap_or(&refused).to_owned()
}

#[test]
fn a_wrong_header_is_named_with_its_column() {
    let cases = [
        ("", "the file is empty; its first row must name the columns"),
        ("0,1,1\n1,0,1\n", "the first row holds scores, not names; put a row with the names of the columns before it"),
        ("a,,b\n1,1,1\n", "column 2 has no name; give it one in the first row"),
        ("a,b,a\n1,1,1\n", "columns 1 and 3 are both called \u{201c}a\u{201d}; rename one of them"),
        ("a,b\n", "there are no rows below the header; every person needs one"),
    ];
    for (content, sentence) in cases {
        assert_eq!(said_of(content, &[]), sentence);
    }
}

#[test]
fn a_header_that_is_not_utf_8_is_named() {
    let folder = Folder::new();
    folder.write("a.csv", b"a,b\xff\n1,0\n");
    let refused = folder.refused(&["calibrate", "a.csv", "--model", "rasch"]);
    assert_eq!(refused, "melek: a.csv: the name of column 2 is not UTF-8; save the file as UTF-8");
}

#[test]
fn options_that_name_no_column_list_those_that_are_there() {
    let file = "id,a,b\nx,1,0\n";
    let known = "the file has \u{201c}id\u{201d}, \u{201c}a\u{201d}, \u{201c}b\u{201d}";
    for option in ["--groups", "--person", "--drop"] {
        assert_eq!(said_of(file, &[option, "sex"]), format!("{option} sex: there is no such column; {known}"));
    }
    assert_eq!(said_of(file, &["--items", "b..a"]), "--items b..a: b stands behind a; turn them round");
    let range = "--items a: write the first and the last column of the items as FIRST..LAST";
    assert_eq!(said_of(file, &["--items", "a"]), range);
    assert_eq!(said_of(file, &["--drop", "a,b"]), "no column is left for items; look at --items and --drop");
    let groups = ["--groups", "a", "--reference", "7"];
    assert_eq!(said_of(file, &groups), "there is no group 7 for --reference; the groups are 1");
}

#[test]
fn a_row_of_another_length_is_named_with_its_line() {
    let sentence = "line 3 has 2 cells, but the header has 3; look for a comma too many or too few";
    assert_eq!(said_of("a,b,c\n1,0,1\n1,0\n", &[]), sentence);
    let long = "line 2 has 4 cells, but the header has 3; look for a comma too many or too few";
    assert_eq!(said_of("person,item,score\nx,a,1,\n", &[]), long);
}

#[test]
fn a_cell_that_is_no_score_is_named_with_line_and_column() {
    let text = "line 3, column 2 (b): \u{201c}x\u{201d} is no score; write a whole number from 0 to 255, and nothing or NA where \
                the item was not presented";
    assert_eq!(said_of("a,b\n1,0\n1,x\n", &[]), text);
    let negative = "line 3, column 1 (a): \u{201c}-9\u{201d} is negative; scores count from 0, and a missing answer is an empty cell or NA";
    assert_eq!(said_of("a,b\n1,0\n-9,1\n", &[]), negative);
    let large = "line 3, column 1 (a): \u{201c}300\u{201d} is too large; scores are whole numbers from 0 to 255";
    assert_eq!(said_of("a,b\n1,0\n300,1\n", &[]), large);
    let half = said_of("person,item,score\nx,a,0.5\n", &[]);
    assert!(half.starts_with("line 2, column 3 (score): \u{201c}0.5\u{201d} is no score"), "{half}");
}

#[test]
fn a_column_of_text_is_named_with_the_options_for_it() {
    let sentence = "line 2, column 3 (sex): \u{201c}male\u{201d} is no score; if sex is no item, leave it out with --drop sex, or \
                    name it with --groups sex or --person sex";
    assert_eq!(said_of("a,b,sex\n1,0,male\n0,1,female\n", &[]), sentence);
}

#[test]
fn too_many_categories_are_refused_with_the_item() {
    let sentence = "item b (column 2): 3 different scores occur, but its model knows right and wrong only; choose --model grm or \
                    gpcm, or leave it out with --drop b";
    assert_eq!(said_of("a,b\n1,0\n0,1\n1,2\n", &["--model", "2pl"]), sentence);
    let many: String = (0..70).map(|person| format!("{},{person}\n", person % 2)).collect();
    let sentence = "item b (column 2): 70 different scores occur, at most 64 can be estimated; join scores, or leave it out with --drop b";
    assert_eq!(said_of(&format!("a,b\n{many}"), &["--model", "grm"]), sentence);
}

#[test]
fn the_same_person_or_answer_twice_is_named_with_both_lines() {
    let sentence = "line 4: person \u{201c}x\u{201d} is already in line 2; keep one of the two rows";
    assert_eq!(said_of("person,a\nx,1\ny,0\nx,1\n", &[]), sentence);
    let sentence = "line 4: person \u{201c}x\u{201d} has already answered item \u{201c}a\u{201d} in line 2; keep one of the two answers";
    assert_eq!(said_of("person,item,score\nx,a,1\nx,b,0\nx,a,0\n", &[]), sentence);
}

#[test]
fn rows_without_a_name_or_group_are_named() {
    let sentence = "line 3, column 1 (id): the cell is empty; every row needs a person";
    assert_eq!(said_of("id,a\nx,1\n,0\n", &[]), sentence);
    let sentence = "line 3, column 1 (g): the cell is empty; every row needs a group";
    assert_eq!(said_of("g,a\nx,1\n,0\n", &["--groups", "g"]), sentence);
    let sentence = "line 3: person \u{201c}x\u{201d} is in group \u{201c}v\u{201d}, but in group \u{201c}u\u{201d} before; a person has one group";
    assert_eq!(said_of("person,item,score,g\nx,a,1,u\nx,b,1,v\n", &["--groups", "g"]), sentence);
    let people: String = (0..150).map(|person| format!("{person},{}\n", person % 2)).collect();
    let sentence =
        "column g has more than 100 different values, so it does not name groups; name another with --groups";
    assert_eq!(said_of(&format!("g,a\n{people}"), &["--groups", "g"]), sentence);
}

#[test]
fn an_item_nobody_answered_or_all_answered_alike_is_named() {
    let sentence = "item b (column 2): nobody answered it; leave it out with --drop b";
    assert_eq!(said_of("a,b\n1,\n0,NA\n", &[]), sentence);
    let sentence = "item b (column 2): everybody who answered has score 1, so nothing can be estimated; leave it out with --drop b";
    assert_eq!(said_of("a,b\n1,1\n0,1\n", &[]), sentence);
}

#[test]
fn a_packed_file_that_is_cut_off_is_an_error_with_its_line() {
    let folder = Folder::new();
    folder.write("a.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01\x02");
    let refused = folder.refused(&["calibrate", "a.csv.gz", "--model", "rasch"]);
    assert!(refused.starts_with("melek: a.csv.gz: cannot be read: "), "{refused}");
    let missing = folder.refused(&["calibrate", "b.csv", "--model", "rasch"]);
    assert!(missing.starts_with("melek: b.csv: cannot be read: "), "{missing}");
}

#[test]
fn a_prior_of_what_the_model_has_not_is_refused() {
    let sentence = "--prior lower=beta:5,17: lower is no parameter of model 2pl";
    assert_eq!(said_of("a,b\n1,0\n0,1\n", &["--model", "2pl", "--prior", "lower=beta:5,17"]), sentence);
}

#[test]
fn a_number_that_is_none_in_a_file_of_parameters_is_named_with_its_place() {
    let folder = Folder::new();
    folder.write("nan.json", r#"{"model":"2pl","items":[{"id":"a","slope":NaN,"intercepts":[0]}]}"#);
    let sentence =
        "melek: nan.json: line 1, column 43: NaN is no number that can be used; calibrate again, or take the item out";
    let refused = folder.refused(&["simulate", "nan.json"]);
    assert_eq!(refused, sentence);
    folder.write("a.csv", "a,b\n1,0\n0,1\n");
    let fixed = folder.refused(&["calibrate", "a.csv", "--model", "2pl", "--fix", "nan.json"]);
    assert_eq!(fixed, sentence);
    folder.write("null.json", r#"{"model":"2pl","items":[{"id":"a","slope":null,"intercepts":[0]}]}"#);
    let sentence =
        "melek: null.json: item a: the slope is missing or no finite number; calibrate again, or take the item out";
    assert_eq!(folder.refused(&["report", "null.json"]), sentence);
}

#[test]
fn items_are_fixed_only_where_their_scores_mean_the_same() {
    let folder = Folder::new();
    let fix = |bank: serde_json::Value| {
        folder.write("bank.json", bank.to_string());
        folder.refused(&["calibrate", "a.csv", "--model", "2pl", "--fix", "bank.json"])
    };
    folder.write("a.csv", "a,b\n1,0\n1,1\n");
    let item = |id: &str, scores: [u8; 2]| json!({"model": "2pl", "items": [{"id": id, "slope": 1, "intercepts": [0], "scores": scores}]});
    let nothing = "melek: --fix bank.json: no item of the data is in the file; items are known by their names";
    assert_eq!(fix(item("c", [0, 1])), nothing);
    let unknown = "melek: --fix bank.json: item b has score 0 in the data, but the file knows only 1, 2; recode it, or rename the item";
    assert_eq!(fix(item("b", [1, 2])), unknown);
}
