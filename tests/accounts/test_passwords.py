"""Passwords: long enough and not a common one; hashed with argon2id; nobody is told apart by
time.
"""

from __future__ import annotations

import pytest
from argon2 import extract_parameters

from dashboard.accounts import passwords
from tests.conftest import REAL_HASHER


@pytest.mark.parametrize(
    "password",
    ["ngắn", "a" * 12, "password1234", "1234567890", "Mật khẩu 2026", "matkhau@2026", "x" * 201],
)
def test_short_common_and_repeated_passwords_are_refused_in_words(password: str) -> None:
    assert passwords.find_password_fault(password, "an").endswith(".")


def test_a_password_with_the_accounts_name_is_refused() -> None:
    assert passwords.find_password_fault("vpubnd.sonha so 1", "vpubnd.sonha")
    assert passwords.find_password_fault("bàn ghế trong lớp", "an") == ""


@pytest.mark.parametrize("password", ["con mèo nhỏ ngủ", "ba con gà trống", "k7-wq9-zzt-04b"])
def test_a_few_words_are_enough_whatever_their_letters(password: str) -> None:
    assert passwords.find_password_fault(password, "an") == ""


def test_a_hash_is_argon2id_and_verifies_only_its_password() -> None:
    password_hash = passwords.hash_password("con mèo nhỏ ngủ")
    assert password_hash.startswith("$argon2id$")
    assert passwords.verify_password(password_hash, "con mèo nhỏ ngủ")
    assert not passwords.verify_password(password_hash, "con mèo nhỏ")
    assert not passwords.verify_password(None, "con mèo nhỏ ngủ")
    assert not passwords.verify_password("no hash", "con mèo nhỏ ngủ")


def test_trying_a_list_of_words_is_dear() -> None:
    cost = extract_parameters(REAL_HASHER.hash("con mèo nhỏ ngủ"))
    assert cost.memory_cost >= 64 * 1024
    assert cost.time_cost * cost.memory_cost >= 6 * 64 * 1024


def test_generated_passwords_are_taken_and_never_the_same() -> None:
    generated = {passwords.generate_password() for _ in range(50)}
    assert len(generated) == 50
    assert not any(passwords.find_password_fault(password, "quantri") for password in generated)
