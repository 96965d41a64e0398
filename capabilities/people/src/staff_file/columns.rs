//! The columns of a staff file: which are used, under which names, and which are dropped.
//!
//! Names are those of the SIASN export ("data utama") first, then what offices call the same thing; the order of the
//! names is the order of preference when a file holds two of them. Everything that is not in this list is dropped
//! unread. `docs/formats/staff.md` is the same list for officers.

/// A column the import reads. Birth date, sex and the private address are only compared, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Column {
    SiasnId,
    Nip,
    OldNip,
    Name,
    TitleBefore,
    TitleAfter,
    BirthDate,
    Sex,
    WorkEmail,
    Email,
    EmployeeKind,
    EmploymentStatus,
    Standing,
    PostKind,
    Post,
    Unit,
    ParentUnit,
    Agency,
}

impl Column {
    pub const COUNT: usize = 18;

    pub const ALL: [Column; Self::COUNT] = [
        Column::SiasnId,
        Column::Nip,
        Column::OldNip,
        Column::Name,
        Column::TitleBefore,
        Column::TitleAfter,
        Column::BirthDate,
        Column::Sex,
        Column::WorkEmail,
        Column::Email,
        Column::EmployeeKind,
        Column::EmploymentStatus,
        Column::Standing,
        Column::PostKind,
        Column::Post,
        Column::Unit,
        Column::ParentUnit,
        Column::Agency,
    ];

    /// Without one of these a file cannot be read.
    pub const NEEDED: [Column; 4] = [Column::Nip, Column::Name, Column::Unit, Column::Post];

    /// The columns of the blank template, in its order.
    pub const TEMPLATE: [Column; 13] = [
        Column::Nip,
        Column::Name,
        Column::TitleBefore,
        Column::TitleAfter,
        Column::BirthDate,
        Column::Sex,
        Column::WorkEmail,
        Column::EmployeeKind,
        Column::Standing,
        Column::PostKind,
        Column::Post,
        Column::Unit,
        Column::ParentUnit,
    ];

    pub fn index(self) -> usize {
        self as usize
    }

    /// The name in the SIASN export, which templates and messages use.
    pub fn official_name(self) -> &'static str {
        self.names()[0]
    }

    /// Accepted names, preferred first, as `normalised` writes them.
    pub fn names(self) -> &'static [&'static str] {
        NAMES[self.index()]
    }
}

/// Accepted names of each column, preferred first, as `normalised` writes them; in the order of `Column::ALL`.
const NAMES: [&[&str]; Column::COUNT] = [
    &["PNS ID", "ID PNS", "PNS ORANG ID", "ASN ID", "ID ASN"],
    &[
        "NIP BARU",
        "NIP",
        "NIPBARU",
        "NIP NI PPPK",
        "NIP NIPPPK",
        "NIP BARU NI PPPK",
        "NIP PNS NI PPPK",
        "NI PPPK",
        "NIPPPK",
        "NIP 18",
        "NIP 18 DIGIT",
        "NOMOR INDUK PEGAWAI",
    ],
    &["NIP LAMA", "NIPLAMA", "OLD NIP"],
    &[
        "NAMA",
        "NAMA LENGKAP",
        "NAMA PEGAWAI",
        "NAMA ASN",
        "NAMA PNS",
        "NAMA DAN GELAR",
        "NAMA LENGKAP DAN GELAR",
        "NAME",
        "FULL NAME",
    ],
    &["GELAR DEPAN", "GELAR DPN", "TITLE BEFORE"],
    &["GELAR BELAKANG", "GELAR BLK", "GELAR BLKG", "TITLE AFTER"],
    &["TANGGAL LAHIR", "TGL LAHIR", "TGLLAHIR", "BIRTH DATE", "DATE OF BIRTH"],
    &["JENIS KELAMIN", "JK", "KELAMIN", "L P", "P L", "GENDER", "SEX"],
    &[
        "EMAIL GOV",
        "EMAIL DINAS",
        "EMAIL KEDINASAN",
        "EMAIL KANTOR",
        "EMAIL INSTANSI",
        "E MAIL DINAS",
        "SUREL DINAS",
        "SUREL KEDINASAN",
        "WORK EMAIL",
    ],
    &["EMAIL", "E MAIL", "SUREL", "ALAMAT EMAIL", "ALAMAT SUREL"],
    &[
        "JENIS PEGAWAI NAMA",
        "JENIS PEGAWAI",
        "JENIS ASN",
        "STATUS PEGAWAI",
        "STATUS KEPEGAWAIAN",
        "JENIS KEPEGAWAIAN",
        "STATUS ASN",
        "JENIS",
        "EMPLOYEE KIND",
    ],
    &["STATUS CPNS PNS", "STATUS CPNS", "CPNS PNS"],
    &["KEDUDUKAN HUKUM NAMA", "KEDUDUKAN HUKUM", "KEDUDUKAN PNS NAMA", "KEDUDUKAN PEGAWAI", "KEDUDUKAN", "STANDING"],
    &["JENIS JABATAN NAMA", "JENIS JABATAN", "KELOMPOK JABATAN", "POST KIND"],
    &["JABATAN NAMA", "NAMA JABATAN", "JABATAN", "POST", "POSITION"],
    &[
        "UNOR NAMA",
        "NAMA UNOR",
        "UNOR",
        "UNIT ORGANISASI",
        "NAMA UNIT ORGANISASI",
        "UNIT KERJA",
        "NAMA UNIT KERJA",
        "UNIT KERJA NAMA",
        "UNIT",
        "NAMA UNIT",
        "SATUAN KERJA NAMA",
        "SATUAN KERJA",
        "PERANGKAT DAERAH",
        "OPD",
        "SKPD",
    ],
    &[
        "UNOR INDUK NAMA",
        "NAMA UNOR INDUK",
        "UNOR INDUK",
        "UNIT ORGANISASI INDUK",
        "UNIT KERJA INDUK",
        "UNIT INDUK",
        "PARENT UNIT",
    ],
    &[
        "INSTANSI KERJA NAMA",
        "NAMA INSTANSI KERJA",
        "INSTANSI KERJA",
        "INSTANSI",
        "NAMA INSTANSI",
        "INSTANSI NAMA",
        "INSTANSI INDUK NAMA",
        "AGENCY",
    ],
];

/// Words in the name of a column that no file of this program may ever keep.
const SENSITIVE_WORDS: [&str; 35] = [
    "NIK",
    "KTP",
    "KK",
    "AGAMA",
    "RELIGION",
    "KAWIN",
    "PERKAWINAN",
    "MARITAL",
    "NPWP",
    "PAJAK",
    "TAX",
    "GAJI",
    "SALARY",
    "TUNJANGAN",
    "REKENING",
    "BPJS",
    "TASPEN",
    "KESEHATAN",
    "HP",
    "TELP",
    "TELEPON",
    "HANDPHONE",
    "WA",
    "WHATSAPP",
    "PHONE",
    "ALAMAT",
    "ADDRESS",
    "LAHIR",
    "SK",
    "KARPEG",
    "KARTU",
    "PASANGAN",
    "ANAK",
    "DARAH",
    "PRIBADI",
];

/// A column of the file that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedColumn {
    pub name: String,
    /// Personal data that must not be kept (religion, NIK, tax number, salary and the like).
    pub sensitive: bool,
}

/// Whether the name of a column says that it holds personal data nobody needs for a test.
pub(crate) fn is_sensitive(name: &str) -> bool {
    normalised(name).split(' ').any(|word| SENSITIVE_WORDS.contains(&word))
}

/// `Tanggal_Lahir (dd-mm-yyyy)` and `tanggalLahir` both become `TANGGAL LAHIR`.
pub(crate) fn normalised(name: &str) -> String {
    let outside = name.split('(').next().filter(|part| !part.trim().is_empty()).unwrap_or(name);
    let mut words = String::with_capacity(outside.len());
    let mut after_small = false;
    for c in outside.chars() {
        if !c.is_alphanumeric() || (after_small && c.is_uppercase()) {
            words.push(' ');
        }
        if c.is_alphanumeric() {
            words.extend(c.to_uppercase());
        }
        after_small = c.is_lowercase();
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_name_belongs_to_two_columns_and_all_are_written_normalised() {
        let mut seen = HashSet::new();
        for (position, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column.index(), position);
            for name in column.names() {
                assert!(seen.insert(*name), "{name}");
                assert_eq!(normalised(name), *name);
            }
        }
    }

    #[test]
    fn names_are_recognised_in_the_ways_offices_write_them() {
        for name in ["Tanggal Lahir", "TANGGAL_LAHIR", "tanggalLahir", "TANGGAL  LAHIR (dd-mm-yyyy)", "Tanggal\nLahir"]
        {
            assert_eq!(normalised(name), "TANGGAL LAHIR", "{name}");
        }
        assert_eq!(normalised("(NIP)"), "NIP");
    }

    #[test]
    fn religion_nik_tax_salary_and_the_like_are_sensitive_and_used_columns_are_not_needed_for_that() {
        for name in ["AGAMA NAMA", "NIK", "NPWP NOMOR", "Gaji Pokok", "JENIS KAWIN ID", "NOMOR HP", "ALAMAT", "BPJS"] {
            assert!(is_sensitive(name), "{name}");
        }
        for name in ["TEMPAT LAHIR NAMA", "NOMOR SK CPNS", "KARTU ASN VIRTUAL", "IS VALID NIK"] {
            assert!(is_sensitive(name), "{name}");
        }
        for name in ["GOL AKHIR NAMA", "TMT JABATAN", "UNOR ID", "TINGKAT PENDIDIKAN NAMA"] {
            assert!(!is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn the_format_for_officers_names_every_column_and_every_sensitive_word() {
        let format = include_str!("../../../../docs/formats/staff.md");
        for name in Column::ALL.into_iter().flat_map(Column::names).chain(&SENSITIVE_WORDS) {
            assert!(format.contains(name), "{name}");
        }
    }
}
