//! The answers of 1,000 people to section 7 of the Law School Admission Test, as a table of patterns.
//!
//! Bock & Lieberman (1970), *Psychometrika* 35, 179–197, table 1. Figures to compare with: mirt 1.47 (R), tolerance 1e-7, 61
//! nodes on −6 … 6, November 2026.

/// How often each of the 32 patterns occurs, 00000 first, the last item changing fastest.
const FREQUENCIES: [usize; 32] = [
    12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28, 7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32,
    308,
];

/// The table as a wide file with a person column.
pub fn wide() -> String {
    let mut text = String::from("person,Item.1,Item.2,Item.3,Item.4,Item.5\n");
    let mut person = 0;
    for (pattern, count) in FREQUENCIES.iter().enumerate() {
        for _ in 0..*count {
            person += 1;
            let cells: Vec<String> = (0..5).rev().map(|bit| ((pattern >> bit) & 1).to_string()).collect();
            text += &format!("P{person:04},{}\n", cells.join(","));
        }
    }
    text
}

/// The same, an answer a row.
pub fn long() -> String {
    let wide = wide();
    let mut lines = wide.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().expect("header");
    let mut text = String::from("person,item,score,milliseconds\n");
    for line in lines {
        for item in 1..6 {
            text += &format!("{},{},{},1000\n", line[0], header[item], line[item]);
        }
    }
    text
}
