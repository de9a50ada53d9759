"""Signing in at an OpenID Connect provider."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.core.db import Database
from app.core.errors import Unavailable
from app.core.limits import Name, RateLimited, Standing
from app.settings import Settings
from tests.identities.kinds import OidcProvider, key
from tests.identities.provider import Reply
from tests.identities.visits import come_back, error_of, start, visit, who
from tests.people import browser, new_email
from tests.problems import problem


async def test_somebody_new_gets_an_account_and_is_signed_in(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    location = await visit(client, oidc)

    me = (await client.get("/api/v1/me")).json()
    assert location == "/tasks"
    assert (me["email"], me["name"], me["role"]) == (oidc.email, "Ada Lovelace", "user")


async def test_their_address_is_verified_and_there_is_no_password(
    client: httpx.AsyncClient, oidc: OidcProvider, db: Database
) -> None:
    await visit(client, oidc)

    async with db.autocommit() as connection:
        found = await connection.execute(
            text("SELECT password_hash, email_verified_at FROM users WHERE email = :email"), {"email": oidc.email}
        )
        password_hash, verified_at = found.one()
    assert password_hash is None
    assert verified_at is not None


async def test_whoever_comes_again_is_the_same(app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    await visit(client, oidc)
    first = (await client.get("/api/v1/me")).json()
    oidc.claims["email"] = new_email()  # what they are known by stays

    async with browser(app) as another:
        await visit(another, oidc)
        assert (await another.get("/api/v1/me")).json() == first


async def test_what_the_provider_is_asked(client: httpx.AsyncClient, oidc: OidcProvider, settings: Settings) -> None:
    location = await start(client)

    asked = {name: value for name, [value] in parse_qs(urlsplit(location).query).items()}
    assert location.startswith(f"{oidc.url}/authorize?")
    assert asked["redirect_uri"] == f"{settings.app.site_url}/api/v1/auth/oidc/callback"
    assert asked["scope"] == "openid email profile"
    assert {len(asked[name]) for name in ("state", "nonce", "code_challenge")} == {43}
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


async def test_no_header_moves_the_address_to_come_back_to(client: httpx.AsyncClient, settings: Settings) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    response = await client.get("/api/v1/auth/oidc/start", headers=headers)

    asked = parse_qs(urlsplit(response.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{settings.app.site_url}/api/v1/auth/oidc/callback"]


async def test_a_name_without_a_page_is_refused(client: httpx.AsyncClient) -> None:
    problem(await client.get("/api/v1/auth/google/start"), 404, "not_found")
    problem(await client.get("/api/v1/auth/google/callback?code=1&state=2"), 404, "not_found")


async def test_it_is_begun_on_the_site_only(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/auth/oidc/start", headers={"Sec-Fetch-Site": "cross-site"})

    problem(response, 403, "cross_site")


async def test_several_tabs_may_be_there_at_once(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    addresses = [await start(client, next=f"/tasks/{number}") for number in range(3)]

    arrived = [await come_back(client, oidc.sign_in(address)) for address in addresses]

    assert arrived == ["/tasks/0", "/tasks/1", "/tasks/2"]


async def test_but_no_more_of_them_than_a_request_can_carry(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    addresses = [await start(client) for _ in range(12)]

    assert sum("oauth" in name for name in client.cookies) == 5
    assert await come_back(client, oidc.sign_in(addresses[-1])) == "/tasks"


async def test_an_address_that_is_not_vouched_for_signs_nobody_in(
    client: httpx.AsyncClient, oidc: OidcProvider
) -> None:
    for unverified in (False, None, "false", 1, "yes"):
        oidc.claims["email_verified"] = unverified

        assert error_of(await visit(client, oidc)) == "email_unverified"
        assert await who(client) is None


@pytest.mark.parametrize("email", [None, "", "not an address", "a@b@c", 5, "a\0@example.com"])
async def test_nor_does_something_that_is_no_address(
    client: httpx.AsyncClient, oidc: OidcProvider, email: object
) -> None:
    oidc.claims["email"] = email

    assert error_of(await visit(client, oidc)) == "email_unverified"


async def test_the_address_may_be_in_the_userinfo(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    oidc.user |= {"email": oidc.email, "email_verified": True, "name": "Grace"}
    oidc.claims = {}

    await visit(client, oidc)

    assert (await client.get("/api/v1/me")).json()["name"] == "Grace"


async def test_but_not_in_another_person_s(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    oidc.user = {"sub": "somebody else", "email": new_email(), "email_verified": True}
    oidc.claims = {}

    assert error_of(await visit(client, oidc)) == "provider_refused"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "denied"),
        ("temporarily_unavailable", "provider_unavailable"),
        ("server_error", "provider_unavailable"),
        ("unauthorized_client", "provider_refused"),
        ("<script>", "provider_refused"),
    ],
)
async def test_what_it_says_instead_of_a_code(
    client: httpx.AsyncClient, oidc: OidcProvider, error: str, code: str
) -> None:
    location = await visit(client, oidc, act=lambda address: oidc.deny(address, error), next="/tasks/7")

    assert location == f"/sign-in?error={code}&provider=oidc&next=%2Ftasks%2F7"


async def test_a_key_that_is_new_there_is_found(app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    await visit(client, oidc)
    oidc.keys.append(key("second"))
    app.state.identities.providers["oidc"]._keys._known = app.state.identities.providers["oidc"]._keys._known._replace(
        at=float("-inf")
    )

    assert await visit(client, oidc) == "/tasks"


async def test_one_that_nobody_knows_is_asked_for_once(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    oidc.header["kid"] = "unheard of"

    for _ in range(3):
        assert error_of(await visit(client, oidc)) == "provider_refused"
    assert [asked.path for asked in oidc.asked].count("/keys") == 1


async def test_what_it_publishes_is_asked_for_once(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    for _ in range(3):
        await visit(client, oidc)

    assert [asked.path for asked in oidc.asked] == ["/.well-known/openid-configuration", "/token", "/keys"] + [
        "/token"
    ] * 2


async def test_a_fresh_sign_in_makes_it_ask(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    location = await start(client, fresh="1")
    asked = parse_qs(urlsplit(location).query)
    assert asked["prompt"] == ["login"]
    assert asked["max_age"] == ["0"]

    oidc.claims["auth_time"] = 1
    assert error_of(await come_back(client, oidc.sign_in(location))) == "provider_refused"

    oidc.claims["auth_time"] = 2_000_000_000_000
    assert await visit(client, oidc, fresh="1") == "/tasks"


async def test_the_answer_says_whose_it_is_where_the_provider_promises_it(
    client: httpx.AsyncClient, oidc: OidcProvider
) -> None:
    oidc.metadata["authorization_response_iss_parameter_supported"] = True

    assert error_of(await visit(client, oidc)) == "provider_refused"
    assert error_of(await visit(client, oidc, act=lambda to: oidc.sign_in(to, iss="https://evil.example"))) == (
        "provider_refused"
    )
    assert await visit(client, oidc, act=lambda to: oidc.sign_in(to, iss=oidc.url)) == "/tasks"


@pytest.mark.parametrize(
    "bent",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://evil.example/token"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
async def test_a_discovery_document_that_is_no_good(
    client: httpx.AsyncClient, oidc: OidcProvider, bent: dict[str, object]
) -> None:
    oidc.metadata = bent

    response = await client.get("/api/v1/auth/oidc/start")

    assert response.headers["location"] == "/sign-in?error=provider_unavailable&provider=oidc&next=%2Ftasks"


async def test_a_disabled_account_stays_closed(client: httpx.AsyncClient, oidc: OidcProvider, db: Database) -> None:
    await visit(client, oidc)
    client.cookies.clear()
    async with db.autocommit() as connection:
        await connection.execute(
            text("UPDATE users SET disabled_at = now() WHERE email = :email"), {"email": oidc.email}
        )

    assert error_of(await visit(client, oidc)) == "account_disabled"
    assert await who(client) is None


async def test_without_valkey_nobody_signs_in(
    app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    location = await start(client)
    monkeypatch.setattr(app.state.limiter, "take", away)

    assert error_of(await come_back(client, oidc.sign_in(location))) == "unavailable"
    assert await who(client) is None


async def test_nor_does_somebody_who_does_nothing_else(
    app: FastAPI, client: httpx.AsyncClient, oidc: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(name: Name, _: str) -> None:
        raise RateLimited(Standing(name, 30, 60, 0, 9))

    location = await start(client)
    monkeypatch.setattr(app.state.limiter, "take", refuse)

    assert error_of(await come_back(client, oidc.sign_in(location))) == "too_many_attempts"
    assert await who(client) is None


async def test_the_token_endpoint_may_want_the_secret_in_the_form(
    client: httpx.AsyncClient, oidc: OidcProvider
) -> None:
    oidc.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]

    await visit(client, oidc)

    asked = next(asked for asked in oidc.asked if asked.path == "/token")
    assert "authorization" not in asked.headers
    assert "client_secret" in asked.form


async def test_what_it_says_of_itself_may_be_anything(client: httpx.AsyncClient, oidc: OidcProvider) -> None:
    oidc.metadata |= {
        "token_endpoint_auth_methods_supported": None,
        "id_token_signing_alg_values_supported": [None, 5, "ES256"],
        "userinfo_endpoint": 5,
    }

    assert await visit(client, oidc) == "/tasks"


def _cut(body: object) -> Reply:
    return Reply(body, cut=True)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (_cut({"access_token": "x" * 1_000}), "provider_unavailable"),
        (Reply({"message": "oops"}, 500), "provider_unavailable"),
        (Reply(b"<html>down</html>"), "provider_unavailable"),
        (Reply([1, 2]), "provider_unavailable"),
        (Reply({"error": "invalid_grant"}, 400), "provider_refused"),
        (Reply({"error": "invalid_client"}, 401), "provider_refused"),
        (Reply({"access_token": "x", "token_type": "mac", "id_token": "x"}), "provider_refused"),
        (Reply({"access_token": "x", "token_type": "Bearer"}), "provider_refused"),
        (Reply({"token_type": "Bearer", "id_token": "x"}), "provider_refused"),
        (Reply({"access_token": "x", "token_type": "Bearer", "id_token": "a.b.c"}), "provider_refused"),
        (Reply({}, 302, {"location": "/elsewhere"}), "provider_unavailable"),
        (Reply({"error": "invalid_grant", "padding": "x" * 300_000}, 400), "provider_unavailable"),
        (Reply(b"\x1f\x8b", headers={"content-encoding": "gzip"}), "provider_unavailable"),
    ],
)
async def test_a_token_endpoint_that_is_not_well(
    client: httpx.AsyncClient, oidc: OidcProvider, reply: Reply, code: str
) -> None:
    oidc.replies["/token"] = lambda _: reply

    assert error_of(await visit(client, oidc)) == code
    assert await who(client) is None
    assert "/elsewhere" not in {asked.path for asked in oidc.asked}
