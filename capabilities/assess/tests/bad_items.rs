//! Every rule of `docs/formats/items.md` broken once: the finding names the line and says what to do.

use melek_assess::{Finding, check_variants, read_item};

const CHOICE: &str = include_str!("items/1.2-basic-01.toml");
const ORDER: &str = include_str!("items/own-order.toml");
const MATCH: &str = include_str!("items/own-match.toml");
const FAMILY: &str = include_str!("items/own-family.toml");
const MARK: &str = include_str!("items/own-mark.toml");
const SHOWN: &str = include_str!("items/own-shown.toml");

/// Findings of a file in which one text is replaced; the text must be there.
fn findings(file: &str, from: &str, to: &str) -> Vec<Finding> {
    assert!(file.contains(from), "`{from}` is not in the file");
    let stem = file.split('"').nth(1).expect("id");
    read_item(stem, &file.replacen(from, to, 1)).err().unwrap_or_default()
}

/// Some finding stands at the line of `at` in the changed file and holds `words`.
#[track_caller]
fn refused(file: &str, (from, to): (&str, &str), (at, words): (&str, &str)) {
    let found = findings(file, from, to);
    let changed = file.replacen(from, to, 1);
    let line = changed.lines().position(|line| line.contains(at)).map_or(1, |index| index + 1);
    let named = found.iter().any(|finding| finding.line == line && finding.reason.contains(words));
    assert!(named, "line {line}, {words}: {found:?}");
}

#[test]
fn the_files_these_tests_break_are_items() {
    for file in [CHOICE, ORDER, MATCH, FAMILY, MARK, SHOWN] {
        let stem = file.split('"').nth(1).expect("id");
        assert_eq!(read_item(stem, file).err(), None);
    }
}

#[test]
fn what_every_item_needs() {
    refused(CHOICE, ("seconds = 60", "seconds = 241"), ("seconds", "seconds must be 20 to 240"));
    refused(CHOICE, ("seconds = 60", "seconds = \"60\""), ("seconds", "invalid type"));
    refused(CHOICE, ("sources = []", "topics = [\"kucing\"]\nsources = []"), ("topics", "kucing"));
    refused(CHOICE, ("provisional = true", "provisional = false"), ("provisional", "author's guess"));
    refused(CHOICE, ("discrimination = 1.3", "discrimination = 9"), ("discrimination", "0.3 to 3.0"));
    refused(CHOICE, ("\"LO1.2.01\"", "\"LO9.9.99\""), ("outcome", "is not a learning outcome"));
    refused(CHOICE, ("rule = \"key\"", "rule = \"exact\""), ("rule", "rule must be `key` for single_choice"));
    refused(
        CHOICE,
        ("sources = []", "sources = []\nequal_because = \"x\""),
        ("equal_because", "belong to a file with [draw]"),
    );
    refused(
        CHOICE,
        ("sources = []", "sources = []\nconstraints = []"),
        ("equal_because", "belong to a file with [draw]"),
    );
    refused(CHOICE, ("id = \"1.2", "id = \"1.3"), ("id =", "is not the file name"));
    refused(
        CHOICE,
        ("[stem]", "[[steps]]\nkey = \"s\"\nid = \"a\"\nen = \"b\"\nwhy_id = \"c\"\nwhy_en = \"d\"\n[stem]"),
        ("[[steps]]", "does not belong"),
    );
}

#[test]
fn markup_scripts_and_outside_addresses_are_refused_wherever_they_stand() {
    let bad = [
        "<b>x</b>",
        "<script>x</script>",
        "<img src=x>",
        "&lt;i&gt;",
        "javascript:x",
        "https://real.com",
        "x onclick=y",
    ];
    for text in bad {
        let (choice, shown) = (format!("en = \"{text}"), format!("_en = \"{text}"));
        for place in
            ["en = \"A message", "en = \"What should", "en = \"Working hours", "en = \"Check the", "en = \"Forward"]
        {
            let rest = &place["en = \"".len()..];
            assert!(!findings(CHOICE, place, &format!("{choice} {rest}")).is_empty(), "{text} at {place}");
        }
        let marks =
            ["title_en = \"", "label_en = \"", "detail_en = \"", "attachment_en = \"", "body_en = \"", "why_en = \""];
        for place in marks {
            let key = place.trim_end_matches("_en = \"");
            assert!(!findings(MARK, place, &format!("{key}{shown} ")).is_empty(), "{text} at {place}");
        }
        let shown = ["en = \"Name", "en = \"Amount", "{ id = \"Agus\", en = \"", "unit_en = \"", "en = \"Inbox"];
        for place in shown {
            let with = place.replacen("en = \"", &format!("en = \"{text} "), 1);
            assert!(!findings(SHOWN, place, &with).is_empty(), "{text} at {place}");
        }
        assert!(
            !findings(FAMILY, "{ choose = [\"Agus\"", &format!("{{ choose = [\"{text}\"")).is_empty(),
            "{text} drawn"
        );
    }
}

#[test]
fn tables_and_files() {
    refused(SHOWN, ("values = [1200, 800]", "values = [1200]"), ("[[table.columns]]", "different numbers of values"));
    refused(
        SHOWN,
        ("[table]", "[table]\nheader = [{ id = \"a\", en = \"b\" }]"),
        ("[table]", "either header and rows"),
    );
    refused(
        SHOWN,
        ("format = \"rupiah\"", "format = \"dollar\""),
        ("[[table.columns]]", "`dollar` is no format of a number"),
    );
    refused(
        SHOWN,
        ("values = [1200, 800]", "values = [1200.55, 800]"),
        ("[[table.columns]]", "not a whole number of rupiah"),
    );
    refused(SHOWN, ("name_en = \"list\"", "name_en = \"../list\""), ("name_id", "3 to 40 lower-case letters"));
    refused(SHOWN, ("format = \"csv\"", "format = \"pdf\""), ("format = \"pdf\"", "unknown variant"));
    for sign in ["=1+1", "+x", "-x", "@x"] {
        refused(SHOWN, ("\"satu\"", &format!("\"{sign}\"")), ("[[file.columns]]", "begins like a formula"));
    }
    refused(SHOWN, ("en = \"Word\"", "en = \"=Word\""), ("[[file.columns]]", "begins like a formula"));
    refused(SHOWN, ("2026-03-02", "2026-03-02T10:00:00"), ("[[file.columns]]", "is not a date alone"));
    refused(SHOWN, ("\"satu\"", "true"), ("values = [true", "a value is a number, a date"));
}

#[test]
fn materials_and_documents() {
    refused(
        SHOWN,
        ("role = \"message\"", "role = \"message\"\nkey = \"p1\""),
        ("[[material.parts]]", "are only looked at"),
    );
    refused(
        SHOWN,
        ("role = \"message\"", "role = \"folder\""),
        ("Rapat besok", "inbox has no part `folder`; there are message"),
    );
    refused(
        SHOWN,
        ("role = \"message\"", "role = \"message\"\ndepth = 1"),
        ("Rapat besok", "depth does not belong to a message"),
    );
    refused(SHOWN, ("label_en = \"Sari\"\n", ""), ("Rapat besok", "missing in the other"));
    refused(SHOWN, ("kind = \"inbox\"", "kind = \"fax\""), ("kind", "unknown variant"));
    refused(MARK, ("why_en = \"An ordinary message.\"\n", ""), ("key = \"p1\"", "needs why_id and why_en"));
    refused(MARK, ("wrong = true\n", "wrong = true\nfixed = true\n"), ("key = \"p2\"", "fixed and cannot be wrong"));
    refused(MARK, ("wrong = true\n", ""), ("[document]", "at least one part must be wrong"));
    refused(MARK, ("key = \"p2\"", "key = \"p1\""), ("[[document.parts]]", "stands twice"));
    refused(MARK, ("key = \"p2\"\n", ""), ("[[document.parts]]", "must be one to four"));
    refused(MARK, ("type = \"mark\"", "type = \"order\""), ("[document]", "does not belong"));
}

/// A mark item of a kind with these parts.
fn marked(kind: &str, parts: &[&str]) -> String {
    let head = MARK.split("[document]").next().expect("head");
    let part = |(number, more): (usize, &&str)| {
        let why = "why_id = \"a\"\nwhy_en = \"b\"";
        let wrong = if number == 0 { "wrong = true" } else { "" };
        format!(
            "[[document.parts]]\nkey = \"q{number}\"\nid = \"n{number}\"\nen = \"n{number}\"\n{wrong}\n{why}\n{more}\n"
        )
    };
    let parts: String = parts.iter().enumerate().map(part).collect();
    format!("{head}[document]\nkind = \"{kind}\"\n{parts}")
}

#[test]
fn folders_nest_and_days_are_near() {
    let folder = "role = \"folder\"\ndepth = ";
    let tree = |depths: [u8; 6]| {
        marked("folder_tree", &depths.map(|depth| format!("{folder}{depth}")).each_ref().map(String::as_str))
    };
    assert_eq!(read_item("own-mark", &tree([0, 1, 2, 1, 0, 0])).err(), None);
    let reasons = |file: &str| read_item("own-mark", file).err().map(|found| format!("{found:?}")).unwrap_or_default();
    assert!(reasons(&tree([1, 1, 1, 1, 1, 1])).contains("stands in no folder"));
    assert!(reasons(&tree([0, 2, 2, 1, 0, 0])).contains("stands in no folder"));
    assert!(reasons(&tree([0, 1, 2, 3, 4, 5])).contains("at most 4 deep"));
    let days = |last: &str| marked("calendar", &[&["role = \"entry\"\nday = 2026-03-02"; 5][..], &[last]].concat());
    assert_eq!(read_item("own-mark", &days("role = \"entry\"\nday = 2026-04-01")).err(), None);
    assert!(reasons(&days("role = \"entry\"\nday = 2026-04-02")).contains("at most 31 days"));
    assert!(reasons(&days("role = \"entry\"")).contains("needs its day"));
    let many = vec!["role = \"permission\""; 13];
    assert!(reasons(&marked("permissions", &many)).contains("at most 12 parts can be marked"));
    assert!(reasons(&marked("permissions", &many[..4])).contains("5 to 20 parts"));
}

#[test]
fn orders_have_one_right_order() {
    let sorted = ORDER.replace("[[steps]]\n", "[[steps]]\nsort = 1\n");
    assert!(format!("{:?}", read_item("own-order", &sorted)).contains("no one right order"));
    refused(ORDER, ("[[steps]]\n", "[[steps]]\nsort = 1\n"), ("sort", "either every step has sort or none"));
}

#[test]
fn families_say_where_a_draw_goes_wrong() {
    let at = |from, to, anchor, words| refused(FAMILY, (from, to), (anchor, words));
    at(
        "equal_because = \"Always twelve rows and one condition on one column.\"\n",
        "",
        "[draw]",
        "needs equal_because",
    );
    at("late = \"count(days > limit)\"", "late = \"count(dais > limit)\"", "late =", "there is no value `dais`");
    at("late = \"count(days > limit)\"", "late = \"limit / 0\"", "late =", "divided by zero");
    at("late = \"count(days > limit)\"", "late = \"late + 1\"", "late =", "break the circle");
    at("late = \"count(days > limit)\"", "late = 5", "late =", "cannot be read");
    at("late = \"count(days > limit)\"", "Late = \"1\"", "Late =", "cannot be a name");
    at("limit = { from = 3, to = 5 }", "limit = { from = 5, to = 3 }", "limit =", "cannot be drawn");
    at("limit = { from = 3, to = 5 }", "limit = { from = 3 }", "limit =", "belong together");
    at("limit = { from = 3, to = 5 }", "limit = { from = 3, to = 5, by = \"1\" }", "limit =", "by belongs to choose");
    at("limit = { from = 3, to = 5 }", "limit = { until = 5 }", "limit =", "unknown field `until`");
    at("count = 12, distinct = true", "count = 15, distinct = true", "names =", "there are only 14");
    at("day_to = 2026-03-27", "day_to = 2025-03-27", "asked =", "not after day_from");
    at("\"late > 0\"", "\"late > 100\"", "constraints", "2000 draws in a row");
    at("\"late > 0\"", "\"late\"", "constraints", "where a condition is needed");
    at("{limit} hari?", "{limut} hari?", "limut", "there is no value `limut`");
    at("{limit} hari?", "{limit:meter} hari?", "limit:meter", "is no format of a number");
    at("{limit} hari?", "{limit hari?", "{limit hari?", "stands alone");
    at("{limit} hari?", "{days} hari?", "{days} hari?", "a list cannot be written");
    at("value = \"late\"", "value = \"names\"", "value = \"names\"", "`names` gives a list where value needs a number");
    at("value = \"count(days) + 100\"", "value = \"late\"", "[[misconceptions]]", "would be scored right");
    at(
        "values = \"days\"",
        "values = \"limit\"",
        "values = \"limit\"",
        "`limit` gives a number where values needs a list",
    );
    at("\"late > 0\"", "\"late = 0\"", "constraints", "write == to compare");
}

#[test]
fn a_value_that_a_rejected_draw_does_not_have_is_no_error() {
    let choice = "late = \"count(days > limit)\"\nfirst = { choose = [\"A\", \"B\", \"C\", \"D\", \"E\", \"F\", \"G\", \"H\", \"I\", \"J\", \"K\", \"L\"], by = \"place(days, 8)\" }";
    let without = FAMILY.replace("late = \"count(days > limit)\"", choice);
    let item = read_item("own-family", &without);
    let found = item.map_or_else(|findings| findings, |item| check_variants(&item, 1_000));
    assert!(found.iter().any(|finding| finding.reason.contains("`first`: place 0 does not exist")), "{found:?}");
    let with = without.replace("\"late > 0\"", "\"late > 0\", \"place(days, 8) > 0\"");
    let item = read_item("own-family", &with).expect("constraints reject draws without a day 8");
    assert_eq!(check_variants(&item, 1_000), []);
}

#[test]
fn a_date_in_quotes_is_refused_in_a_column() {
    refused(
        SHOWN,
        ("values = [2026-03-02, 2026-03-03]", "values = [\"2026-03-02\", 2026-03-03]"),
        ("[[file.columns]]", "write the date without"),
    );
}

#[test]
fn a_draw_that_breaks_a_rule_later_is_named_by_its_seed() {
    let rare = FAMILY.replace("value = \"count(days) + 100\"", "value = \"if(count(days == 8) > 4, late, 900)\"");
    let item = read_item("own-family", &rare).expect("the first draws are well");
    let found = check_variants(&item, 1_000);
    assert!(found.iter().any(|finding| finding.reason.starts_with("draw ")), "{found:?}");
}

#[test]
fn what_is_no_item_file_at_all_is_refused() {
    let long = format!("# {}", "x".repeat(100_000));
    for text in ["", "\u{feff}", "id", "[draw]", "draw = 3", "draw = []", "[draw]\nx = 1", "a = [[[[[[", long.as_str()]
    {
        assert!(read_item("own-x", text).is_err(), "{}", &text[..text.len().min(20)]);
    }
}
