"""Addresses of letters: the common ones are read without the standard's whole grammar."""

from email.headerregistry import Address

from hypothesis import given
from hypothesis import strategies as st

from services.notify import letters


@given(st.from_regex(letters._PLAIN, fullmatch=True))
def test_a_plain_address_is_read_as_the_standard_reads_it(email: str) -> None:
    """The short way and the long one come to the same address."""
    assert Address(addr_spec=email) == letters._address(email)
