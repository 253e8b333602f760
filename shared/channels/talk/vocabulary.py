"""The words by which people greet, thank, agree, decline and command, as they write them; small letters all."""

from typing import Final

GREETINGS: Final = frozenset(
    {
        *("halo", "hallo", "hai", "hi", "hello", "hey", "ping", "p", "tes"),
        *("test", "selamat", "pagi", "siang", "sore", "malam", "assalamualaikum", "assalamu", "alaikum"),
        *("wr", "wb", "permisi", "mas", "mbak", "min", "admin", "pak", "bu"),
        *("bapak", "ibu", "kak", "gan", "bos"),
    }
)
THANKS: Final = frozenset(
    {
        *("terima", "kasih", "makasih", "trims", "thanks", "thank", "you", "suwun", "nuwun"),
        *("ok", "oke", "okey", "siap", "baik", "sip", "ya"),
    }
)
BESIDE_THANKS: Final = frozenset(
    {
        *("banyak", "sekali", "atas", "infonya", "informasinya", "bantuannya", "jawabannya", "tanggapannya"),
        *("perhatiannya", "kerjanya", "very", "much", "a", "lot"),
    }
)
TIMES_OF_DAY: Final = frozenset({"pagi", "siang", "sore", "malam"})
"""By themselves an answer to when something happened; with another word a greeting."""
WITH_TIMES_OF_DAY: Final = frozenset({"selamat", "kasih", "makasih", "trims", "thanks", "thank", "suwun", "nuwun"})
"""Beside these one is a greeting all the same: "makasih pak, selamat malam"."""
COURTESY: Final = frozenset(
    {
        *("pak", "bu", "bapak", "ibu", "mas", "mbak", "kak", "min", "admin"),
        *("bos", "gan", "saja", "aja", "dong", "deh", "please"),
    }
)
"""Beside a word of command or consent they mean nothing more."""
OWN: Final = frozenset({"aduan", "pengaduan", "laporan", "saya", "my", "complaint", "complaints"})
MINE: Final = frozenset({"saya", "my"})
OF_COMPLAINTS: Final = ("status", "withdraw")
"""Commands beside which these words say of what: "cek status aduan saya"; who would "stop" one means something else."""
YES: Final = frozenset(
    {
        *("1", "ya", "iya", "y", "yes", "kirim", "kirimkan", "benar", "betul", "setuju", "ok", "oke", "boleh", "siap"),
        *("lanjut", "lanjutkan", "send"),
    }
)
NO: Final = frozenset(
    {
        *("batal", "tidak", "tidak jadi", "tidak usah", "gak jadi", "ga jadi", "nggak jadi", "gak usah", "ga usah"),
        *("gak", "ga", "nggak", "enggak", "jangan", "cancel", "stop", "no"),
        *("tidak mau", "gak mau", "ga mau", "nggak mau", "enggak mau"),
    }
)
KEYWORDS: Final = {
    "status": "status",
    "cek status": "status",
    "cek": "status",
    "cabut": "withdraw",
    "bantuan": "help",
    "help": "help",
    "menu": "help",
    "batal": "cancel",
    "lewati": "skip",
    "selesai": "done",
    "ubah": "change",
    "ganti": "change",
    "petugas": "person",
    "hubungi petugas": "person",
    "berhenti": "quiet",
    "stop": "quiet",
    "mulai": "unquiet",
    "english": "english",
    "bahasa inggris": "english",
    "bahasa": "indonesian",
    "bahasa indonesia": "indonesian",
    "indonesia": "indonesian",
    "check status": "status",
    "withdraw": "withdraw",
    "cancel": "cancel",
    "skip": "skip",
    "done": "done",
    "change": "change",
    "officer": "person",
    "start": "unquiet",
}
OFFERED: Final = {
    "ya cabut": "yes",
    "yes withdraw": "yes",
    "yes send": "yes",
    "tambah dulu": "more",
    "tambah": "more",
    "add something": "more",
    "aduan baru": "new",
    "baru": "new",
    "new complaint": "new",
    "tidak usah": "leave",
    "no thanks": "leave",
    "tambahan aduan": "story:add",
    "more of the story": "story:add",
    "ini jawabannya": "story:answer",
    "that is my answer": "story:answer",
    "terbuka": "p:open",
    "open": "p:open",
    "anonim": "p:anonymous",
    "anonymous": "p:anonymous",
    "rahasia": "p:secret",
    "secret": "p:secret",
    "buat aduan": "menu:file",
    "file a complaint": "menu:file",
    "lainnya": "next:",
    "others": "next:",
    "nama": "e:reporter.name",
    "name": "e:reporter.name",
    "alamat": "e:reporter.address",
    "address": "e:reporter.address",
    "telepon": "e:reporter.phone",
    "telephone": "e:reporter.phone",
    "nik": "e:reporter.identity",
    "judul": "e:title",
    "title": "e:title",
    "bidang": "e:category",
    "subject": "e:category",
    "lokasi": "e:location",
    "location": "e:location",
}
"""Titles of what can be pressed, as they are written by hand: the id of each, or how it begins."""
WITH_TICKET: Final = ("status", "cabut", "cek", "withdraw")
COMPLAINING: Final = frozenset(
    {
        *("lapor", "melapor", "melaporkan", "laporan", "mengadu", "ngadu", "aduan", "pengaduan", "komplain", "keluhan"),
        *("complain", "complaint", "report"),
    }
)
ANNOUNCING: Final = frozenset(
    {
        *("saya", "kami", "aku", "mau", "ingin", "mo", "hendak", "akan", "ada", "bisa", "buat", "bikin", "membuat"),
        *("cara", "caranya", "gimana", "bagaimana", "di", "sini", "disini", "untuk", "i", "want", "to", "a", "file"),
        *("would", "like", "how", "do"),
    }
)
"""Words with which a complaint is announced, and by which nothing is said of it."""
BEFORE_A_TICKET: Final = frozenset({"tiket", "ticket", "no", "nomor", "nomer", "number", "aduan", "complaint"})
COUNTED: Final = frozenset(
    {
        *("detik", "menit", "mnt", "jam", "hari", "hr", "minggu", "mgg", "pekan", "bulan", "bln", "tahun", "thn"),
        *("kali", "x", "orang", "org", "warga", "anak", "keluarga", "kk", "rumah", "rt", "rw", "desa", "dusun"),
        *("titik", "lubang", "tiang", "lampu", "pohon", "ekor", "buah", "unit", "truk", "mobil", "motor", "ruas"),
        *("malam", "januari", "jan", "februari", "feb", "maret", "mar", "april", "apr", "mei", "juni", "jun", "juli"),
        *("jul", "agustus", "agt", "agu", "september", "sep", "oktober", "okt", "november", "nov", "desember", "des"),
        *("january", "february", "march", "may", "june", "july", "august", "aug", "october", "oct", "december", "dec"),
        *("meter", "m", "km", "cm", "kilometer", "hektar", "ha", "ton", "kg", "liter", "persen", "juta", "ribu"),
        *("dari", "belas", "puluh", "ratus", "day", "days", "week", "weeks", "month", "months", "hours", "people"),
    }
)
"""What people count, or date: "3 hari belum diperbaiki" is no mark, and its words are none beside one."""
