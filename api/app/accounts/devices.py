"""What a person calls the device that a session is on: from the user agent, roughly, and from nothing else."""

import re

# the first that is found counts: most browsers also name the ones that they want to be taken for
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Vivaldi", r"\bVivaldi/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|HeadlessChrome)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)
_PROGRAM = re.compile(r"([A-Za-z][A-Za-z0-9._-]{0,39})/")


def device_of(user_agent: str) -> str:
    """Such as "Firefox on Linux", "curl", or "Unknown device"."""
    system = next((name for name, sign in _SYSTEMS if re.search(sign, user_agent)), None)
    browser = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), None)
    if browser:
        return f"{browser} on {system}" if system else browser
    program = _PROGRAM.match(user_agent)
    return system or (program[1] if program and program[1] != "Mozilla" else "Unknown device")
