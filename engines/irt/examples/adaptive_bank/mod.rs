//! The bank that the examples play: 500 invented items of two parameters in five domains.

use std::error::Error;

use melek_irt::model::Item;

const BANK: &str = include_str!("../../tests/reference/adaptive_bank.csv");

/// Each item with its domain, counted from 0.
pub fn items() -> Result<Vec<(Item, usize)>, Box<dyn Error>> {
    let item = |row: &str| -> Result<(Item, usize), Box<dyn Error>> {
        let cells = row.split(',').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        Ok((Item::new(cells[0], cells[1], cells[2])?.with_upper(cells[3])?, cells[4] as usize - 1))
    };
    BANK.lines().filter(|line| !line.starts_with('#')).skip(1).map(item).collect()
}
