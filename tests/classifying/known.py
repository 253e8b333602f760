"""The shared words and the model, as shipped."""

from pathlib import Path

from shared.domain.classifying.corpus import Corpus, load_corpus
from shared.domain.sop.annexes import Classification
from shared.domain.sop.reading.loader import load_classification
from tests.sop.walker import TENANTS

REFERENCE = Path(TENANTS.directory) / "_reference"
SHARED: Classification = load_classification(REFERENCE / "keywords.yaml", "complaint")

ROADS = "PEKERJAAN UMUM DAN PENATAAN RUANG"
TRAFFIC = "PERHUBUNGAN"
WASTE = "LINGKUNGAN HIDUP DAN KEHUTANAN"
HEALTH = "KESEHATAN"
PAPERS = "KEPENDUDUKAN"
SCHOOL = "PENDIDIKAN DAN KEBUDAYAAN"
ORDER = "KETENTERAMAN, KETERTIBAN UMUM, DAN PELINDUNGAN MASYARAKAT"
ENERGY = "ENERGI DAN SUMBER DAYA ALAM"


def corpus() -> Corpus:
    """The labelled texts, as shipped."""
    return load_corpus(REFERENCE / "corpus.yaml", REFERENCE / "categories.csv")
