//! Writes a staff file of invented people in the full shape of a SIASN export, to try the import with or to measure it:
//! `cargo run --release --example staff_file -- 12000 pegawai.xlsx`

use anyhow::{Context, Result};
use melek::demo::{HEADER, cells, staff};
use rust_xlsxwriter::Workbook;
use time::macros::date;

/// Columns of a real export that nobody needs here, with something in them; none of it is kept when the file is read.
const OTHERS: [(&str, &str); 29] = [
    ("TEMPAT LAHIR NAMA", "Peraga Kota"),
    ("AGAMA NAMA", "-"),
    ("JENIS KAWIN NAMA", "-"),
    ("NIK", "0000000000000000"),
    ("NOMOR HP", "080000000000"),
    ("ALAMAT", "Jalan Contoh Nomor 1"),
    ("NPWP NOMOR", "000000000000000"),
    ("BPJS", "0000000000000"),
    ("STATUS CPNS PNS", "P"),
    ("KARTU ASN VIRTUAL", "0"),
    ("NOMOR SK CPNS", "813/001/2010"),
    ("TANGGAL SK CPNS", "01-03-2010"),
    ("TMT CPNS", "01-03-2010"),
    ("NOMOR SK PNS", "821/001/2011"),
    ("TANGGAL SK PNS", "01-04-2011"),
    ("TMT PNS", "01-04-2011"),
    ("GOL AWAL NAMA", "III/a"),
    ("GOL AKHIR NAMA", "III/c"),
    ("TMT GOLONGAN", "01-04-2022"),
    ("MK TAHUN", "12"),
    ("MK BULAN", "3"),
    ("TMT JABATAN", "01-01-2023"),
    ("PENDIDIKAN NAMA", "S-1 Administrasi Negara"),
    ("TAHUN LULUS", "2008"),
    ("KPKN NAMA", "KPPN Contoh"),
    ("LOKASI KERJA NAMA", "Peraga Kota"),
    ("INSTANSI INDUK NAMA", "Pemerintah Kabupaten Nusa Peraga"),
    ("SATUAN KERJA NAMA", "Pemerintah Kabupaten Nusa Peraga"),
    ("IS VALID NIK", "1"),
];

/// Column behind those that are used.
const FIRST_OTHER: u16 = HEADER.len() as u16;

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let people = words.next().context("how many people?")?.parse().context("how many people?")?;
    let file = words.next().context("which file?")?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "DATA PEGAWAI")?;
    sheet.write_string(2, FIRST_OTHER + OTHERS.len() as u16, "PNS ID")?;
    for (column, name) in (0..).zip(HEADER.into_iter().chain(OTHERS.map(|(name, _)| name))) {
        sheet.write_string(2, column, name)?;
    }
    for (row, person) in (3..).zip(staff(people, date!(2026 - 06 - 01), 1)) {
        let used = cells(&person);
        sheet.write_string(row, FIRST_OTHER + OTHERS.len() as u16, format!("{row:032X}"))?;
        for (column, cell) in (0..).zip(used.iter().map(String::as_str).chain(OTHERS.map(|(_, cell)| cell))) {
            sheet.write_string(row, column, cell)?;
        }
    }
    book.save(file)?;
    Ok(())
}
