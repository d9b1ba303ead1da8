"""The identity that the settings ask for."""

from __future__ import annotations

import hashlib

from schema.claims import ClaimNames
from schema.identity import Identity
from schema.machines import Machines
from schema.tokens import KeySource, SharedSecret, TokenRules
from settings import Settings


def identity_of(settings: Settings, machines: Machines | None = None) -> Identity:
    """What checks who asks: by the provider's keys, where one is set, else by the secret; never by both."""
    keys: KeySource = SharedSecret(settings.signing_secret())
    if settings.jwks_url:
        from schema.provider import Provider  # with the HTTP client, which nothing else needs

        keys = Provider(settings.jwks_url, settings.jwt_issuer, settings.jwks_refresh_seconds)
    names = ClaimNames(
        subject=settings.claim_subject,
        role=settings.claim_role,
        agent=settings.claim_agent,
        teams=settings.claim_teams,
        organization=settings.claim_organization,
    )
    rules = TokenRules(settings.jwt_issuer or None, settings.jwt_audience or None, settings.jwt_leeway_seconds, names)
    return Identity(keys, rules, machines)


def pseudonym_key(settings: Settings) -> bytes:
    """What makes pseudonyms: the same wherever the secret is."""
    return hashlib.sha256(b"pseudonyms:" + settings.signing_secret().encode()).digest()
