"""The 3,000 passwords of 15 to 128 characters that somebody who guesses would begin with.

Source: there is no list of that length to take (see app/accounts/common_passwords.py), so they are made as people make
them: the words and runs that lead every published list of leaked passwords (SplashData, NordPass, the UK's NCSC,
SecLists), typed on until it is long enough; first runs, then words doubled, tripled, with digits, joined, with years.
"""

from collections.abc import Iterator
from itertools import permutations

_WORDS = """
    password qwerty dragon monkey letmein football baseball iloveyou welcome sunshine princess master shadow
    superman michael jennifer jordan hunter killer soccer batman andrew charlie robert thomas daniel george
    computer michelle jessica pepper freedom secret summer winter spring autumn admin administrator login hello
    google chocolate starwars whatever trustno1 ginger joshua cheese matthew access yankees dallas austin
    thunder taylor matrix orange hockey ranger buster harley tigger ashley nicole chelsea biteme corvette martin
    heather merlin diamond hammer silver anthony justin patrick internet scooter golfer cookie richard samantha
    bailey jackson maverick phoenix snoopy guitar chicken andrea mercedes peanut ferrari falcon cowboy samsung
    steelers joseph liverpool arsenal default guest user test root changeme security server system manager
    office london
"""
_RUNS = """
    123456789012345 1234567890123456 12345678901234567890 123456789987654321 12345678900987654321
    987654321098765 09876543210987654321 111222333444555 112233445566778899 122333444455555 000000000000000
    111111111111111 123123123123123 123412341234123 121212121212121 131313131313131 101010101010101
    420420420420420 696969696969696 abcdefghijklmno abcdefghijklmnop abcdefghijklmnopqrstuvwxyz abcabcabcabcabc
    abc123abc123abc123 aaaaaaaaaaaaaaa qwertyuiopasdfgh qwertyuiopasdfghjkl qwertyuiop123456 1234567890qwerty
    123456789qwerty qwerty123456789 qwertyuiop12345 qwertyqwertyqwerty qwerty1234567890 asdfghjklasdfghjkl
    asdfasdfasdfasdf zxcvbnmzxcvbnmzxcvbnm zxcvbnm123456789 asdfghjkl123456 1qaz2wsx3edc4rfv 1qaz2wsx1qaz2wsx
    1qazxsw23edcvfr4 qazwsxedcrfvtgb qazwsxqazwsxqazwsx q1w2e3r4t5y6u7i8 q1w2e3r4t5y6u7i8o9p0 1q2w3e4r5t6y7u8i
    1q2w3e4r1q2w3e4r 1qa2ws3ed4rf5tg 1234qwerasdfzxcv azertyuiopqsdfghjklm azertyazertyazerty passwordpassword
    passw0rdpassw0rd p@ssw0rdp@ssw0rd P@ssword12345678 Password12345678 Password123456789 Passw0rd123456789
    Password1Password1 Password123Password123 iloveyouiloveyou iloveyou12345678 iloveyousomuch123
    welcome123456789 administrator123 adminadminadmin changemechangeme letmeinletmein123 testtesttesttest
    rootrootrootroot
"""
WORDS = _WORDS.split()
COUNTED = ["123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "12345678910"]
YEARS = [str(year) for year in range(2026, 2014, -1)]


def most_common() -> list[str]:
    """In the order in which one would try them, each once."""
    return [guess for guess in dict.fromkeys(_guesses()) if 15 <= len(guess) <= 128][:3_000]


def _guesses() -> Iterator[str]:
    yield from _RUNS.split()
    for word in WORDS:
        for spelling in (word, word.capitalize(), word.upper()):
            yield from (spelling * 2, spelling * 3, f"{spelling} {spelling}", f"{spelling}-{spelling}")
            yield from (spelling + digits for digits in COUNTED)
            yield from (digits + spelling for digits in COUNTED)
            yield from (f"{spelling}{digits}!" for digits in COUNTED)
    for first, second in permutations(WORDS[:40], 2):
        yield from (first + second, first.capitalize() + second.capitalize())
    for word in WORDS:
        yield from (word + year + word for year in YEARS)
        yield from (f"{word}@{year}{word}" for year in YEARS)
