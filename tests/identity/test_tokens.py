"""What a token must be: signed by a key of ours with that key's algorithm, for us, in its time."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from db.access import Role, Viewer
from schema.identity import Identity
from schema.tokens import SharedSecret, TokenRules
from tests.conftest import SECRET, VIEWERS
from tests.identity.parts import (
    AUDIENCE,
    ISSUER,
    RULES,
    ProviderServer,
    claims,
    coded,
    ec,
    forged,
    raw,
    refusal,
    rsa,
    shown,
    signed,
    source,
)

SHARED = SharedSecret(SECRET)


async def test_a_token_of_the_providers_rsa_key_and_of_its_elliptic_key_is_taken(provider: ProviderServer) -> None:
    keys = source(provider)

    for key in provider.keys:
        assert await shown(signed(key), keys) == Viewer("ada", Role.MANAGER, issuer=ISSUER)
    assert provider.asked == 1


async def test_a_token_without_a_key_id_is_taken_where_there_is_one_key_only(provider: ProviderServer) -> None:
    token = signed(provider.keys[0], kid=None)

    assert "`kid`" in await refusal(token, source(provider))
    provider.keys.pop()
    assert (await shown(token, source(provider))).subject == "ada"


async def test_a_public_key_is_no_secret(provider: ProviderServer) -> None:
    """Algorithm confusion (RFC 8725, 2.1): HS256 with the bytes that everyone may read."""
    key = provider.keys[0]
    public = key.as_dict(private=False)
    known = [key.as_pem(private=False), key.as_der(private=False), str(public["n"]).encode(), provider.document]

    for secret in known:
        for kid in ({"kid": "r"}, {}):
            told = await refusal(forged(secret, claims(), **kid), source(provider))
            assert "RS256" in told or "`kid`" in told


async def test_where_a_provider_is_set_the_shared_secret_signs_nothing(provider: ProviderServer) -> None:
    mine = jwt.encode({"alg": "HS256", "kid": "r"}, claims(), OctKey.import_key(SECRET))

    assert "RS256" in await refusal(mine, source(provider))


async def test_where_a_secret_is_set_a_providers_token_is_refused(provider: ProviderServer) -> None:
    for key in provider.keys:
        assert "HS256" in await refusal(signed(key), SHARED)


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", "", "HS512", "PS256", "RS512", None, 7, ["RS256"]])
async def test_no_other_algorithm_is_taken_whatever_it_is_called(provider: ProviderServer, name: Any) -> None:
    header = {"typ": "JWT", "kid": "r", "alg": name}
    good = signed(provider.keys[0]).split(".")[2]

    for signature in ("", good):
        token = f"{coded(header)}.{coded(claims())}.{signature}"
        await refusal(token, source(provider))
        await refusal(token, SHARED)


async def test_an_elliptic_token_does_not_hold_for_an_rsa_key(provider: ProviderServer) -> None:
    stranger = ec("r")

    assert "RS256" in await refusal(signed(stranger), source(provider))


async def test_a_key_of_the_same_id_by_somebody_else_does_not_hold(provider: ProviderServer) -> None:
    assert "signature" in await refusal(signed(rsa("r")), source(provider))


OWN = ec("own")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jwk", OWN.as_dict(private=False)),
        ("jku", "https://evil.example.org/keys"),
        ("x5u", "https://evil.example.org/chain"),
        ("x5c", ["AAAA"]),
        ("crit", ["exp"]),
        ("b64", True),
    ],
)
async def test_a_token_that_brings_a_key_or_asks_for_more_than_is_understood_is_refused(
    provider: ProviderServer, name: str, value: Any
) -> None:
    for key in (OWN, provider.keys[1]):
        header = {"alg": "ES256", "kid": key.kid, name: value}

        assert f"header `{name}`" in await refusal(raw(key, header, claims()), source(provider))
    assert provider.asked == 0


async def test_a_header_that_means_nothing_here_is_ignored(provider: ProviderServer) -> None:
    token = raw(provider.keys[1], {"alg": "ES256", "kid": "e", "nonce": "n", "x5t": "AAAA"}, claims())

    assert (await shown(token, source(provider))).subject == "ada"


@pytest.mark.parametrize(
    ("further", "fragment"),
    [
        ({"aud": "another"}, f"another audience: its claim `aud` must name {AUDIENCE}"),
        ({"aud": ["a", "b"]}, "another audience"),
        ({"aud": 7}, "another audience"),
        ({"aud": None}, "lacks the claim `aud`"),
        ({"iss": "https://login.example.org"}, f"another issuer: its claim `iss` must be {ISSUER}"),
        ({"iss": [ISSUER]}, "another issuer"),
        ({"iss": None}, "lacks the claim `iss`"),
        ({"exp": None}, "lacks the claim `exp`"),
        ({"exp": "tomorrow"}, "`exp`"),
        ({"exp": float("nan")}, "`exp`"),
        ({"exp": True}, "`exp`"),
        ({"nbf": "now"}, "`nbf`"),
        ({"sub": None}, "`sub`"),
        ({"sub": ""}, "`sub`"),
        ({"sub": 7}, "`sub`"),
        ({"role": "boss"}, "`role` must name one of admin"),
        ({"role": None}, "`role`"),
        ({"role": "client"}, "needs the claim `organization`"),
        ({"role": "team_lead", "teams": "billing"}, "`teams` must be a list"),
        ({"role": "agent", "agent": 7}, "`agent` must be a string"),
    ],
)
async def test_a_claim_that_is_missing_or_wrong_is_named(
    provider: ProviderServer, further: dict[str, Any], fragment: str
) -> None:
    told = await refusal(signed(provider.keys[1], claims(**further)), source(provider))

    assert fragment in told
    assert told.endswith(f"Get one from {ISSUER}.")


async def test_one_audience_of_several_is_enough(provider: ProviderServer) -> None:
    token = signed(provider.keys[0], claims(aud=["another", AUDIENCE]))

    assert (await shown(token, source(provider))).subject == "ada"


async def test_without_an_audience_of_ones_own_a_token_for_somebody_in_particular_is_refused() -> None:
    rules = TokenRules()
    token = SHARED.sign(claims(aud="another", iss=None))

    assert "`aud` must be absent" in await refusal(token, SHARED, rules)
    assert (await shown(SHARED.sign(claims(aud=None)), SHARED, rules)).subject == "ada"


@pytest.mark.parametrize(
    ("claim", "seconds", "fragment"),
    [
        ("exp", -29, None),
        ("exp", -30, "has expired"),
        ("nbf", 30, None),
        ("nbf", 31, "does not hold yet"),
        ("iat", 30, None),
        ("iat", 31, "issued in the future"),
    ],
)
async def test_times_hold_within_the_leeway_and_no_second_beyond(
    provider: ProviderServer, claim: str, seconds: int, fragment: str | None
) -> None:
    now = int(time.time())
    identity = Identity(source(provider), RULES, clock=lambda: now)
    token = signed(provider.keys[1], claims(now, **{claim: now + seconds}))

    if fragment is None:
        assert (await identity.viewer(f"Bearer {token}")).subject == "ada"
    else:
        with pytest.raises(Exception, match=fragment):
            await identity.viewer(f"Bearer {token}")


async def test_the_leeway_can_be_none(provider: ProviderServer) -> None:
    now = int(time.time())
    token = signed(provider.keys[1], claims(exp=now - 1))

    assert "has expired" in await refusal(token, source(provider), TokenRules(ISSUER, AUDIENCE, leeway_seconds=0))


@pytest.mark.parametrize(
    "text", ["nonsense", "a.b", "a.b.c", "....", "ey.ey.ey", "ä.ö.ü", "x" * 200_000, coded("alg") + ".e30.", "e30.e30."]
)
async def test_what_is_no_token_is_refused_without_asking_the_provider(provider: ProviderServer, text: str) -> None:
    for keys in (source(provider), SHARED):
        assert "no signed JWT" in await refusal(text, keys)
    assert provider.asked == 0


@pytest.mark.parametrize("role", list(Role))
async def test_what_is_issued_is_read_back(role: Role) -> None:
    for rules in (TokenRules(), RULES):
        token = Identity(SHARED, rules).issue(VIEWERS[role], timedelta(minutes=1))

        assert await shown(token, SHARED, rules) == replace(VIEWERS[role], issuer=rules.issuer)


@pytest.mark.parametrize(
    ("expires", "told"),
    [
        (4_000_000_000, datetime(2096, 10, 2, 7, 6, 40, tzinfo=UTC)),
        (4_000_000_000.5, datetime(2096, 10, 2, 7, 6, 40, 500_000, tzinfo=UTC)),
        (1e300, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (10**400, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
    ids=["seconds", "their parts", "a large number", "a larger one than any float"],
)
async def test_a_viewer_knows_until_when_its_token_holds(expires: float, told: datetime) -> None:
    token = jwt.encode({"alg": "HS256"}, {"sub": "ada", "role": "manager", "exp": expires}, OctKey.import_key(SECRET))

    assert (await Identity(SHARED).viewer(f"Bearer {token}")).expires_at == told
