import pytest

from app.settings.load import GROUPS
from tests.settings.environment import GOOD


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing set but what a deployment needs."""
    for group in GROUPS:
        for field in group.model_fields:
            monkeypatch.delenv(group.variable(field), raising=False)
            monkeypatch.delenv(f"{group.variable(field)}_FILE", raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch
