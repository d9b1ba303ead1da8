"""A provider's keys: fetched once, kept, renewed, searched for at most once a minute, and kept while it is away."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from db.errors import SetupFault, Unauthenticated, Unavailable
from schema import jwks
from schema.jwks import MAX_BYTES, ProviderAway, keys_of
from schema.provider import RETRY_SECONDS, SEARCH_SECONDS, Provider
from tests.identity.parts import ISSUER, Clock, ProviderServer, ec, refusal, rsa, shown, signed, source


async def settled(keys: Provider) -> None:
    """Waits for what goes on in the background."""
    await keys._fetched()


async def test_many_requests_at_once_share_one_fetch(provider: ProviderServer) -> None:
    provider.delay_seconds = 0.1
    keys, token = source(provider), signed(provider.keys[0])

    found = await asyncio.gather(*(shown(token, keys) for _ in range(20)))

    assert len(found) == 20
    assert provider.asked == 1


async def test_one_who_gives_up_does_not_stop_the_fetch_for_the_others(provider: ProviderServer) -> None:
    provider.delay_seconds = 0.2
    keys, token = source(provider), signed(provider.keys[0])
    impatient = asyncio.create_task(shown(token, keys))
    patient = asyncio.create_task(shown(token, keys))
    await asyncio.sleep(0.05)

    impatient.cancel()

    assert (await patient).subject == "ada"
    assert provider.asked == 1


async def test_a_rotated_key_is_taken_at_once_and_the_withdrawn_one_no_more(provider: ProviderServer) -> None:
    keys, old = source(provider), provider.keys[0]
    await shown(signed(old), keys)

    provider.keys = [rsa("new")]

    assert (await shown(signed(provider.keys[0]), keys)).subject == "ada"
    assert "does not publish" in await refusal(signed(old), keys)
    assert provider.asked == 2


async def test_unknown_ids_make_one_fetch_a_minute_however_many_there_are(provider: ProviderServer) -> None:
    clock = Clock()
    keys = source(provider, clock)
    await shown(signed(provider.keys[0]), keys)
    strangers = [ec(f"stranger-{n}") for n in range(10)]

    for minute in range(3):
        for _ in range(3):
            for told in await asyncio.gather(*(refusal(signed(key), keys) for key in strangers)):
                assert "does not publish" in told
        assert provider.asked == 2 + minute
        clock.now += SEARCH_SECONDS
    provider.keys.append(strangers[0])
    assert (await shown(signed(strangers[0]), keys)).subject == "ada"


async def test_old_keys_are_renewed_behind_the_request_that_finds_them_old(provider: ProviderServer) -> None:
    clock = Clock()
    keys, first = source(provider, clock, refresh_seconds=600), provider.keys[0]
    await shown(signed(first), keys)
    provider.keys = [ec("new")]

    clock.now += 599
    await shown(signed(first), keys)
    assert provider.asked == 1
    clock.now += 1
    await shown(signed(first), keys)  # known, so that it does not wait
    await settled(keys)

    assert provider.asked == 2
    assert "does not publish" in await refusal(signed(first), keys)


async def test_while_the_provider_is_away_known_keys_go_on_working(
    provider: ProviderServer, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    keys = source(provider, clock)
    await shown(signed(provider.keys[0]), keys)

    provider.stop()
    for _ in range(5):
        clock.now += 100_000
        with caplog.at_level(logging.WARNING, "deskgraph.identity"):
            assert (await shown(signed(provider.keys[0]), keys)).subject == "ada"
            await settled(keys)

    assert "2 known ones go on" in caplog.text
    with pytest.raises(Unavailable, match="does not answer"):  # it may well be a new key of the provider
        await shown(signed(rsa("new")), keys)
    provider.start()
    clock.now += RETRY_SECONDS
    assert "does not publish" in await refusal(signed(rsa("other")), keys)


async def test_without_any_key_a_provider_that_is_away_is_no_fault_of_the_token(provider: ProviderServer) -> None:
    clock = Clock()
    keys, token = source(provider, clock), signed(provider.keys[0])
    provider.stop()

    for _ in range(3):
        with pytest.raises(Unavailable):
            await shown(token, keys)
    provider.start()
    with pytest.raises(Unavailable):  # asked a moment ago
        await shown(token, keys)
    assert provider.asked == 0
    clock.now += RETRY_SECONDS

    assert (await shown(token, keys)).subject == "ada"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, None, "status 500"),
        (302, None, "status 302"),
        (200, b"<html>", "no JWK Set"),
        (200, b"[]", "no JWK Set"),
        (200, b'{"keys": 7}', "without a key"),
        (200, b'{"keys": [1, {"kty": ["RSA"]}]}', "without a key"),
        (200, b"[" * 100_000, "no JWK Set"),
        (200, b" " * (MAX_BYTES + 1), "over"),
    ],
)
async def test_an_answer_that_is_no_key_set_changes_nothing(
    provider: ProviderServer, status: int, body: bytes | None, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    keys, token = source(provider, clock), signed(provider.keys[0])
    await shown(token, keys)
    elsewhere = ProviderServer([rsa("elsewhere")])
    elsewhere.start()

    provider.status, provider.body, provider.headers = status, body, {"Location": elsewhere.url}
    clock.now += 10_000
    await shown(token, keys)
    await settled(keys)

    assert reason in caplog.text
    assert (await shown(token, keys)).subject == "ada"
    assert elsewhere.asked == 0
    elsewhere.stop()


async def test_a_provider_that_is_too_slow_is_away(
    provider: ProviderServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jwks, "TIME_LIMIT_SECONDS", 0.1)
    provider.delay_seconds = 0.5

    with pytest.raises(Unavailable):
        await shown(signed(provider.keys[0]), source(provider))

    assert "no answer within 0.1 s" in caplog.text


async def test_an_address_that_leads_nowhere_is_a_provider_that_is_away() -> None:
    for url in ("http://[::1]:1/keys", "https://a b/keys", "http://nobody.invalid/keys"):
        with pytest.raises(ProviderAway):
            await jwks.fetch(url)


def test_only_keys_for_our_algorithms_and_for_signatures_are_used() -> None:
    good, curve = rsa("good").as_dict(private=False), ec("curve").as_dict(private=False)
    cases = [
        good,
        curve,
        {**good, "kid": "enc", "use": "enc"},
        {**good, "kid": "other", "alg": "RS512"},
        {**good, "kid": "pss", "alg": "PS256"},
        {**good, "kid": "hmac", "alg": "HS256"},
        {**good, "kid": "signs", "key_ops": ["sign"]},
        {**good, "kid": "short", "n": good["n"][:100]},
        {**good, "kid": 7},
        {**good, "kid": "twisted", "kty": "EC"},
        {**curve, "kid": "off", "x": curve["y"]},
        {"kid": "secret", "kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        ec("large", "P-384").as_dict(private=False),
    ]

    found = keys_of(json.dumps({"keys": cases}).encode())

    assert {kid: key.algorithm for kid, key in found.items()} == {"good": "RS256", "curve": "ES256"}
    with pytest.raises(ProviderAway):
        keys_of(json.dumps({"keys": cases[2:]}).encode())


def test_of_a_private_key_that_was_published_by_mistake_the_public_part_alone_is_kept() -> None:
    found = keys_of(json.dumps({"keys": [rsa("r").as_dict(private=True)]}).encode())

    assert not found["r"].key.is_private
    assert "n" not in repr(found["r"]).split("VerifyingKey")[1].split("algorithm")[0]


async def test_where_tokens_come_from_a_provider_none_are_made(provider: ProviderServer) -> None:
    with pytest.raises(SetupFault, match=f"Get one from {ISSUER}"):
        source(provider).sign({})


async def test_no_one_is_told_where_the_keys_are(provider: ProviderServer) -> None:
    provider.stop()

    with pytest.raises(Unavailable) as away:
        await shown(signed(provider.keys[0]), source(provider))
    with pytest.raises(Unauthenticated) as nothing:
        await shown("x", source(provider))

    assert not any("127.0.0.1" in caught.value.message for caught in (away, nothing))
