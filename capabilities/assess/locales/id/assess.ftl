# Tes, hasil, dan keberatan, untuk pegawai.

nav-home = Beranda

item-answer = Jawab dan lanjut
item-skip = Saya tidak tahu
item-skip-hint = “Saya tidak tahu” dihitung belum benar, sama seperti jawaban yang keliru.
item-table = Tabel data
item-number = Jawaban Anda (angka)
item-place = Pilih urutan
item-partner = Pilih pasangan
item-how-single-choice = Pilih satu jawaban.
item-how-multiple-choice = Pilih semua jawaban yang benar. Soal dinilai benar jika semua yang benar dipilih dan tidak ada yang keliru.
item-how-order = Beri setiap langkah nomor urut. Soal dinilai benar jika seluruh urutannya benar.
item-how-match = Pilih pasangan untuk setiap baris. Soal dinilai benar jika semua pasangan benar.
item-how-mark = Tandai setiap bagian yang dimaksud. Soal dinilai benar jika semua bagian itu ditandai dan tidak ada yang lain.
item-how-numeric = Ketik angkanya saja. Titik dan koma ditulis seperti biasa, misalnya 1.250 atau 2,5.

document-mail = Surel
document-chat = Percakapan
document-results = Hasil pencarian
document-assistant = Jawaban asisten AI
document-page = Halaman

incomplete-nothing = Pilih atau isi jawaban dahulu. Jika tidak tahu, tekan “Saya tidak tahu”.
incomplete-nothing-to-check = Pilih atau isi jawaban dahulu, lalu tekan “Periksa”.
incomplete-step = Beri nomor urut untuk setiap langkah.
incomplete-same-place = Dua langkah mendapat nomor yang sama. Beri setiap langkah nomor yang berbeda.
incomplete-left = Pilih pasangan untuk setiap baris.
incomplete-same-right = Satu pasangan dipilih dua kali. Pilih pasangan yang berbeda untuk setiap baris.
incomplete-number = Jawaban ini bukan angka. Ketik angkanya saja, misalnya 1.250 atau 2,5.

home-title = Beranda
home-open = Penilaian untuk Anda
home-open-none = Saat ini tidak ada penilaian yang terbuka untuk Anda. Jika ada yang baru, penilaian itu muncul di sini.
home-closes = Dapat dikerjakan sampai { $date }.
home-start = Mulai
home-continue = Lanjutkan
home-finished = Selesai
home-results = Hasil Anda
home-results-none = Hasil Anda muncul di sini segera setelah tes selesai.
home-result-of = Hasil: { $title }
home-result-date = Selesai { $date }
home-see-result = Lihat hasil

session-intro-title = Sebelum mulai
session-purpose = Untuk apa
session-who = Siapa melihat apa
session-who-you = Anda melihat hasil lengkap segera setelah selesai.
session-who-office = Kantor hanya melihat gabungan: kelompok dengan kurang dari { $least } orang tidak ditampilkan. Pengelola kepegawaian melihat siapa yang sudah dan belum selesai, bukan hasilnya.
session-who-dispute = Jika Anda menyatakan tidak setuju dengan hasil, pengelola melihat pernyataan dan hasil Anda agar dapat menjawab.
session-who-purpose = Hasil ini tidak menentukan pangkat, jabatan, atau tunjangan.
session-how = Bagaimana tesnya
session-how-length = { $minimum } sampai { $maximum } soal, biasanya sekitar { $minutes } menit, paling lama { $longest } menit. Tes berhenti sendiri begitu hasilnya cukup pasti.
session-time-left = Waktu tersisa kira-kira { $minutes } menit. Jawaban yang sudah dikirim tetap dihitung.
session-how-adaptive = Soal menyesuaikan dengan jawaban Anda: setelah jawaban benar, soal berikutnya lebih sulit. Wajar jika kira-kira separuh terasa sulit.
session-how-pause = Anda boleh berhenti dan melanjutkan kapan saja, juga di perangkat lain. Setiap jawaban langsung tersimpan.
session-how-back = Jawaban yang sudah dikirim tidak dapat diubah.
session-how-language = Bahasa dapat diganti kapan saja di bagian atas halaman.
session-open-bank = Soal bank terbuka ini beserta kuncinya dapat dibaca siapa saja, jadi hasil cocok untuk belajar, bukan untuk keputusan tentang seseorang. Soal belum diuji pada pegawai; semua angka bersifat sementara.
session-practise = Berlatih dahulu ({ $count } soal contoh)
session-skip-practice = Saya sudah pernah berlatih, langsung mulai tes

practice-title = Contoh { $number } dari { $count }
practice-intro = Ini hanya latihan untuk mengenal cara menjawab. Tidak dinilai dan tidak disimpan.
practice-check = Periksa
practice-right = Benar. Begini cara menjawab soal jenis ini.
practice-wrong = Belum benar, tidak apa-apa. { $rationale }
practice-next = Contoh berikutnya
practice-done = Latihan selesai: mulai tes

session-item-title = Soal { $position }
session-progress = Soal { $position }, paling banyak { $maximum }
session-progress-saved = Jawaban sebelumnya sudah tersimpan.
session-pause = Berhenti sementara
session-flag-title = Ada yang salah dengan soal ini?
session-flag-note = Apa yang salah? (boleh dikosongkan)
session-flag-send = Laporkan soal
session-flag-thanks = Terima kasih. Laporan Anda diteruskan kepada penulis soal.
session-unsent = Belum terkirim. Jawaban Anda tersimpan di halaman ini; kami mencoba lagi.
session-item-gone = Soal ini tidak tersedia lagi. Lanjutkan ke soal berikutnya.

paused-title = Berhenti sementara
paused-text = Semua jawaban Anda tersimpan. Anda boleh menutup halaman ini dan melanjutkan nanti, juga di perangkat lain.
paused-until = Lanjutkan paling lambat { $date }.
paused-continue = Lanjutkan tes

finished-title = Tes selesai
finished-text = Semua jawaban tersimpan. Anda boleh menutup halaman ini.
finished-result = Lihat hasil

closed-title = Penilaian ini sudah ditutup
closed-text = Masa pengerjaannya telah berakhir. Jika Anda sempat menjawab, hasilnya ada di beranda.
not-open-title = Penilaian ini belum dibuka
not-open-text = Penilaian ini dapat dikerjakan mulai { $date }.

result-title = Hasil Anda
result-of = { $title }, selesai { $date }
result-short = Jawaban terlalu sedikit untuk sebuah hasil. Penilaian ditutup setelah { $items } soal.
result-overall = Keseluruhan
result-overall-interval = antara { $lower } dan { $upper }
result-scale = Skala 500 ± 100: 500 adalah rata-rata yang diperkirakan untuk kelompok acuan. Dengan keyakinan 95%, kemampuan Anda berada di antara kedua angka.
result-provisional = Sementara: soal belum diuji pada pegawai, dan belum ada panel ahli yang menetapkan batas tingkat. Bank soal { $bank }.
result-areas = Lima area
result-area-level = Paling mungkin: { $level }
result-area-range = antara { $lowest } dan { $highest }
result-level-none = di bawah Dasar
result-need = Jabatan Anda memerlukan: { $level }
result-need-none = Jabatan Anda tidak memerlukan area ini.
result-probability = Peluang terpenuhi { $percent }
result-met = Kemungkinan besar terpenuhi
result-not-sure = Belum pasti
result-not-met = Kemungkinan besar belum terpenuhi
result-not-sure-means = Jawaban Anda belum cukup untuk memastikan. Ini bukan kekurangan.
result-learn = Langkah belajar berikutnya
result-all-met = Semua kebutuhan jabatan Anda kemungkinan besar sudah terpenuhi.
result-post = Jabatan: { $post }
result-post-none = Jabatan Anda belum tercatat, jadi kebutuhan jabatan belum dapat dibandingkan.
result-chart-title = Kemampuan dan kebutuhan jabatan
result-chart-description = Titik menunjukkan kemampuan Anda di setiap area, garis menunjukkan rentang 95%, belah ketupat menunjukkan kebutuhan jabatan.
result-table-area = Area
result-table-score = Skor
result-table-interval = Rentang 95%
result-table-need = Kebutuhan
result-table-probability = Peluang terpenuhi
result-legend-you = Anda
result-legend-interval = rentang 95%
result-legend-need = kebutuhan jabatan
result-print = Cetak
result-disagree = Saya tidak setuju dengan hasil ini
result-basis = Berdasarkan { $items } soal dari bank { $bank }. Tes berakhir karena { $reason }.
end-precision = hasil sudah cukup pasti
end-maximum = jumlah soal paling banyak tercapai
end-time = waktu habis
end-exhausted = tidak ada soal lagi yang sesuai
end-closed = penilaian ditutup

disagree-title = Tidak setuju dengan hasil
disagree-intro = Tulis apa yang menurut Anda tidak sesuai. Pengelola kepegawaian melihat pernyataan dan hasil Anda, lalu menjawab dengan nama.
disagree-statement = Pernyataan Anda
disagree-statement-hint = Misalnya: apa yang Anda kuasai tetapi tidak terlihat, atau apa yang mengganggu saat tes.
disagree-send = Kirim pernyataan
disagree-empty = Tulis pernyataan Anda, paling sedikit 10 huruf.
disagree-long = Pernyataan paling panjang 2.000 huruf. Persingkat sedikit.
disagree-sent = Pernyataan Anda terkirim { $date }. Jawaban muncul di halaman ini.
disagree-yours = Pernyataan Anda ({ $date })
disagree-reply = Jawaban { $name } ({ $date })

preview-right = Dinilai benar.
preview-wrong = Dinilai belum benar.

about-title = Tentang Melek dan data Anda
about-lead = Melek mengukur kompetensi digital pegawai dengan tes singkat, membandingkannya dengan kebutuhan jabatan, dan menunjukkan langkah belajar berikutnya.
about-figures = Seberapa dapat dipercaya angkanya
about-figures-provisional = Semua angka masih sementara. Tingkat kesulitan soal adalah perkiraan penulisnya; belum ada uji coba lapangan dan belum ada panel ahli yang menetapkan batas tingkat.
about-figures-open = Bank soal ini terbuka: siapa saja dapat membaca soal dan kuncinya. Itu baik untuk belajar dan menilai mutu soal, tetapi tidak untuk keputusan tentang seseorang.
about-figures-interval = Setiap hasil ditampilkan dengan rentangnya. “Belum pasti” juga sebuah jawaban.
about-data = Data Anda
about-data-kept = Disimpan: nama, NIP (di satu tempat, selalu disamarkan di layar), unit, jabatan, surel dinas, jawaban, dan hasil Anda.
about-data-not-kept = Tidak disimpan: agama, NIK, NPWP, gaji, alamat, nomor telepon, foto, atau lokasi.
about-data-person = Tidak ada keputusan tentang Anda yang dibuat oleh mesin saja. Setiap hasil boleh disanggah dan dijawab oleh orang yang menyebut namanya.
about-sources = Sumber dan lisensi
about-sources-framework = Kerangka kompetensinya DigComp 3.0 (Uni Eropa, 2025, CC BY 4.0), diterjemahkan oleh proyek Melek; Komisi Eropa tidak bertanggung jawab atas terjemahan ini.
about-sources-link = Lihat kerangka kompetensi
about-sources-licence = Melek adalah perangkat lunak terbuka (Apache-2.0 atau MIT). Soal dan isi lainnya berlisensi CC BY 4.0.
