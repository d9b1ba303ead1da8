"""The parts of the identity tests: a clock, a real provider on a port of this machine, and its keys and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from db.access import Viewer
from db.errors import Unauthenticated
from schema.identity import Identity
from schema.provider import Provider
from schema.tokens import KeySource, TokenRules

ISSUER = "https://login.example.org/desk"
AUDIENCE = "deskgraph"
RULES = TokenRules(ISSUER, AUDIENCE)
ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def rsa(kid: str, bits: int = 2048) -> RSAKey:
    """A new RSA key."""
    return RSAKey.generate_key(bits, {"kid": kid, "use": "sig"})


def ec(kid: str, curve: str = "P-256") -> ECKey:
    """A new elliptic curve key."""
    return ECKey.generate_key(curve, {"kid": kid})


def claims(now: float | None = None, **further: Any) -> dict[str, Any]:
    """What a manager's token says; what is None is left out."""
    issued = int(time.time() if now is None else now)
    said = {"sub": "ada", "role": "manager", "iss": ISSUER, "aud": AUDIENCE, "iat": issued, "exp": issued + 300}
    return {name: value for name, value in {**said, **further}.items() if value is not None}


def signed(key: RSAKey | ECKey, said: dict[str, Any] | None = None, **header: Any) -> str:
    """A token, signed by a key; a header that is None is left out."""
    given = {"alg": ALGORITHMS[key.key_type], "kid": key.kid, **header}
    return jwt.encode({k: v for k, v in given.items() if v is not None}, claims() if said is None else said, key)


def coded(value: Any) -> str:
    """A value as a part of a token."""
    return (
        base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode())
        .rstrip(b"=")
        .decode()
    )


def forged(secret: bytes, said: dict[str, Any], **header: Any) -> str:
    """A token signed by HS256 with any bytes, as no honest library would."""
    body = f"{coded({'alg': 'HS256', 'typ': 'JWT', **header})}.{coded(said)}"
    return f"{body}.{coded(hmac.digest(secret, body.encode(), hashlib.sha256))}"


def raw(key: ECKey, header: dict[str, Any], said: dict[str, Any]) -> str:
    """A token with any header at all, honestly signed by ES256."""
    body = f"{coded(header)}.{coded(said)}"
    r, s = decode_dss_signature(key.private_key.sign(body.encode(), ECDSA(SHA256())))
    return f"{body}.{coded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


@dataclass
class ProviderServer:
    """A provider that publishes keys over HTTP, as long as it is started; counts who asks."""

    keys: list[RSAKey | ECKey] = field(default_factory=list)
    asked: int = 0
    status: int = 200
    body: bytes | None = None
    """What to answer instead of the keys."""
    headers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where the keys are."""
        return f"http://127.0.0.1:{self.port}/keys"

    @property
    def document(self) -> bytes:
        """The JWK Set."""
        return json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]}).encode()

    def start(self) -> None:
        """Listens; again on the same port, after a stop."""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                time.sleep(provider.delay_seconds)
                body = provider.document if provider.body is None else provider.body
                self.send_response(provider.status)
                for name, value in {"Content-Length": str(len(body)), **provider.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(BrokenPipeError, ConnectionResetError):  # who asked has read enough
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Goes away."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def source(server: ProviderServer, clock: Clock | None = None, **further: Any) -> Provider:
    """The provider's keys as the gateway has them."""
    return Provider(server.url, ISSUER, clock=clock or Clock(), **further)


async def shown(token: str, keys: KeySource, rules: TokenRules = RULES) -> Viewer:
    """The viewer that a token proves."""
    return await Identity(keys, rules).viewer(f"Bearer {token}")


async def refusal(token: str, keys: KeySource, rules: TokenRules = RULES) -> str:
    """Why a token is refused; never with a part of it."""
    with pytest.raises(Unauthenticated) as caught:
        await shown(token, keys, rules)
    assert not any(part in caught.value.message for part in token.split(".") if len(part) > 8)
    return caught.value.message
