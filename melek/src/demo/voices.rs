//! What invented people say: that they disagree with a result, and that something is wrong with an item. Kept through
//! the same functions as what people write on the pages.

use anyhow::Result;
use melek_assess::{Flag, keep_flag, open_dispute, session_of_person};
use melek_web::{Clock, Locale, Office};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::plan::HOUR_MS;
use super::sitting::Sat;

const DISAGREEMENTS: [&str; 4] = [
    "Saya mengerjakan di ruang pelayanan dan berkali-kali dipanggil ke loket. \
     Hasil area Keamanan tidak menggambarkan kemampuan saya; mohon kesempatan mengulang.",
    "Jabatan saya sudah berubah sejak bulan lalu, tetapi hasilnya masih dibandingkan dengan kebutuhan jabatan lama.",
    "Sinyal di kantor kami terputus dua kali. Dua butir terakhir terkirim sebelum selesai saya baca.",
    "Saya sudah mengikuti pelatihan analisis data tahun ini dan punya sertifikatnya. \
     Mohon area Informasi dan Data ditinjau kembali.",
];

const REPORTS: [&str; 9] = [
    "Dua pilihan menurut saya sama-sama benar.",
    "Gambar suratnya terlalu kecil di HP saya.",
    "Di kantor kami aplikasinya namanya lain, jadi saya bingung.",
    "Kalimat soalnya panjang, saya harus membaca tiga kali.",
    "Ada salah ketik di pilihan terakhir.",
    "Kunci urutannya bisa berbeda kalau berkasnya sudah dicadangkan.",
    "Angka pada tabel tidak cocok dengan pertanyaannya.",
    "Tidak jelas apakah yang dimaksud surel dinas atau surel pribadi.",
    "The English text says \"folder\" where the Indonesian says \"berkas\".",
];

/// Lets some of those who finished speak; `seed` decides who.
pub async fn raise(office: &Office, sat: &[Sat], seed: u64) -> Result<()> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let finished: Vec<&Sat> = sat.iter().filter(|sat| sat.finished).collect();
    let disagreeing = finished.sample(&mut rng, DISAGREEMENTS.len());
    for (sat, statement) in disagreeing.zip(DISAGREEMENTS) {
        let mut later = office.clone();
        later.clock = Clock::manual((sat.ended_ms + 5 * HOUR_MS).min(office.clock.now_ms()));
        open_dispute(&later, sat.session, statement.to_owned()).await?;
    }
    let reporting: Vec<&Sat> = finished.sample(&mut rng, REPORTS.len()).copied().collect();
    for (sat, note) in reporting.into_iter().zip(REPORTS) {
        let position = rng.random_range(1..=sat.answers);
        let stored = session_of_person(&office.db, sat.session, sat.person).await?;
        let Some(item) = stored.as_ref().and_then(|stored| stored.state.item_at(position)) else { continue };
        let locale = if note.contains("English") { Locale::En } else { Locale::Id }.tag();
        let (session, raised_ms) = (sat.session, sat.ended_ms);
        let (id, position, note) = (office.clock.new_id(), position as i64, note.to_owned());
        let flag = Flag { id, session, position, item: item.clone(), locale, note, raised_ms };
        keep_flag(&office.db, flag).await?;
    }
    Ok(())
}
