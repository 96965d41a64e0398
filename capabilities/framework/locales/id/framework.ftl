framework-title = Kerangka kompetensi
framework-lead = Melek memakai DigComp 3.0: 5 area, 21 kompetensi, dan 4 tingkat. Inilah arti setiap kata dalam hasil Anda.
framework-levels = Tingkat
framework-source = Sumber:
framework-licence = Terjemahan oleh proyek Melek, CC BY 4.0. Komisi Eropa tidak bertanggung jawab atas terjemahan ini.
