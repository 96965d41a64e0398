//! Finds the row of column names under the title rows of a sheet and says what each column is.
//!
//! A row is the header when it names the NIP and the name of a person, or at least four columns the import uses.
//! When two columns mean the same, the one with the preferred name is read and the other dropped.

use super::cell::address;
use super::columns::{Column, DroppedColumn, is_sensitive, normalised};

/// Rows of a sheet in which the header is looked for: ten title rows, some of them blank, and the header itself.
pub(crate) const HEADER_WITHIN: u32 = 20;
const ENOUGH_KNOWN: usize = 4;

#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub row: u32,
    /// Position in the sheet and name as written, by `Column::index`.
    found: [Option<(u32, String)>; Column::COUNT],
    by_position: Vec<Option<Column>>,
    pub dropped: Vec<DroppedColumn>,
}

impl Header {
    /// Reads a row as header, if it is one. `cells` are position and text of the cells that are not blank.
    pub fn recognise(row: u32, cells: &[(u32, String)]) -> Option<Self> {
        let mut chosen: [Option<(usize, u32, &str)>; Column::COUNT] = [None; Column::COUNT];
        for (position, text) in cells {
            if let Some((column, preference)) = meaning(text) {
                let better = chosen[column.index()].is_none_or(|(earlier, _, _)| preference < earlier);
                if better {
                    chosen[column.index()] = Some((preference, *position, text));
                }
            }
        }
        let known = chosen.iter().flatten().count();
        let person = chosen[Column::Nip.index()].is_some() && chosen[Column::Name.index()].is_some();
        if !person && known < ENOUGH_KNOWN {
            return None;
        }
        let found = chosen.map(|choice| choice.map(|(_, position, text)| (position, text.trim().to_owned())));
        Some(Self::new(row, found, cells))
    }

    fn new(row: u32, found: [Option<(u32, String)>; Column::COUNT], cells: &[(u32, String)]) -> Self {
        let width = cells.iter().map(|(position, _)| *position as usize + 1).max().unwrap_or(0);
        let mut by_position = vec![None; width];
        for column in Column::ALL {
            if let Some((position, _)) = &found[column.index()] {
                by_position[*position as usize] = Some(column);
            }
        }
        let unused = cells.iter().filter(|(position, _)| by_position[*position as usize].is_none());
        let dropped = unused
            .map(|(_, text)| DroppedColumn { name: text.trim().to_owned(), sensitive: is_sensitive(text) })
            .collect();
        Self { row, found, by_position, dropped }
    }

    pub fn column_at(&self, position: u32) -> Option<Column> {
        self.by_position.get(position as usize).copied().flatten()
    }

    pub fn has(&self, column: Column) -> bool {
        self.found[column.index()].is_some()
    }

    /// How many of the used columns the sheet has.
    pub fn known(&self) -> usize {
        self.found.iter().flatten().count()
    }

    pub fn missing(&self) -> Vec<Column> {
        Column::NEEDED.into_iter().filter(|column| !self.has(*column)).collect()
    }

    /// Where a value of this column stands in a row, and what the file calls the column.
    pub fn place(&self, column: Column, row: u32) -> (String, String) {
        match &self.found[column.index()] {
            Some((position, name)) => (address(row, *position), name.clone()),
            None => (address(row, 0), column.official_name().to_owned()),
        }
    }

    pub fn position(&self, column: Column) -> Option<u32> {
        self.found[column.index()].as_ref().map(|(position, _)| *position)
    }
}

fn meaning(text: &str) -> Option<(Column, usize)> {
    let name = normalised(text);
    Column::ALL
        .into_iter()
        .find_map(|column| column.names().iter().position(|known| *known == name).map(|place| (column, place)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(names: &[&str]) -> Vec<(u32, String)> {
        names.iter().enumerate().map(|(place, name)| (place as u32, (*name).to_owned())).collect()
    }

    #[test]
    fn a_title_row_is_not_a_header() {
        assert!(Header::recognise(0, &cells(&["DAFTAR NAMA PEGAWAI", "TAHUN 2026"])).is_none());
        assert!(Header::recognise(0, &cells(&["NAMA", "JABATAN"])).is_none());
    }

    #[test]
    fn the_preferred_of_two_names_is_read_and_the_other_dropped() {
        let header = Header::recognise(3, &cells(&["NIP", "UNIT KERJA", "NAMA", "UNOR NAMA", "NIP BARU"])).unwrap();
        assert_eq!(header.place(Column::Nip, 4), ("E5".to_owned(), "NIP BARU".to_owned()));
        assert_eq!(header.column_at(3), Some(Column::Unit));
        let dropped: Vec<_> = header.dropped.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(dropped, ["NIP", "UNIT KERJA"]);
    }

    #[test]
    fn the_missing_columns_are_known() {
        let header = Header::recognise(0, &cells(&["NIP", "Nama", "Jabatan"])).unwrap();
        assert_eq!(header.missing(), [Column::Unit]);
    }
}
