import pytest

from app.accounts.common_passwords import is_common


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
        "slow rivers carve deep",
        "my dog eats lilacs in may",
        "kX9#vQ2m!pL7zRw",
        "čeština má háčky",
        "пароль не угадать",
    ],
)
def test_what_nobody_else_has_passes(password: str) -> None:
    assert not is_common(password, "ada.lovelace@example.com", "Ada Lovelace", "slipstream")
