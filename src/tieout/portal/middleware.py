"""What happens to every request: one public address, our headers, the person's language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from tieout.portal.people.models import Person

GetResponse = Callable[[HttpRequest], HttpResponse]
NORWEGIAN = ("nb", "no", "nn")
METHODS = ("GET", "HEAD", "OPTIONS", "POST")  # of pages; the API's addresses say for themselves which they know
PROGRAMS = "/api/"


class PublicAddress:
    """Sends requests for any other host to the public address, so that cookies and links have one home."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_HOST", "").lower() == urlsplit(settings.PUBLIC_URL).netloc.lower():
            return self.get_response(request)
        return HttpResponseRedirect(settings.PUBLIC_URL + request.get_full_path())


class Headers:
    """Says what browsers may not do with our pages, and that pages with books in them are kept by nobody.

    Methods that no page has (TRACE, or one made up) end here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_known = request.method in METHODS or request.path.startswith(PROGRAMS)
        response = self.get_response(request) if is_known else HttpResponseNotAllowed(METHODS)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class LanguageAndZone:
    """A person's own language and zone; an outsider's chosen language, else the browser's, else English."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if isinstance(request.user, Person) else None
        language = person.language if person else _outsiders_language(request)
        with translation.override(language), timezone.override(_zone(person)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def _zone(person: Person | None) -> ZoneInfo:
    try:
        return ZoneInfo(person.time_zone if person else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def _outsiders_language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in dict(settings.LANGUAGES):
        return str(chosen)
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        primary = wanted.split("-")[0]
        if primary in NORWEGIAN:
            return "nb"
        if primary == "en":
            return "en"
    return str(settings.LANGUAGE_CODE)
