"""What the OpenID Connect server says, believed only where it is signed by that server, for us, and of one person."""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings

# Public keys only: with none of these could a server's key be taken for a shared secret.
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
NEEDED = ("iss", "sub", "aud", "exp", "iat")
NAME_LENGTH = 100


class Server(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The server of the settings. Every doubt is an OAuth2Error, which leads back to the sign-in page."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the server tells of itself. Raises OAuth2Error where it calls itself by another name than ours for it."""
        told: dict[str, Any] = super().openid_config
        if str(told.get("issuer", "")).rstrip("/") != settings.TIEOUT.oidc_issuer:
            raise OAuth2Error("The server tells of itself under another name than TIEOUT_OIDC_ISSUER")
        return told

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who came back. Of what the server told, its name for them alone is kept; `told_name` goes with this sign-in."""
        signed = self._decode_id_token(app, kwargs["response"].get("id_token", ""))
        told = self._fetch_user_info(token.token)
        if told.get("sub") != signed["sub"]:
            raise OAuth2Error("The server tells of another person than it signed for")
        login = self.get_provider().sociallogin_from_response(request, {"id_token": signed, "userinfo": told})
        login.account.extra_data = {}
        login.told_name = str(told.get("name") or "")[:NAME_LENGTH]
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The claims. allauth leaves the signature out where the token came by TLS; we look at it in any case."""
        config = self.openid_config
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key(config["jwks_uri"], id_token),
                algorithms=list(SIGNED_WITH),
                audience=app.client_id,
                issuer=config["issuer"],
                options={"require": list(NEEDED)},
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise OAuth2Error("The server's word is not signed by it, not for us, or too old") from error
        return claims

    def _key(self, address: str, id_token: str) -> jwt.PyJWK:
        """The key of the server's own list that the token names; the only one where it names none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        named = jwt.get_unverified_header(id_token).get("kid")
        fitting = [key for key in keys if named is None or key.key_id == named]
        if len(fitting) != 1:
            raise OAuth2Error("The server signed with a key that it does not list")
        return fitting[0]
