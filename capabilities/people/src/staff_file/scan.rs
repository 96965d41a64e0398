//! Goes through the rows of a file as they are read, sheet by sheet: finds the header, keeps the used columns of each
//! following row, checks it and collects people and faults. Cells of dropped columns are never even copied once the
//! header is known.

use std::collections::HashMap;

use time::Date;

use super::cell::{Cell, address};
use super::columns::{Column, DroppedColumn};
use super::header::{HEADER_WITHIN, Header};
use super::problem::{Fault, Problem};
use super::row::{self, Cells, Checked};
use super::{ReadError, StaffFile};
use crate::nip::Nip;

/// More rows than the largest agency has; a file beyond it is not a list of staff.
const MOST_ROWS: usize = 400_000;

pub(crate) struct Scan {
    today: Date,
    file: StaffFile,
    /// Where a NIP was seen first: sheet and row.
    seen: HashMap<Nip, (usize, u32)>,
    sheets: Vec<String>,
    sheet: Sheet,
    /// Faults of headers that lack a needed column; told only if no sheet has a complete one.
    incomplete: Vec<Fault>,
    complete_sheets: usize,
}

#[derive(Default)]
struct Sheet {
    header: Option<Header>,
    /// The header lacks a needed column, so the rows are passed over.
    passed_over: bool,
    row: u32,
    /// Cells of the row at hand: all of them while the header is looked for, then only the used ones.
    searched: Vec<(u32, String)>,
    cells: Cells,
    filled: bool,
}

impl Scan {
    pub fn new(today: Date) -> Self {
        Self {
            today,
            file: StaffFile::default(),
            seen: HashMap::new(),
            sheets: Vec::new(),
            sheet: Sheet::default(),
            incomplete: Vec::new(),
            complete_sheets: 0,
        }
    }

    pub fn begin_sheet(&mut self, name: &str) {
        self.sheets.push(name.to_owned());
        self.sheet = Sheet::default();
    }

    /// Whether a cell of this column is of any use now; the reader skips the others.
    pub fn wants(&self, row: u32, column: u32) -> bool {
        match &self.sheet.header {
            Some(header) => !self.sheet.passed_over && header.column_at(column).is_some(),
            None => row < HEADER_WITHIN,
        }
    }

    /// Takes one cell; cells come row by row.
    pub fn cell(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), ReadError> {
        if row != self.sheet.row {
            self.end_row()?;
            self.sheet.row = row;
        }
        match self.sheet.header.as_ref().map(|header| header.column_at(column)) {
            None => {
                let text = cell.tidy();
                if !text.is_empty() {
                    self.sheet.searched.push((column, text));
                }
            }
            Some(Some(known)) => {
                self.sheet.filled |= cell.formula.is_some() || !cell.shown().is_empty();
                self.sheet.cells[known.index()] = Some(cell);
            }
            Some(None) => {}
        }
        Ok(())
    }

    pub fn end_sheet(&mut self) -> Result<(), ReadError> {
        self.end_row()?;
        let name = self.sheets.last().cloned().unwrap_or_default();
        match &self.sheet.header {
            Some(header) if !self.sheet.passed_over => {
                self.complete_sheets += 1;
                for column in &header.dropped {
                    if !self.file.dropped.iter().any(|known| known.name == column.name) {
                        self.file.dropped.push(column.clone());
                    }
                }
                self.file.read_sheets.push(name);
            }
            _ => self.file.ignored_sheets.push(name),
        }
        Ok(())
    }

    /// The whole outcome; a file in which no header was found has that as its only fault.
    pub fn finish(mut self) -> StaffFile {
        if self.complete_sheets == 0 {
            self.file.faults = std::mem::take(&mut self.incomplete);
            if self.file.faults.is_empty() {
                self.file.faults.push(self.whole_sheet_fault(Problem::HeaderMissing));
            }
        } else if self.file.rows_read == 0 {
            self.file.faults.push(self.whole_sheet_fault(Problem::NoRows));
        }
        self.file
    }

    fn whole_sheet_fault(&self, problem: Problem) -> Fault {
        let sheet = self.file.read_sheets.first().or(self.sheets.first()).cloned().unwrap_or_default();
        Fault { sheet, cell: address(0, 0), column: String::new(), value: String::new(), problem }
    }

    fn end_row(&mut self) -> Result<(), ReadError> {
        match &self.sheet.header {
            None => self.look_for_header(),
            Some(_) if self.sheet.passed_over || !self.sheet.filled => {}
            Some(_) => self.check_row()?,
        }
        self.sheet.cells = Cells::default();
        self.sheet.filled = false;
        Ok(())
    }

    fn look_for_header(&mut self) {
        let cells = std::mem::take(&mut self.sheet.searched);
        let Some(header) = Header::recognise(self.sheet.row, &cells) else { return };
        let missing = header.missing();
        let sheet = self.sheets.last().cloned().unwrap_or_default();
        for column in &missing {
            let (cell, name) = header.place(*column, header.row);
            let problem = Problem::column_missing(*column);
            self.incomplete.push(Fault { sheet: sheet.clone(), cell, column: name, value: String::new(), problem });
        }
        self.sheet.passed_over = !missing.is_empty();
        self.sheet.header = Some(header);
    }

    fn check_row(&mut self) -> Result<(), ReadError> {
        let Some(header) = &self.sheet.header else { return Ok(()) };
        let cells = std::mem::take(&mut self.sheet.cells);
        if is_row_of_numbers(&cells) {
            return Ok(());
        }
        self.file.rows_read += 1;
        if self.file.rows_read > MOST_ROWS {
            return Err(ReadError::TooManyRows { most: MOST_ROWS });
        }
        let Checked { nip, row, mut problems } = row::check(&cells, header, self.today);
        let here = (self.sheets.len() - 1, self.sheet.row);
        if let Some(first) = nip.and_then(|nip| earlier(&mut self.seen, nip, here)) {
            let first = self.place_of_nip(header, first);
            problems.push((Column::Nip, Problem::NipTwice { first }));
        }
        problems.sort_by_key(|(column, _)| header.position(*column));
        if problems.is_empty() {
            let place = format!("{}!{}", self.sheets[here.0], header.place(Column::Nip, here.1).0);
            self.file.rows.extend(row.map(|row| row::StaffRow { place, ..row }));
        }
        for (column, problem) in problems {
            let shown = if problem == Problem::NameFormula { Cell::shown_formula } else { Cell::shown };
            let value = cells[column.index()].as_ref().map(shown).unwrap_or_default();
            let (cell, name) = header.place(column, self.sheet.row);
            self.file.faults.push(Fault { sheet: self.sheets[here.0].clone(), cell, column: name, value, problem });
        }
        Ok(())
    }

    fn place_of_nip(&self, header: &Header, (sheet, row): (usize, u32)) -> String {
        let cell = header.place(Column::Nip, row).0;
        if sheet + 1 == self.sheets.len() { cell } else { format!("{} {}", self.sheets[sheet], row + 1) }
    }
}

/// Where the NIP was seen before, if it was; remembers it otherwise.
fn earlier(seen: &mut HashMap<Nip, (usize, u32)>, nip: Nip, here: (usize, u32)) -> Option<(usize, u32)> {
    match seen.entry(nip) {
        std::collections::hash_map::Entry::Occupied(entry) => Some(*entry.get()),
        std::collections::hash_map::Entry::Vacant(entry) => {
            entry.insert(here);
            None
        }
    }
}

/// The row under a header in which a form numbers its columns: 1, 2, 3 … or (1), (2), (3) …
fn is_row_of_numbers(cells: &Cells) -> bool {
    let mut count = 0;
    for cell in cells.iter().flatten() {
        let text = cell.tidy();
        let number = text.trim_matches(['(', ')']).parse::<u16>();
        if !text.is_empty() && !number.is_ok_and(|number| (1..=200).contains(&number)) {
            return false;
        }
        count += usize::from(!text.is_empty());
    }
    count > 2
}

impl StaffFile {
    /// The dropped columns that hold personal data of the kind that must never be kept.
    pub fn sensitive(&self) -> impl Iterator<Item = &DroppedColumn> {
        self.dropped.iter().filter(|column| column.sensitive)
    }
}
