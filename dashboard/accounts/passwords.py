"""Passwords: kept as argon2id hashes; long and not among the common ones, whatever letters.

Length and a list of common ones instead of "one capital, one digit": NIST SP 800-63B, 5.1.1.2.
"""

from __future__ import annotations

import secrets
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.messages import write_message
from dashboard.text import strip_tones

SHORTEST: Final = 10
LONGEST: Final = 200
# 64 MiB and six rounds are some 200 ms on a small server: nobody tries a list of words at that
# price.
_HASHER: Final = PasswordHasher(time_cost=6, memory_cost=65_536, parallelism=1)
# A flood of attempts takes turns, so that it never takes more memory than two.
_TURNS: Final = BoundedSemaphore(2)
# What people here choose, besides the common ones of the world that the package brings.
_COMMON_HERE: Final = (
    "matkhau",
    "dichvucong",
    "hanhchinhcong",
    "trungtamhanhchinhcong",
    "congchuc",
    "vietnam",
    "quangngai",
    "phutho",
    "langson",
    "binhtri",
    "anhyeuem",
)
_LETTERS: Final = "abcdefghkmnpqrstuvwxyz23456789"


@cache
def _load_common_passwords() -> frozenset[str]:
    # 30,000 words that only somebody who chooses a password needs: no server waits for them.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def find_password_fault(password: str, account_name: str) -> str:
    """Why this password is not taken, in words for who chooses it; empty where it is."""
    if len(password) < SHORTEST:
        return write_message(
            "Mật khẩu cần ít nhất {shortest} ký tự; nên dùng vài từ dễ nhớ ghép lại.",
            shortest=SHORTEST,
        )
    if len(password) > LONGEST:
        return write_message("Mật khẩu dài quá {longest} ký tự.", longest=LONGEST)
    plain = strip_tones(password).replace(" ", "")
    stem = plain.rstrip("0123456789!@#$%^&*.-_")
    if len(set(plain)) < 4:
        return write_message("Mật khẩu lặp lại quá ít ký tự; hãy chọn mật khẩu khác.")
    if stem in _COMMON_HERE or not _load_common_passwords().isdisjoint({plain, stem}):
        return write_message(
            "Mật khẩu này nằm trong số những mật khẩu hay gặp; hãy chọn mật khẩu khác."
        )
    # A short name is a part of ordinary words.
    if len(account_name) >= 4 and account_name.casefold() in plain:
        return write_message("Mật khẩu không được chứa tên tài khoản.")
    return ""


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and its costs in it."""
    with _TURNS:
        return _HASHER.hash(password)


@cache
def _hash_of_nobody() -> str:
    """Verified where no account has the name, so that an unknown name takes as long as a wrong
    password.
    """
    return _HASHER.hash(secrets.token_urlsafe(16))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the hash; None, of nobody, takes the same time."""
    with _TURNS:
        hash_of_nobody = _hash_of_nobody()  # made before either case, or the first would be slower
        try:
            matches = _HASHER.verify(password_hash or hash_of_nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return matches and password_hash is not None


def generate_password() -> str:
    """A first password to hand over, of letters that are not mistaken for one another."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)]
    return "-".join(groups)
