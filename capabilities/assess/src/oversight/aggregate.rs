//! Which counts of people an office may see. A count below the least (ten) is hidden, and with it whatever would let somebody
//! compute it again: the next smallest cells of its row, cells of other rows, totals.
//!
//! The reader is taken to know how many people stand behind every row (who has finished is on another page) and this rule.
//! Every table is attacked here before it is shown: for each hidden cell, how far apart are the smallest and the largest count
//! that agree with everything shown? Less than ten people apart, and more is hidden. Pure; which groups may be rows at all is
//! decided in `groups.rs`, when once for a campaign in `draw_up_report.rs`.

/// Fewest people of a count that is shown; rule 3 of the product.
pub const LEAST_PEOPLE: i64 = 10;

/// The same, as counts are held here.
pub const LEAST: u64 = LEAST_PEOPLE as u64;

/// Counts of one row as they are shown; `None` is hidden.
pub type ShownRow = Vec<Option<u64>>;

/// Rows and their column totals as they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownTable {
    pub rows: Vec<ShownRow>,
    pub totals: ShownRow,
}

/// A row by itself: every count shown, and the people behind all hidden ones together, are at least `least`.
pub fn protect_row(counts: &[u64], least: u64) -> ShownRow {
    let mut shown: ShownRow = counts.iter().map(|&count| (count >= least).then_some(count)).collect();
    complete(counts, &mut shown, least);
    shown
}

/// Rows that add up to totals: as `protect_row`, and nobody who knows the size of every row can tell a hidden count more
/// closely than to `least` people (to the size of the row, or of all others, where that is smaller).
pub fn protect_table(rows: &[Vec<u64>], least: u64) -> ShownTable {
    let columns = rows.first().map_or(0, Vec::len);
    let sums: Vec<u64> = (0..columns).map(|column| rows.iter().map(|row| row[column]).sum()).collect();
    let mut shown = ShownTable {
        rows: rows.iter().map(|row| protect_row(row, least)).collect(),
        totals: protect_row(&sums, least),
    };
    while let Some(column) = Attacker::new(rows, &shown).first_success(least) {
        match next_to_hide(&shown, column) {
            Some((row, column)) => {
                shown.rows[row][column] = None;
                complete(&rows[row], &mut shown.rows[row], least);
            }
            None => {
                shown.totals.fill(None);
                break;
            }
        }
    }
    shown
}

/// Hides the smallest shown count of a row until what is hidden cannot be told from the size of the row.
fn complete(counts: &[u64], shown: &mut ShownRow, least: u64) {
    loop {
        let hidden: Vec<u64> =
            counts.iter().zip(&*shown).filter(|(_, cell)| cell.is_none()).map(|(count, _)| *count).collect();
        let is_safe = hidden.is_empty() || (hidden.len() > 1 && hidden.iter().sum::<u64>() >= least);
        let smallest = shown.iter().enumerate().filter_map(|(at, cell)| Some((cell.as_ref()?, at))).min();
        match smallest {
            Some((_, at)) if !is_safe => shown[at] = None,
            _ => return,
        }
    }
}

/// The smallest count still shown in the column, or if there is none, in the table.
fn next_to_hide(shown: &ShownTable, column: usize) -> Option<(usize, usize)> {
    let cells = || {
        let rows = shown.rows.iter().enumerate();
        rows.flat_map(|(row, cells)| {
            cells.iter().enumerate().filter_map(move |(column, cell)| Some(((*cell)?, row, column)))
        })
    };
    let of_column = cells().filter(|cell| cell.2 == column).min();
    of_column.or_else(|| cells().min()).map(|(_, row, column)| (row, column))
}

/// Somebody who knows the size of every row and tries to compute hidden counts. Knows the true counts too, but only to find
/// the others that agree with what is shown: from the truth, people are moved between hidden cells along paths that keep
/// every row and every shown total as it is (a flow in a network of rows and columns).
struct Attacker<'a> {
    rows: &'a [Vec<u64>],
    shown: &'a ShownTable,
}

/// A row, a column, or the place between columns whose totals are hidden: people move there freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Row(usize),
    Column(usize),
    Free,
}

impl<'a> Attacker<'a> {
    fn new(rows: &'a [Vec<u64>], shown: &'a ShownTable) -> Self {
        Self { rows, shown }
    }

    /// Column of the first hidden cell that is known too closely.
    fn first_success(&self, least: u64) -> Option<usize> {
        let people: u64 = self.rows.iter().flatten().sum();
        self.rows.iter().enumerate().find_map(|(row, counts)| {
            let size: u64 = counts.iter().sum();
            let apart = least.min(size).min(people - size);
            (0..counts.len()).find(|&column| {
                self.is_hidden(row, column) && self.swaps(row, column) < apart && self.range(row, column, apart) < apart
            })
        })
    }

    fn is_hidden(&self, row: usize, column: usize) -> bool {
        self.shown.rows[row][column].is_none()
    }

    /// A distance that is certainly possible, quickly found: people change places with one other column only.
    fn swaps(&self, row: usize, column: usize) -> u64 {
        let counts = &self.rows[row];
        let others = (0..counts.len()).filter(|&other| other != column && self.is_hidden(row, other));
        let swap = |other: usize| {
            if self.shown.totals[column].is_none() && self.shown.totals[other].is_none() {
                return counts[column] + counts[other];
            }
            let rows = (0..self.rows.len()).filter(|&at| at != row);
            let rows = rows.filter(|&at| self.is_hidden(at, column) && self.is_hidden(at, other));
            let (here, there) =
                rows.fold((0, 0), |(here, there), at| (here + self.rows[at][column], there + self.rows[at][other]));
            counts[other].min(here) + counts[column].min(there)
        };
        others.map(swap).max().unwrap_or(0)
    }

    /// Distance between the smallest and the largest count a hidden cell can hold, looked at up to `enough`.
    fn range(&self, row: usize, column: usize, enough: u64) -> u64 {
        let more = self.moved((row, column), (Node::Column(column), Node::Row(row)), enough);
        let at_most = (enough - more).min(self.rows[row][column]);
        more + self.moved((row, column), (Node::Row(row), Node::Column(column)), at_most)
    }

    /// How many people, at most `enough`, can be moved from one node to another without the cell itself.
    fn moved(&self, cell: (usize, usize), (from, to): (Node, Node), enough: u64) -> u64 {
        let mut counts = self.rows.to_vec();
        for moved in 0..enough {
            let Some(path) = self.path(&counts, cell, (from, to)) else { return moved };
            for step in path.windows(2) {
                match (step[0], step[1]) {
                    (Node::Column(column), Node::Row(row)) => counts[row][column] -= 1,
                    (Node::Row(row), Node::Column(column)) => counts[row][column] += 1,
                    _ => {}
                }
            }
        }
        enough
    }

    /// A shortest path: from a column to a row that has people to take away there, from a row to any hidden column.
    fn path(&self, counts: &[Vec<u64>], cell: (usize, usize), (from, to): (Node, Node)) -> Option<Vec<Node>> {
        let mut reached: Vec<(Node, usize)> = vec![(from, 0)];
        let mut is_reached = vec![false; counts.len() + self.shown.totals.len() + 1];
        is_reached[self.number(from)] = true;
        let mut next = 0;
        while let Some(&(node, _)) = reached.get(next) {
            if node == to {
                return Some(trace(&reached, next));
            }
            for neighbour in self.neighbours(counts, cell, node) {
                if !std::mem::replace(&mut is_reached[self.number(neighbour)], true) {
                    reached.push((neighbour, next));
                }
            }
            next += 1;
        }
        None
    }

    fn number(&self, node: Node) -> usize {
        match node {
            Node::Free => 0,
            Node::Column(column) => 1 + column,
            Node::Row(row) => 1 + self.shown.totals.len() + row,
        }
    }

    fn neighbours(&self, counts: &[Vec<u64>], cell: (usize, usize), node: Node) -> Vec<Node> {
        let usable = |row: usize, column: usize| (row, column) != cell && self.is_hidden(row, column);
        let is_free = |column: usize| self.shown.totals[column].is_none();
        let columns = 0..self.shown.totals.len();
        match node {
            Node::Row(row) => columns.filter(|&column| usable(row, column)).map(Node::Column).collect(),
            Node::Free => columns.filter(|&column| is_free(column)).map(Node::Column).collect(),
            Node::Column(column) => {
                let rows = (0..counts.len()).filter(|&row| usable(row, column) && counts[row][column] > 0);
                rows.map(Node::Row).chain(is_free(column).then_some(Node::Free)).collect()
            }
        }
    }
}

fn trace(reached: &[(Node, usize)], end: usize) -> Vec<Node> {
    let mut path = vec![reached[end].0];
    let mut at = end;
    while at != 0 {
        at = reached[at].1;
        path.push(reached[at].0);
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Smallest and largest count of every cell over all tables that agree with what is shown, by trying them all.
    fn brute_force(rows: &[Vec<u64>], shown: &ShownTable) -> Vec<Vec<(u64, u64)>> {
        let candidates: Vec<Vec<Vec<u64>>> =
            rows.iter().zip(&shown.rows).map(|(row, cells)| rows_that_agree(row.iter().sum(), cells)).collect();
        let mut bounds = vec![vec![(u64::MAX, 0); shown.totals.len()]; rows.len()];
        let mut chosen = Vec::new();
        try_all(&candidates, shown, &mut chosen, &mut bounds);
        bounds
    }

    fn rows_that_agree(size: u64, cells: &[Option<u64>]) -> Vec<Vec<u64>> {
        let Some((cell, rest)) = cells.split_first() else {
            return if size == 0 { vec![Vec::new()] } else { Vec::new() };
        };
        let range = match cell {
            Some(count) if *count > size => return Vec::new(),
            Some(count) => *count..=*count,
            None => 0..=size,
        };
        range
            .flat_map(|count| {
                rows_that_agree(size - count, rest).into_iter().map(move |row| [vec![count], row].concat())
            })
            .collect()
    }

    fn try_all(
        candidates: &[Vec<Vec<u64>>],
        shown: &ShownTable,
        chosen: &mut Vec<Vec<u64>>,
        bounds: &mut [Vec<(u64, u64)>],
    ) {
        let Some(row) = candidates.get(chosen.len()) else {
            let sum = |column: usize| chosen.iter().map(|row| row[column]).sum::<u64>();
            if shown.totals.iter().enumerate().all(|(column, total)| total.is_none_or(|total| total == sum(column))) {
                for (cell, bound) in chosen.iter().flatten().zip(bounds.iter_mut().flatten()) {
                    *bound = (bound.0.min(*cell), bound.1.max(*cell));
                }
            }
            return;
        };
        for counts in row {
            chosen.push(counts.clone());
            try_all(candidates, shown, chosen, bounds);
            chosen.pop();
        }
    }

    /// Whatever is shown is large enough, and no hidden count can be told closely.
    fn check(rows: &[Vec<u64>], least: u64) -> Result<(), TestCaseError> {
        let shown = protect_table(rows, least);
        let people: u64 = rows.iter().flatten().sum();
        for cell in shown.rows.iter().flatten().chain(&shown.totals).flatten() {
            prop_assert!(*cell >= least, "{cell} is shown in {shown:?}");
        }
        for ((row, cells), bounds) in rows.iter().zip(&shown.rows).zip(brute_force(rows, &shown)) {
            let size: u64 = row.iter().sum();
            let apart = least.min(size).min(people - size);
            for (cell, (low, high)) in cells.iter().zip(bounds) {
                prop_assert!(cell.is_some() || high - low >= apart, "{low} to {high} in {shown:?} of {rows:?}");
            }
        }
        Ok(())
    }

    #[test]
    fn counts_of_at_least_ten_are_shown_as_they_are() {
        let rows = vec![vec![10, 20, 30], vec![40, 10, 11]];
        let shown = protect_table(&rows, LEAST);
        assert_eq!(shown.rows, [[Some(10), Some(20), Some(30)], [Some(40), Some(10), Some(11)]]);
        assert_eq!(shown.totals, [Some(50), Some(30), Some(41)]);
    }

    #[test]
    fn one_small_count_of_a_row_takes_the_next_smallest_with_it() {
        assert_eq!(protect_row(&[3, 12, 30], LEAST), [None, None, Some(30)]);
        assert_eq!(protect_row(&[0, 0, 25], LEAST), [None, None, None]);
        assert_eq!(protect_row(&[9, 9, 25], LEAST), [None, None, Some(25)]);
        assert_eq!(protect_row(&[3, 3, 3], LEAST), [None, None, None]);
    }

    #[test]
    fn one_small_count_of_a_column_takes_another_row_with_it() {
        let shown = protect_table(&[vec![4, 30, 16], vec![40, 20, 30], vec![90, 80, 70]], LEAST);
        let hidden = |column: usize| shown.rows.iter().filter(|row| row[column].is_none()).count();
        assert!(shown.totals.iter().all(Option::is_some));
        assert!((0..3).all(|column| hidden(column) != 1), "{shown:?}");
        assert!(shown.rows[2].iter().any(Option::is_some), "{shown:?}");
    }

    #[test]
    fn zeros_that_follow_from_the_sums_alone_are_not_left_to_be_found() {
        check(&[vec![3, 0, 9], vec![3, 9, 0], vec![9, 3, 3]], 3).expect("safe");
    }

    #[test]
    fn an_everybody_in_one_cell_is_not_shown() {
        let shown = protect_table(&[vec![0, 0, 30], vec![0, 0, 12]], LEAST);
        assert!(shown.rows.iter().flatten().chain(&shown.totals).all(Option::is_none));
    }

    fn table() -> impl Strategy<Value = Vec<Vec<u64>>> {
        prop::collection::vec(prop::collection::vec(0_u64..6, 3), 2..4)
    }

    fn large_table() -> impl Strategy<Value = Vec<Vec<u64>>> {
        prop::collection::vec(prop::collection::vec(prop_oneof![3 => 0_u64..30, 1 => 30_u64..400], 3), 2..30)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn nobody_computes_a_hidden_count_of_a_small_table(rows in table(), least in 2_u64..4) {
            check(&rows, least)?;
        }

        #[test]
        fn the_attacker_of_this_module_finds_what_trying_all_tables_finds(rows in table(), mask in prop::collection::vec(any::<bool>(), 12)) {
            let cell = |(at, count): (usize, &u64)| mask[at].then_some(*count);
            let sums: Vec<u64> = (0..3).map(|column| rows.iter().map(|row| row[column]).sum()).collect();
            let shown = ShownTable {
                rows: rows.iter().enumerate().map(|(at, row)| row.iter().enumerate().map(|(column, count)| cell((at * 3 + column, count))).collect()).collect(),
                totals: sums.iter().enumerate().map(|(column, sum)| cell((9 + column, sum))).collect(),
            };
            let attacker = Attacker::new(&rows, &shown);
            for (row, bounds) in brute_force(&rows, &shown).iter().enumerate() {
                for (column, (low, high)) in bounds.iter().enumerate().filter(|(column, _)| attacker.is_hidden(row, *column)) {
                    prop_assert_eq!(attacker.range(row, column, 1_000), high - low, "{} {} of {:?}", row, column, &shown);
                    prop_assert!(attacker.swaps(row, column) <= high - low);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn nothing_below_ten_is_shown_of_a_large_table_and_no_attack_succeeds(rows in large_table()) {
            let shown = protect_table(&rows, LEAST);
            prop_assert!(shown.rows.iter().flatten().chain(&shown.totals).flatten().all(|count| *count >= LEAST));
            prop_assert_eq!(Attacker::new(&rows, &shown).first_success(LEAST), None);
        }
    }
}
