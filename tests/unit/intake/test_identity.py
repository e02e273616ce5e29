"""The vault: nothing opens but with the right key and purpose."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.identity import KeyFault, Unreadable, Vault, key_bytes

ONE, TWO = os.urandom(32), os.urandom(32)


@given(st.text())
def test_what_is_sealed_opens_again(value: str) -> None:
    vault = Vault(ONE, TWO)
    assert vault.open(vault.seal(value, "name"), "name") == value


def test_even_a_lone_surrogate_survives() -> None:
    vault = Vault(ONE, TWO)
    assert vault.open(vault.seal("\ud800x", "inbox"), "inbox") == "\ud800x"


def test_another_key_another_purpose_and_a_changed_byte_do_not_open() -> None:
    vault, other = Vault(ONE, TWO), Vault(TWO, ONE)
    sealed = vault.seal("秘密", "phone")
    assert "秘密".encode() not in sealed
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for reader, value, purpose in (
        (other, sealed, "phone"),
        (vault, sealed, "name"),
        (vault, changed, "phone"),
    ):
        with pytest.raises(Unreadable):
            reader.open(value, purpose)


def test_the_same_value_is_sealed_differently_each_time() -> None:
    vault = Vault(ONE, TWO)
    assert vault.seal("a", "x") != vault.seal("a", "x")


def test_lookup_is_keyed_and_apart_for_each_account() -> None:
    vault = Vault(ONE, TWO)
    assert vault.lookup("gh_1", "o1") == vault.lookup("gh_1", "o1")
    assert (
        len({vault.lookup("gh_1", "o1"), vault.lookup("gh_2", "o1"), Vault(TWO, ONE).lookup("gh_1", "o1")})
        == 3
    )


@pytest.mark.parametrize("text", ["", "short", "!" * 43, base64.urlsafe_b64encode(b"x" * 31).decode()])
def test_a_bad_key_is_named(text: str) -> None:
    with pytest.raises(KeyFault):
        key_bytes(text)
