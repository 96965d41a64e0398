//! Makes a table of observed and expected counts coarse enough for a chi-square: no expected count below 1.
//!
//! Rows are sums of scores, columns categories of one item. The order of the steps is that of the program mirt (version
//! 1.47), so that statistics and degrees of freedom can be compared: (1) sums nobody has go; (2) a sum of one person
//! joins its neighbour; (3) in a row with a small cell the smallest cell joins its smaller neighbour until none is
//! small or two are left; (4) a last column that is small over all rows, and one that fewer than one row in twenty
//! keeps, joins the one before; (5) a row with a small cell joins the neighbour with fewer people. Each step adds
//! observed and expected counts alike, so any of them leaves a valid comparison (Orlando & Thissen 2000; Kang & Chen
//! 2008).

/// Smallest expected count of a cell.
const SMALLEST: f64 = 1.0;

/// A last column needs on average this share of a smallest count over the rows.
const COLUMN_SHARE: f64 = 0.1;

/// A column that fewer than this share of the rows keep joins its neighbour.
const ROW_SHARE: f64 = 0.05;

/// One sum of scores. A cell that joined another is taken out, and the row closed up from the left with zeros.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) observed: Vec<f64>,
    pub(super) expected: Vec<f64>,
}

impl Row {
    pub(super) fn add(&mut self, other: &Self) {
        self.observed.iter_mut().zip(&other.observed).for_each(|(sum, more)| *sum += more);
        self.expected.iter_mut().zip(&other.expected).for_each(|(sum, more)| *sum += more);
    }

    fn people(&self) -> f64 {
        self.observed.iter().sum()
    }

    fn is_small(&self) -> bool {
        self.expected.iter().any(|expected| *expected < SMALLEST && *expected != 0.0)
    }

    fn join(&mut self, column: usize, into: usize) {
        self.observed[into] += self.observed[column];
        self.expected[into] += self.expected[column];
        self.observed.remove(column);
        self.expected.remove(column);
    }
}

pub(super) fn collapse(mut rows: Vec<Row>) -> Vec<Row> {
    rows.retain(|row| row.people() > 0.0);
    join_single_people(&mut rows);
    let columns = rows.first().map_or(0, |row| row.expected.len());
    if columns > 2 {
        for row in rows.iter_mut().filter(|row| row.is_small()) {
            join_cells(row);
            row.observed.resize(columns, 0.0);
            row.expected.resize(columns, 0.0);
        }
        join_rare_columns(&mut rows);
    }
    join_small_rows(&mut rows);
    rows
}

/// A sum of one person joins the next one, the last the one before.
fn join_single_people(rows: &mut Vec<Row>) {
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    let mut waiting: Option<Row> = None;
    for mut row in rows.drain(..) {
        if let Some(before) = waiting.take() {
            row.add(&before);
        }
        if row.people() == 1.0 { waiting = Some(row) } else { kept.push(row) }
    }
    match (waiting, kept.last_mut()) {
        (Some(row), Some(last)) => last.add(&row),
        (Some(row), None) => kept.push(row),
        (None, _) => {}
    }
    *rows = kept;
}

/// Joins the smallest cell to its smaller neighbour, at least once, until none is small or two are left.
fn join_cells(row: &mut Row) {
    while row.expected.len() > 2 {
        let mut smallest = 0;
        for column in 1..row.expected.len() {
            if row.expected[column] <= row.expected[smallest] {
                smallest = column;
            }
        }
        let last = row.expected.len() - 1;
        let left = smallest == last || (smallest > 0 && row.expected[smallest - 1] <= row.expected[smallest + 1]);
        row.join(smallest, if left { smallest - 1 } else { smallest + 1 });
        if row.expected.iter().all(|expected| *expected >= SMALLEST) {
            break;
        }
    }
}

fn join_rare_columns(rows: &mut [Row]) {
    let count = rows.len() as f64;
    let columns = |rows: &[Row]| rows.first().map_or(0, |row| row.expected.len());
    while columns(rows) > 2 {
        let last = columns(rows) - 1;
        let total: f64 = rows.iter().map(|row| row.expected[last]).sum();
        if total >= SMALLEST * (COLUMN_SHARE * count).ceil() {
            break;
        }
        rows.iter_mut().for_each(|row| row.join(last, last - 1));
    }
    for column in (1..columns(rows)).rev() {
        let keep = rows.iter().filter(|row| row.expected[column] > 0.0).count() as f64;
        if keep / count < ROW_SHARE {
            rows.iter_mut().for_each(|row| row.join(column, column - 1));
        }
    }
}

fn join_small_rows(rows: &mut Vec<Row>) {
    while let Some(place) = rows.iter().position(Row::is_small) {
        if rows.len() == 1 {
            break;
        }
        let row = rows.remove(place);
        // The row that followed is now at `place`.
        let before = match place {
            0 => false,
            place if place == rows.len() => true,
            place => rows[place - 1].people() <= rows[place].people(),
        };
        rows[if before { place - 1 } else { place }].add(&row);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tables() -> impl Strategy<Value = Vec<Row>> {
        (2_usize..6).prop_flat_map(|columns| {
            let cells = proptest::collection::vec((0_u8..9, 0.01..9.0_f64), columns);
            let row = cells.prop_map(|cells| {
                let (observed, expected) = cells.into_iter().map(|(o, e)| (f64::from(o), e)).unzip();
                Row { observed, expected }
            });
            proptest::collection::vec(row, 1..25)
        })
    }

    fn totals(rows: &[Row]) -> (f64, f64) {
        let expected = |row: &Row| row.expected.iter().sum::<f64>();
        (rows.iter().map(Row::people).sum(), rows.iter().filter(|row| row.people() > 0.0).map(expected).sum())
    }

    proptest! {
        #[test]
        fn joining_keeps_every_count_and_leaves_no_small_one_where_there_is_enough(rows in tables()) {
            let before = totals(&rows);
            let joined = collapse(rows);
            let after = totals(&joined);
            prop_assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
            prop_assert!(joined.len() <= 1 || !joined.iter().any(Row::is_small));
        }
    }

    #[test]
    fn the_smallest_cell_joins_its_smaller_neighbour() {
        let cells = |values: [f64; 4]| Row { observed: values.to_vec(), expected: values.to_vec() };
        let mut row = cells([5.0, 0.5, 3.0, 4.0]);
        join_cells(&mut row);
        assert_eq!(row.expected, [5.0, 3.5, 4.0]);
        let mut row = cells([0.2, 5.0, 0.3, 0.9]);
        join_cells(&mut row);
        assert_eq!(row.expected, [5.2, 1.2]);
    }

    #[test]
    fn a_sum_of_one_person_joins_the_next() {
        let one = |people: f64| Row { observed: vec![people, 0.0], expected: vec![people / 2.0; 2] };
        let mut rows = vec![one(1.0), one(7.0), one(1.0)];
        join_single_people(&mut rows);
        assert_eq!(rows.iter().map(Row::people).collect::<Vec<_>>(), [9.0]);
    }
}
