import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.randomness import SeededRandomness, SystemRandomness
from shared.domain.sealing import DataKey, Unsealable

DOSSIER = UUID(int=1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def key(seed: str = "a", dossier: UUID = DOSSIER) -> DataKey:
    """A dossier's key that is the same in every run."""
    return DataKey(dossier, SeededRandomness(seed).bytes(32), SystemRandomness())


@given(payload=st.dictionaries(st.text(), JSON, max_size=5), context=st.text(max_size=20))
def test_what_is_sealed_can_be_opened(payload: dict, context: str) -> None:
    """Opening gives back exactly what was sealed."""
    assert payload == key().open(key().seal(payload, context), context)


def test_nothing_shows_through() -> None:
    """The sealed text holds none of the data, and sealing the same twice gives two texts."""
    payload = {"name": "Siti Aminah", "address": "Jl. Merdeka 17"}
    sealed = [key().seal(payload, "ComplaintFiled") for _ in range(2)]

    assert 2 == len(set(sealed))
    for each in sealed:
        assert b"Siti" not in base64.b64decode(each)
        assert b"Merdeka" not in base64.b64decode(each)


@given(place=st.integers(min_value=0, max_value=10_000), bit=st.integers(min_value=0, max_value=7))
def test_a_changed_bit_is_noticed(place: int, bit: int) -> None:
    """Sealed data with any one bit turned cannot be opened."""
    blob = bytearray(base64.b64decode(key().seal({"text": "jalan rusak"}, "Answered")))
    blob[place % len(blob)] ^= 1 << bit

    with pytest.raises(Unsealable):
        key().open(base64.b64encode(blob).decode(), "Answered")


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64 at all", "é", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="])
def test_what_was_never_sealed_is_refused(sealed: str) -> None:
    """Text that is no sealed data is refused like data that were tampered with."""
    with pytest.raises(Unsealable):
        key().open(sealed, "Answered")


def test_data_open_only_where_they_belong() -> None:
    """Sealed data moved to another event, another dossier, or under another key cannot be opened."""
    sealed = key().seal({"text": "rahasia"}, "Answered")

    for other, context in [(key(), "Returned"), (key(dossier=uuid4()), "Answered"), (key("b"), "Answered")]:
        with pytest.raises(Unsealable):
            other.open(sealed, context)


def test_dossier_and_context_cannot_run_into_each_other() -> None:
    """What is bound to a dossier and a context fits no other division of the same bytes."""
    sealed = key(dossier=UUID(bytes=b"0123456789abcdef")).seal({"a": 1}, "gh")

    with pytest.raises(Unsealable):
        key(dossier=UUID(bytes=b"0123456789abcdef")).open(sealed, "g")


def test_no_error_and_no_log_line_tells_a_secret() -> None:
    """Neither a key's text form nor an error quotes the key or the data."""
    sealed = key().seal({"text": "rahasia"}, "Answered")
    with pytest.raises(Unsealable) as refused:
        key("b").open(sealed, "Answered")

    said = f"{key()!r} {refused.value!r} {refused.value}"
    assert "rahasia" not in said
    assert sealed not in said
    assert str(key().secret) not in said
    assert key().secret.hex() not in said
