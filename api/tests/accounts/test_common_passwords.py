import pytest

from app.accounts.common_passwords import is_common
from tests.accounts.most_common import most_common


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaa",
        "123123123123123",
        "123456789012345",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlk",
        "qwertyuiopasdfgh",
        "passwordpassword",
        "Password12345678!",
        "P@ssw0rdP@ssw0rd",
        "letmein-letmein-123",
        "iloveyou iloveyou",
        "Administrator2024!",
        "welcome to admin 1",
        "qwerty1234567890",
        "slipstreamslipstream",
        "ada.lovelace@1815",
        "111111111111111a",
    ],
)
def test_habits_are_refused(password: str) -> None:
    assert is_common(password, "ada.lovelace@example.com", "Ada Lovelace", "slipstream")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "slip into the stream",
        "7391028465502917",
        "orange tiger summer guitar money",
        "slow rivers carve deep",
        "my dog eats lilacs in may",
        "kX9#vQ2m!pL7zRw",
        "čeština má háčky",
        "пароль не угадать",
    ],
)
def test_what_nobody_else_has_passes(password: str) -> None:
    assert not is_common(password, "ada.lovelace@example.com", "Ada Lovelace", "slipstream")


def test_the_3_000_most_common_that_are_long_enough_are_refused() -> None:
    guesses = most_common()

    assert len(guesses) == len(set(guesses)) == 3_000
    assert all(15 <= len(guess) <= 128 for guess in guesses)
    assert [guess for guess in guesses if not is_common(guess)] == []


@pytest.mark.parametrize("password", ["Žofie-Žofie-2026", "žofie@bücher.example", "1815-ada-b7-1815"])
def test_what_somebody_is_called_is_no_secret(password: str) -> None:
    assert is_common(password, "ada-b7@bücher.example", "Žofie Nováková")


def test_the_product_is_nobody_s_secret() -> None:
    assert is_common("Slipstream-2026!")
