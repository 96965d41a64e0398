//! Makes spreadsheets in the shape of a SIASN export for the tests, with valid invented people.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]
#![allow(dead_code, reason = "every test file uses a part of it")]

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

/// The header row of the export, in its order.
pub const HEADER: [&str; 68] = [
    "PNS ID",
    "NIP BARU",
    "NIP LAMA",
    "NAMA",
    "GELAR DEPAN",
    "GELAR BELAKANG",
    "TEMPAT LAHIR ID",
    "TEMPAT LAHIR NAMA",
    "TANGGAL LAHIR",
    "JENIS KELAMIN",
    "AGAMA ID",
    "AGAMA NAMA",
    "JENIS KAWIN ID",
    "JENIS KAWIN NAMA",
    "NIK",
    "NOMOR HP",
    "EMAIL",
    "EMAIL GOV",
    "ALAMAT",
    "NPWP NOMOR",
    "BPJS",
    "JENIS PEGAWAI ID",
    "JENIS PEGAWAI NAMA",
    "KEDUDUKAN HUKUM ID",
    "KEDUDUKAN HUKUM NAMA",
    "STATUS CPNS PNS",
    "KARTU ASN VIRTUAL",
    "NOMOR SK CPNS",
    "TANGGAL SK CPNS",
    "TMT CPNS",
    "NOMOR SK PNS",
    "TANGGAL SK PNS",
    "TMT PNS",
    "GOL AWAL ID",
    "GOL AWAL NAMA",
    "GOL AKHIR ID",
    "GOL AKHIR NAMA",
    "TMT GOLONGAN",
    "MK TAHUN",
    "MK BULAN",
    "JENIS JABATAN ID",
    "JENIS JABATAN NAMA",
    "JABATAN ID",
    "JABATAN NAMA",
    "TMT JABATAN",
    "TINGKAT PENDIDIKAN ID",
    "TINGKAT PENDIDIKAN NAMA",
    "PENDIDIKAN ID",
    "PENDIDIKAN NAMA",
    "TAHUN LULUS",
    "KPKN ID",
    "KPKN NAMA",
    "LOKASI KERJA ID",
    "LOKASI KERJA NAMA",
    "UNOR ID",
    "UNOR NAMA",
    "UNOR INDUK ID",
    "UNOR INDUK NAMA",
    "INSTANSI INDUK ID",
    "INSTANSI INDUK NAMA",
    "INSTANSI KERJA ID",
    "INSTANSI KERJA NAMA",
    "SATUAN KERJA ID",
    "SATUAN KERJA NAMA",
    "IS VALID NIK",
    "GAJI POKOK",
    "TASPEN",
    "NO URUT",
];

/// Address of a column in row `row` (from 1), as Excel shows it.
pub fn cell(column: &str, row: u32) -> String {
    let place = HEADER.iter().position(|name| *name == column).expect("a column of the header");
    let letters = match place {
        0..26 => char::from(b'A' + place as u8).to_string(),
        _ => format!("{}{}", char::from(b'A' + (place / 26 - 1) as u8), char::from(b'A' + (place % 26) as u8)),
    };
    format!("{letters}{row}")
}

/// One invented person as the export would show them; change cells with `with`.
#[derive(Clone)]
pub struct Person(pub Vec<String>);

impl Person {
    /// Number `n`, below 1,000,000: a PNS when even, a PPPK when odd; no two have one NIP.
    pub fn number(n: u32) -> Self {
        let (year, month, day) = (1965 + n % 35, 1 + n / 35 % 12, 1 + n / 420 % 28);
        let sex = 1 + n / 7 % 2;
        let sequence = 1 + n / 11_760;
        let is_pns = n.is_multiple_of(2);
        let appointed = if is_pns { "201903" } else { "202321" };
        let nip = format!("{year}{month:02}{day:02}{appointed}{sex}{sequence:03}");
        let person = Person(vec![String::new(); HEADER.len()]);
        person
            .with("PNS ID", format!("A8ACA7{n:026X}"))
            .with("NIP BARU", nip)
            .with("NAMA", format!("PEGAWAI CONTOH {n}"))
            .with("GELAR BELAKANG", if n.is_multiple_of(3) { "S.Kom." } else { "" })
            .with("TEMPAT LAHIR NAMA", "Kota Rekaan")
            .with("TANGGAL LAHIR", format!("{day:02}-{month:02}-{year}"))
            .with("JENIS KELAMIN", if sex == 1 { "M" } else { "F" })
            .with("AGAMA NAMA", "RAHASIA-AGAMA")
            .with("NIK", "RAHASIA-NIK")
            .with("ALAMAT", "RAHASIA-ALAMAT")
            .with("NPWP NOMOR", "RAHASIA-NPWP")
            .with("GAJI POKOK", "RAHASIA-GAJI")
            .with("EMAIL", format!("contoh{n}@surel.example"))
            .with("EMAIL GOV", format!("contoh{n}@lembaharum.go.id"))
            .with("JENIS PEGAWAI NAMA", if is_pns { "PNS Daerah Kab/Kota" } else { "PPPK" })
            .with("KEDUDUKAN HUKUM NAMA", "Aktif")
            .with(
                "JENIS JABATAN NAMA",
                if n.is_multiple_of(5) { "Jabatan Pelaksana" } else { "Jabatan Fungsional Tertentu" },
            )
            .with("JABATAN NAMA", format!("Pranata Komputer Jenjang {}", n % 25))
            .with("UNOR NAMA", format!("Bidang {}", n % 40))
            .with("UNOR INDUK NAMA", format!("Dinas {}", n % 8))
            .with("INSTANSI KERJA NAMA", "Pemerintah Kab. Lembah Arum")
    }

    pub fn with(mut self, column: &str, value: impl Into<String>) -> Self {
        let place = HEADER.iter().position(|name| *name == column).expect("a column of the header");
        self.0[place] = value.into();
        self
    }

    pub fn get(&self, column: &str) -> &str {
        &self.0[HEADER.iter().position(|name| *name == column).expect("a column of the header")]
    }
}

/// An .xlsx file: `titles` rows above the header, then the people, all cells as text.
pub fn xlsx(titles: u32, people: &[Person]) -> Vec<u8> {
    workbook(titles, people, |_| ())
}

/// The same with a last touch on the sheet; the first person stands in row `titles + 2` as Excel counts.
pub fn workbook(titles: u32, people: &[Person], touch: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Data Utama").unwrap();
    for row in 0..titles {
        sheet.write_string(row, 0, format!("DAFTAR PEGAWAI, BARIS JUDUL {row}")).unwrap();
    }
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string(titles, column, name).unwrap();
    }
    for (row, person) in (titles + 1..).zip(people) {
        for (column, value) in (0..).zip(&person.0).filter(|(_, value)| !value.is_empty()) {
            sheet.write_string(row, column, value).unwrap();
        }
    }
    touch(sheet);
    book.save_to_buffer().unwrap()
}

/// Column number in the sheet.
pub fn place(column: &str) -> u16 {
    HEADER.iter().position(|name| *name == column).expect("a column of the header") as u16
}

/// A formula with the result a spreadsheet has stored beside it.
pub fn formula(text: &str, result: &str) -> Formula {
    Formula::new(text).set_result(result)
}

/// A cell format for days.
pub fn day_format() -> Format {
    Format::new().set_num_format("dd-mm-yyyy")
}

/// The same as separated text.
pub fn csv(delimiter: char, people: &[Person]) -> String {
    let quoted = |value: &str| format!("\"{}\"", value.replace('"', "\"\""));
    let line = |values: Vec<String>| values.join(&delimiter.to_string());
    let mut text = line(HEADER.iter().map(|name| quoted(name)).collect());
    for person in people {
        text.push_str("\r\n");
        text.push_str(&line(person.0.iter().map(|value| quoted(value)).collect()));
    }
    text
}
