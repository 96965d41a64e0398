# Layout
layout-skip = Langsung ke isi halaman
layout-synthetic = Data peragaan: semua orang dan angka di sini buatan.
layout-language = Bahasa
layout-navigation = Menu utama
layout-menu = Menu
layout-account = Akun:
layout-sign-in = Masuk
layout-sign-out = Keluar

# Forms
form-errors-heading = Ada yang perlu diperbaiki
form-error-prefix = Kesalahan:

# Said by the page's script
script-unsent = Belum terkirim. Jawaban Anda tersimpan di halaman ini; kami mencoba lagi.
script-sending = Mengirim …
script-copied = Sudah disalin.

# Charts
chart-estimate = perkiraan
chart-interval = rentang yang mungkin
chart-target = yang dibutuhkan
chart-table = Lihat angkanya dalam tabel
chart-interval-row = { $label }: perkiraan { $estimate }, antara { $low } dan { $high }.
chart-interval-row-target = { $label }: perkiraan { $estimate }, antara { $low } dan { $high }; yang dibutuhkan { $target }.

# Problems: title, what happened, what to do
problem-not-found-title = Halaman tidak ditemukan
problem-not-found-text = Alamat ini tidak ada, atau bukan untuk akun Anda.
problem-not-found-advice = Periksa alamatnya, atau mulai lagi dari halaman utama.
problem-forbidden-title = Anda tidak berwenang membuka halaman ini
problem-forbidden-text = Halaman ini untuk peran atau unit organisasi lain.
problem-forbidden-advice = Jika Anda memerlukannya untuk tugas, hubungi pengelola kepegawaian instansi Anda.
problem-sign-in-required-title = Silakan masuk dahulu
problem-sign-in-required-text = Halaman ini hanya dapat dibuka setelah Anda masuk.
problem-sign-in-required-advice = Masuk, lalu coba lagi.
problem-form-expired-title = Formulir ini sudah tidak berlaku
problem-form-expired-text = Tidak ada yang diubah. Mungkin halaman terlalu lama terbuka, atau Anda masuk kembali di tab lain.
problem-form-expired-advice = Kembali ke halaman sebelumnya, muat ulang, lalu kirim lagi.
problem-conflict-title = Keadaannya sudah berubah
problem-conflict-text = Data ini diubah sementara Anda bekerja. Tidak ada yang ditimpa.
problem-conflict-advice = Buka lagi halamannya untuk melihat keadaan terbaru.
problem-invalid-title = Permintaan tidak dapat dibaca
problem-invalid-text = Isian atau alamat yang dikirim tidak lengkap. Tidak ada yang diubah.
problem-invalid-advice = Kembali ke halaman sebelumnya dan coba lagi.
problem-method-not-allowed-title = Alamat ini tidak dibuka dengan cara itu
problem-method-not-allowed-text = Halaman ini menerima formulir, bukan dibuka langsung (atau sebaliknya).
problem-method-not-allowed-advice = Mulai lagi dari halaman utama.
problem-too-large-title = Kiriman terlalu besar
problem-too-large-text = Formulir paling besar 512 KB, berkas paling besar 20 MB. Tidak ada yang disimpan.
problem-too-large-advice = Perkecil atau bagi berkasnya, lalu kirim lagi.
problem-too-many-title = Terlalu banyak percobaan
problem-too-many-text = Untuk keamanan, percobaan dari akun atau jaringan ini dihentikan sebentar.
problem-too-many-advice = Tunggu beberapa menit, lalu coba lagi.
problem-unavailable-title = Sedang tidak dapat dilayani
problem-unavailable-text = Sistem sedang sibuk. Yang sudah dinyatakan tersimpan tetap tersimpan.
problem-unavailable-advice = Tunggu sebentar, lalu muat ulang halaman ini.
problem-internal-title = Terjadi kesalahan pada sistem kami
problem-internal-text = Ini bukan kesalahan Anda. Yang sudah dinyatakan tersimpan tetap tersimpan.
problem-internal-advice = Coba lagi. Jika terulang, sampaikan kode di bawah ini kepada pengelola.
problem-request-id = Kode kejadian: { $id }
problem-home = Ke halaman utama
