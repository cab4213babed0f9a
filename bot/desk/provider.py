"""The city's OpenID provider: what it says about itself, and whether a token of it is right."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption

from bot.settings import Settings

DISCOVERY = "/.well-known/openid-configuration"
# Signatures alone: neither «none» nor a secret that both sides know.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
KEPT = 3600  # seconds for which the provider's own words are believed
LEEWAY = 60  # seconds by which clocks may differ
REMEMBERED = 30  # seconds for which a provider that was away is not asked again
TIMEOUT = 5  # seconds, for each of two questions
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(Exception):
    """The provider does not answer, or its answer is not right. The message holds no content."""


class Provider:
    """One provider, asked by one client."""

    def __init__(
        self,
        issuer: str,
        client: str,
        secret: str,
        claim: str,
        acr: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer, self.client, self.secret = issuer, client, secret
        self.claim, self.acr = claim, acr
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._until = self._away_until = clock()

    def metadata(self) -> Mapping[str, Any]:
        """What the provider publishes about itself. Raises ``ProviderError``.

        Whoever waited for an answer that did not come does not wait for it a second time.
        """
        with self._lock:
            if self._clock() >= self._until:
                if self._clock() < self._away_until:
                    raise ProviderError("the provider was not there a moment ago")
                self._read()
            return self._metadata

    def name_in(self, id_token: str, nonce: str) -> str:
        """The account's name in an ID token (OpenID Connect Core 3.1.3.7).

        Raises ``ProviderError`` for a token that is not signed by the provider, not for us, not
        of this attempt, or too old.
        """
        claims = self._verified(id_token)
        wanted = {"iss": self.issuer, "aud": self.client, "nonce": nonce}
        wanted |= {"acr": self.acr} if self.acr else {}
        options = {name: ClaimsOption(essential=True, value=text) for name, text in wanted.items()}
        options |= {name: ClaimsOption(essential=True) for name in ("exp", "iat", "sub")}
        rules = jwt.JWTClaimsRegistry(None, LEEWAY, **options)
        try:
            rules.validate(claims)
        except JoseError as error:
            claim = getattr(error, "claim", "")
            raise ProviderError(f"the token is not right: {error.error} {claim}") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.client:
            raise ProviderError("the token is not right: azp")
        name = claims.get(self.claim)
        if not isinstance(name, str) or not name:
            raise ProviderError("the token has no claim that names the account")
        return name.strip().lower()

    def _verified(self, id_token: str) -> dict[str, Any]:
        self.metadata()
        for fresh in (False, True):  # a key that is not known may be a new one
            try:
                with self._lock:
                    if fresh:
                        self._read()
                    keys = self._keys
                if keys is None:
                    raise ProviderError("the provider has no keys")
                return dict(jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError) as error:
                failed = type(error).__name__
        raise ProviderError(f"the token is not right: {failed}")

    def _read(self) -> None:
        try:
            metadata = _json(self.issuer.rstrip("/") + DISCOVERY)
            missing = [name for name in NEEDED if not isinstance(metadata.get(name), str)]
            if missing or metadata["issuer"] != self.issuer:
                raise ProviderError("the provider describes itself wrongly")
            self._keys = KeySet.import_key_set(_json(metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked by it
        except (requests.RequestException, JoseError, ValueError, KeyError) as error:
            self._away_until = self._clock() + REMEMBERED
            raise ProviderError(f"the provider is not there: {type(error).__name__}") from None
        self._metadata, self._until = metadata, self._clock() + KEPT


def open_provider(settings: Settings) -> Provider | None:
    """The provider of the settings, or None where there is none."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client,
        settings.oidc_secret,
        settings.oidc_claim,
        settings.oidc_acr,
    )


def _json(address: str) -> dict[str, Any]:
    response = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
    response.raise_for_status()
    found = response.json()
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
