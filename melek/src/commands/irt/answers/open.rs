//! Opens a file of answers: unpacks gzip, finds the delimiter.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use csv::ByteRecord;
use flate2::read::MultiGzDecoder;

use super::AnswerFileError;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const BUFFER: usize = 1 << 16;

pub type Reader = csv::Reader<Box<dyn Read>>;

pub fn open(path: &Path) -> Result<Reader, AnswerFileError> {
    reader(Box::new(File::open(path).map_err(AnswerFileError::Unreadable)?))
}

/// Whether a file is packed is seen from its first bytes, not from its name.
pub fn reader(input: Box<dyn Read>) -> Result<Reader, AnswerFileError> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let packed = input.fill_buf().map_err(AnswerFileError::Unreadable)?.starts_with(&GZIP);
    let plain: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(input)) } else { Box::new(input) };
    let mut plain = BufReader::with_capacity(BUFFER, plain);
    let delimiter = delimiter(plain.fill_buf().map_err(AnswerFileError::Unreadable)?);
    let mut builder = csv::ReaderBuilder::new();
    Ok(builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(Box::new(plain)))
}

/// The next row, or `false` at the end.
pub fn next(reader: &mut Reader, record: &mut ByteRecord) -> Result<bool, AnswerFileError> {
    reader.read_byte_record(record).map_err(|error| {
        let line = error.position().map_or_else(|| reader.position().line(), csv::Position::line);
        AnswerFileError::Row { line, reason: error.to_string() }
    })
}

/// Line of a row, from 1.
pub fn line(record: &ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// A comma, unless the first line has none but semicolons or tabs.
fn delimiter(start: &[u8]) -> u8 {
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let has = |wanted: u8| first.contains(&wanted);
    match () {
        () if has(b',') => b',',
        () if has(b';') => b';',
        () if has(b'\t') => b'\t',
        () => b',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_and_tabs_are_found_where_there_is_no_comma() {
        assert_eq!([delimiter(b"a;b\n1,2"), delimiter(b"a\tb"), delimiter(b"a,b;c"), delimiter(b"")], *b";\t,,");
    }
}
