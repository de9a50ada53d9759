"""Whatever a client says of where it comes from: neither what is counted for its address nor the audit log moves."""

import asyncio
from typing import Any

import httpx
from sqlalchemy import text

from app.core.db import Database
from tests.people import Person
from tests.server import serve

A, B = "203.0.113.7", "2001:db8::7"
FORGED: list[list[tuple[str, str]]] = [
    [("X-Forwarded-For", A)],
    [("x-forwarded-for", A)],
    [("X-FORWARDED-FOR", B)],
    [("x-FoRwArDeD-fOr", A)],
    [("X-Forwarded-For", f"{A}, 10.0.0.1")],
    [("X-Forwarded-For", f"127.0.0.1, {A}")],
    [("X-Forwarded-For", f"{A}:4711")],
    [("X-Forwarded-For", f"[{B}]:4711")],
    [("X-Forwarded-For", "unknown")],
    [("X-Forwarded-For", "")],
    [("X-Forwarded-For", ",,")],
    [("X-Forwarded-For", "127.0.0.1")],
    [("X-Forwarded-For", "999.999.999.999")],
    [("X-Forwarded-For", A), ("X-Forwarded-For", B)],
    [("X-Forwarded-For", A), ("x-forwarded-for", "127.0.0.1")],
    [("X-Forwarded-For", ", ".join(f"203.0.113.{number}" for number in range(200)))],
    [("X-Forwarded-For", A), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example")],
    [("X_Forwarded_For", A)],
    [("X-Forwarded", A), ("Forwarded-For", A), ("X-Forwarded-By", A)],
    [("Forwarded", f"for={A}")],
    [("Forwarded", f'for="[{B}]:4711";proto=https;by=203.0.113.43')],
    [("Forwarded", f"for={A}, for=198.51.100.17"), ("forwarded", "For=127.0.0.1")],
    [("X-Real-IP", A)],
    [("x-real-ip", "127.0.0.1")],
    [("True-Client-IP", A)],
    [("CF-Connecting-IP", A), ("CF-Connecting-IPv6", B)],
    [("X-Client-IP", A), ("X-Cluster-Client-IP", A), ("Client-IP", A)],
    [("Fastly-Client-IP", A), ("X-Originating-IP", A), ("X-Remote-IP", A), ("X-Remote-Addr", A)],
    [("X-ProxyUser-Ip", A), ("WL-Proxy-Client-IP", A), ("Proxy-Client-IP", A), ("Via", f"1.1 {A}")],
    [
        ("X-Forwarded-For", A),
        ("Forwarded", f"for={A}"),
        ("X-Real-IP", A),
        ("True-Client-IP", A),
        ("Host", "evil.example"),
    ],
]


async def test_thirty_ways_of_being_somebody_else(person: Person, db: Database, settings: Any) -> None:
    assert len(FORGED) == 30
    limits = {"LIMIT_REGISTRATIONS": "30/1h", "LIMIT_EXPORTS": "off"}
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies.jar)
    site = [("Origin", settings.app.site_url)]
    async with serve(BEHIND_WEB="0", **limits) as server, httpx.AsyncClient(base_url=server.url, timeout=10) as client:
        left = []
        for lie in FORGED:
            counted = await client.post("/api/v1/auth/register", json={}, headers=[*site, *lie])
            assert counted.status_code == 422, lie
            left.append(int(counted.headers["ratelimit-remaining"]))
            noted = await client.get("/api/v1/me/export", headers=[("Cookie", cookies), *lie])
            assert noted.status_code == 200, lie
        refused = await client.post("/api/v1/auth/register", json={}, headers=[*site, *FORGED[0]])
        wells = await asyncio.gather(*(client.get("/api/healthz", headers=FORGED[0]) for _ in range(100)))

    assert left == list(range(29, -1, -1))
    assert refused.status_code == 429
    assert {well.status_code for well in wells} == {200}  # health has no limit
    async with db.autocommit() as connection:
        query = text(
            "SELECT address, count(*) FROM audit_details WHERE user_id = :id AND address <> '' GROUP BY address"
        )
        assert [tuple(row) for row in await connection.execute(query, {"id": person.id})] == [("127.0.0.1", 30)]


async def test_behind_a_proxy_of_ours_it_is_whom_that_names(settings: Any) -> None:
    named = ["198.51.100.1", "198.51.100.2", "198.51.100.1", "2001:db8:1:2::3", "2001:db8:1:2::4", "2001:db8:1:3::3"]
    settled = {"BEHIND_WEB": "0", "BEHIND_PROXY": "1", "LIMIT_REGISTRATIONS": "1/1h"}
    async with serve(**settled) as server, httpx.AsyncClient(base_url=server.url, timeout=10) as client:
        statuses = []
        for address in named:
            forged = {"X-Real-IP": "192.0.2.99", "Forwarded": "for=192.0.2.98", "True-Client-IP": "192.0.2.97"}
            headers = {"Origin": settings.app.site_url, "X-Forwarded-For": address, **forged}
            statuses.append((await client.post("/api/v1/auth/register", json={}, headers=headers)).status_code)

    assert statuses == [422, 422, 429, 422, 429, 422]  # an IPv6 client has all of its /64
