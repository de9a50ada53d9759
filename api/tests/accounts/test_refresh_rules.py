"""The refresh rules under any order of events: a walk of Hypothesis with a clock of its own.

An honest browser is never signed out before its time, there are never two lineages of a session, and an old token that
comes back ends it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pydantic import SecretStr

from app.accounts import revocations, sessions, tokens
from app.accounts.cookies import Pair
from app.accounts.errors import RefreshReused, SessionExpired, SessionOver, SessionRevoked
from app.accounts.revocations import Revocations
from app.accounts.sessions import Sessions, SignIn
from app.accounts.tokens import Tokens
from app.audit import service as audit
from app.core.caller import Caller
from app.settings import AuthSettings
from tests.accounts.memory import Clock, Store, finished
from tests.accounts.test_tokens import new_key, public, ring
from tests.people import NOWHERE

TTL, MAX_AGE, GRACE, ACCESS = timedelta(days=14), timedelta(days=90), timedelta(seconds=10), timedelta(minutes=5)
SITE = "https://slipstream.example.org"
KEYS = [new_key(f"key-{number}") for number in range(4)]
TOKENS: dict[str, Tokens] = {}  # reading keys takes its time
AUTH = AuthSettings(
    jwt_keys=SecretStr(ring(KEYS[0])),
    secret_key=SecretStr("s" * 32),
    access_token_ttl=ACCESS,
    refresh_token_ttl=TTL,
    session_max_age=MAX_AGE,
    refresh_grace=GRACE,
)

DEVICE = st.sampled_from([0, 0, 0, 1])
DIE, SIX = st.integers(1, 6), 6
TABS = st.lists(
    st.tuples(
        st.sampled_from(["refresh", "refresh", "refresh", "refresh", "refresh", "password"]),
        st.booleans(),  # whether the answer arrives
        st.booleans(),  # whether the tab uses what it got before the next one comes
        st.sampled_from([0, 0, 0.5, 1.5]),  # seconds until then: all of a burst is over within the grace
    ),
    min_size=1,
    max_size=6,
)


@dataclass
class Device:
    """A browser, what it should be able to do, and all the tokens that its session ever had."""

    session_id: UUID
    jar: Pair
    rotated_at: datetime
    handed_out_at: datetime
    ends_at: datetime
    lineage: dict[int, str] = field(default_factory=dict)
    was_robbed: bool = False
    is_over: bool = False

    @property
    def newest(self) -> int:
        return max(self.lineage)

    @property
    def expires_at(self) -> datetime:
        return min(self.rotated_at + TTL, self.ends_at)


class Refreshing(RuleBasedStateMachine):
    """Somebody with two devices, and a thief."""

    taken = 0

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.store = Store(self.clock)
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(tokens, "time", self.clock)
        self.patch.setattr(revocations, "monotonic", self.clock.time)
        self.patch.setattr(revocations, "sessions_repository", self.store)
        self.patch.setattr(sessions, "sessions_repository", self.store)
        self.patch.setattr(audit, "record", self._record)
        self.audited: list[str] = []
        self.revocations = Revocations(ACCESS)
        self.ring = [KEYS[0]]
        self.switched_at = self.clock.now
        self.devices: dict[int, Device] = {}
        self.over: list[Device] = []
        self.unwritten: dict[UUID, int] = {}
        self._deploy()

    def teardown(self) -> None:
        self.patch.undo()

    async def _record(self, _tx: Any, action: str, **_: Any) -> None:
        self.audited.append(action)

    def _deploy(self) -> None:
        """Every process runs with the ring, as after a restart."""
        keys = ring(*self.ring)
        self.tokens = TOKENS[keys] = TOKENS.get(keys) or Tokens(keys, site=SITE, ttl=ACCESS)
        self.sessions = Sessions(AUTH, self.tokens, self.revocations)

    # What happens

    def _device(self, at: int) -> Device:
        """The device; if nobody is signed in on it any more, somebody signs in."""
        if (device := self.devices.get(at)) and not device.is_over:
            return device
        if device:
            self.over = [*self.over[-2:], device]
        with self.store.transaction() as tx:
            start = self.sessions.start(tx, user_id=self.store.user_id, origin=NOWHERE, method="password")
            signed_in = finished(start)
        now = self.clock.now
        device = Device(signed_in.session_id, signed_in.pair, now, now, now + MAX_AGE)
        device.lineage[1] = signed_in.pair.refresh_token
        self.devices[at] = device
        return device

    @rule(seconds=st.sampled_from([1, 5, 9, 11, 60, 60, 240, 301, 3_600, 86_400, 15 * 86_400]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.revocations._forget()

    @rule(at=DEVICE)
    def browse(self, at: int) -> None:
        device = self._device(at)
        if not self._is_good(device.jar.access_token):
            self._present(device, device.jar.refresh_token, arrives=True)
        if not device.is_over:
            self._use(device)

    @rule(at=DEVICE, times=st.integers(1, 4), pause=st.sampled_from([300, 300, 300, 13 * 86_400]))
    def go_on(self, at: int, times: int, pause: int) -> None:
        """A browser that is used for a while, or for months."""
        for _ in range(times if pause == 300 else 2 * times):
            self.browse(at)
            self.uses_are_written()
            self.clock.advance(pause)

    @rule(at=DEVICE, tabs=TABS)
    def burst(self, at: int, tabs: list[tuple[str, bool, bool, float]]) -> None:
        """Tabs ask at once, by the same token; some ask for another password."""
        device = self._device(at)
        sent = device.jar.refresh_token
        for kind, arrives, uses, seconds in tabs:
            self._present(device, sent, arrives=arrives, changes_password=kind == "password")
            if device.is_over:
                return
            if arrives and uses:
                self._use(device)
                self.uses_are_written()
            self.clock.advance(seconds)

    @rule()
    def uses_are_written(self) -> None:
        for session_id, gen in self.unwritten.items():
            if family := self.store.families.get(session_id):
                used = max(family.used_counter, gen)
                self.store.families[session_id] = replace(family, used_counter=used)
        self.unwritten = {}

    @rule(at=DEVICE, shown=st.sampled_from(["both", "refresh"]), die=DIE)
    def sign_out(self, at: int, shown: str, die: int) -> None:
        if die == SIX:
            device = self._device(at)
            claims = self.tokens.verify(device.jar.access_token) if shown == "both" else None
            with self.store.transaction() as tx:
                finished(self.sessions.sign_out(tx, claims=claims, text=device.jar.refresh_token, origin=NOWHERE))
            device.is_over = True

    @rule(at=DEVICE, die=DIE)
    def end_from_another(self, at: int, die: int) -> None:
        if die == SIX:
            device = self._device(at)
            with self.store.transaction() as tx:
                finished(self.sessions.end_one(tx, user_id=self.store.user_id, session_id=device.session_id))
            device.is_over = True

    @rule()
    def rotate_keys(self) -> None:
        good = [device.jar.access_token for device in self.devices.values() if self._is_good(device.jar.access_token)]
        if len(self.ring) == 1:
            used = KEYS.index(next(key for key in KEYS if key["kid"] == self.ring[0]["kid"]))
            self.ring = [self.ring[0], KEYS[(used + 1) % len(KEYS)]]
        elif "d" in self.ring[1]:
            self.ring = [self.ring[1], public(self.ring[0])]
            self.switched_at = self.clock.now
        elif self.clock.now >= self.switched_at + ACCESS:
            self.ring = self.ring[:1]
        self._deploy()
        assert all(self._is_good(token) for token in good)

    @rule(at=DEVICE, back=st.integers(0, 4), seconds=st.sampled_from([0, 0, 9, 11]))
    def steal(self, at: int, back: int, seconds: int) -> None:
        """A thief presents one of the last tokens."""
        self.clock.advance(seconds)
        device = self.devices.get(at)
        if not device or device.newest - back < 1:
            return
        presented, now = device.newest - back, self.clock.now
        if device.is_over or now >= device.expires_at:
            with pytest.raises(SessionOver):
                self._refresh(device.lineage[presented])
            return
        used = self.store.families[device.session_id].used_counter
        is_in_grace = now < device.handed_out_at + GRACE or used < device.newest
        if back == 0 or (back == 1 and is_in_grace):
            device.was_robbed = True
            self._answered(device, self._refresh(device.lineage[presented]), presented)
            return
        before = len(self.audited)
        with pytest.raises(RefreshReused):
            self._refresh(device.lineage[presented])
        assert self.audited[before:] == ["refresh_reused"]
        device.is_over = True

    # What must hold

    @invariant()
    def is_counted(self) -> None:
        type(self).taken += 1

    @invariant()
    def what_is_over_opens_nothing(self) -> None:
        for device in [*self.devices.values(), *self.over]:
            if device.is_over:
                assert device.session_id not in self.store.families
                if self.clock.now < device.handed_out_at + ACCESS + GRACE:  # later its time is over anyway
                    assert not self._is_good(device.jar.access_token)

    @invariant()
    def there_is_one_lineage(self) -> None:
        for device in self.devices.values():
            family = self.store.families.get(device.session_id)
            if family is None or self.clock.now >= family.expires_at:
                continue
            assert family.counter == device.newest
            for counter in range(max(1, device.newest - 3), device.newest + 1):
                presented = self.sessions._refresh.read(device.lineage[counter])
                assert presented
                try:
                    chain = self.sessions._refresh.present(family, presented, now=self.clock.now)
                except RefreshReused:
                    assert counter < device.newest
                else:
                    assert counter >= device.newest - 1
                    assert counter == device.newest or chain.token == device.lineage[device.newest]

    # How

    def _use(self, device: Device) -> None:
        claims = self.tokens.verify(device.jar.access_token)
        assert claims
        assert not self.revocations.refuses(claims)
        self.unwritten[claims.session_id] = max(self.unwritten.get(claims.session_id, 0), claims.gen)

    def _is_good(self, access_token: str) -> bool:
        claims = self.tokens.verify(access_token)
        return claims is not None and not self.revocations.refuses(claims)

    def _refresh(self, text: str) -> SignIn:
        with self.store.transaction() as tx:
            return finished(self.sessions.refresh(tx, text, origin=NOWHERE))

    def _renew(self, device: Device, text: str) -> SignIn:
        caller = Caller(self.store.user_id, device.session_id, "user")
        others = [other for other in self.devices.values() if other is not device]
        try:
            with self.store.transaction() as tx:
                finished(self.sessions.end(tx, user_id=caller.user_id, except_id=caller.credential_id))
                return finished(self.sessions.renew(tx, text, caller=caller, origin=NOWHERE))
        finally:  # a reuse commits what came before it; what doesn't has changed nothing
            for other in others:
                other.is_over = other.is_over or other.session_id not in self.store.families

    def _present(self, device: Device, text: str, *, arrives: bool, changes_password: bool = False) -> None:
        """The honest browser comes with its token: it is let in, unless its time is over or somebody robbed it."""
        try:
            signed_in = self._renew(device, text) if changes_password else self._refresh(text)
        except SessionExpired:
            assert self.clock.now >= device.expires_at
            self.store.families.pop(device.session_id, None)
            device.is_over = True
        except (SessionRevoked, RefreshReused):
            assert device.was_robbed, "an honest browser was signed out"
            device.is_over = True
        else:
            assert self.clock.now < device.expires_at
            self._answered(device, signed_in, int(text.split(".")[1]))
            if arrives:
                device.jar = signed_in.pair

    def _answered(self, device: Device, signed_in: SignIn, presented: int) -> None:
        """Notes what a token gave: its successor, which is the same however often it is asked for."""
        if presented == device.newest:
            device.rotated_at = device.handed_out_at = self.clock.now
        elif self.store.families[device.session_id].used_counter < device.newest:  # the answer may have been lost
            device.handed_out_at = self.clock.now
        text = signed_in.pair.refresh_token
        assert device.lineage.setdefault(presented + 1, text) == text, "there are two lineages"
        claims = self.tokens.verify(signed_in.pair.access_token)
        assert claims
        assert (claims.session_id, claims.gen) == (device.session_id, presented + 1)


WALK = settings(max_examples=20, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("steps", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_any_order_of_events(steps: int) -> None:
    Refreshing.taken = 0

    while Refreshing.taken < steps:
        run_state_machine_as_test(Refreshing, settings=WALK)
