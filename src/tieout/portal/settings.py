"""Django's settings, all of them from `tieout.config`. Importing this touches no file but settings.toml and the key file."""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tieout.config import SettingsError, is_loopback
from tieout.portal.bootstrap import installation
from tieout.portal.encryption import read_key_ring
from tieout.portal.mail import mail_settings

HERE = Path(__file__).parent
TIEOUT = installation()

PUBLIC_URL = TIEOUT.public_url or "http://127.0.0.1:8000"  # `serve` fills in the address it serves
IS_HTTPS = PUBLIC_URL.startswith("https://")
if not IS_HTTPS and not is_loopback(PUBLIC_URL):
    raise SettingsError(
        f"TIEOUT_PUBLIC_URL is {PUBLIC_URL}: plain http is for this machine only. Use an https address; nothing was started."
    )


def _signing_keys() -> tuple[str, ...]:
    # Before the first start there is no key file. What such a process signs is worthless when it ends.
    if not TIEOUT.secret_key_file.exists():
        return (secrets.token_urlsafe(),)
    return read_key_ring(TIEOUT.secret_key_file).derived("signing")


SECRET_KEY, *SECRET_KEY_FALLBACKS = _signing_keys()
DEBUG = False


def _connectors() -> object:
    from tieout.connectors.registry import connectors

    return connectors(TIEOUT)


# By name; a test puts another dict here. Made when first asked for.
CONNECTORS = SimpleLazyObject(_connectors)

# A fill (a request per invoice) gives the turn to others after so many requests: half a minute under the limit.
FILL_CHUNK_REQUESTS = 300

INSTALLED_APPS = [
    "tieout.portal.people",
    "tieout.portal.workspaces",
    "tieout.portal.audits",
    "tieout.portal.sources",
    "tieout.portal.groups",
    "tieout.portal.partners",
    "tieout.portal.approvals",
    "tieout.portal.syncs",
    "tieout.portal.proofs",
    "tieout.portal.certificates",
    "tieout.portal.witnesses",
    "tieout.portal.explorer",
    "tieout.portal.vouchers",
    "tieout.portal.reports",
    "tieout.portal.planning",
    "tieout.portal.stamps",
    "tieout.portal.saft",
    "tieout.portal.removals",
    "tieout.portal.personal",
    "tieout.portal.usage",
    "tieout.portal.installation",
    "tieout.portal.trials",
    "tieout.portal.alerts",
    "tieout.portal.webhooks",
    "tieout.portal.feeds",
    "tieout.portal.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets' templates, which ours stand on
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "tieout.portal.health.probes.Probes",
    "tieout.portal.middleware.PublicAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tieout.portal.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tieout.portal.middleware.LanguageAndZone",
    "tieout.portal.audits.middleware.Audited",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tieout.portal.people.middleware.Seen",
    "tieout.portal.api.middleware.Edge",
]

ROOT_URLCONF = "tieout.portal.urls"
WSGI_APPLICATION = "tieout.portal.wsgi.application"
ALLOWED_HOSTS = ["*"]  # PublicAddress sends every other host to the public one before anything reads it
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "tieout.portal.errors.page_too_old"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tieout.portal.context.house",
                "tieout.portal.alerts.context.alerts",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "tieout.portal.templatetags.figures",
                "tieout.portal.templatetags.marks",
                "tieout.portal.templatetags.stored",
            ],
        },
    }
]
# How many seconds a browser that comes back from an approval waits for the system; then a page follows by itself.
APPROVAL_PATIENCE: float | None = 8
FORM_RENDERER = "tieout.portal.forms.Renderer"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": TIEOUT.home / "app.db",
        # Writers wait for their turn at BEGIN instead of failing in the middle of a transaction.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # What is deleted is overwritten in the same transaction, so that no process killed afterwards leaves it behind.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "tieout.portal.people.passwords.NotOfTheHouse"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "sources:list"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "tieout.portal.people.adapter.Invited"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an owner or by a link sent to the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
MFA_ADAPTER = "tieout.portal.people.factors.Factors"
MFA_FORMS = {"activate_totp": "tieout.portal.people.app_form.SealedAppForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are an owner's word, or were shown by a link sent there
MFA_TOTP_ISSUER = "Tieout"
MFA_TOTP_TOLERANCE = 1  # of 30 seconds: telephones' clocks differ
SOCIALACCOUNT_ADAPTER = "tieout.portal.people.oidc.Gate"
# A link, not a form: browsers keep a form's redirects to this host (form-action). Nothing but a sign-in begins by it.
SOCIALACCOUNT_LOGIN_ON_GET = True
# People are known by what a server calls them. Another server's same name is somebody else's.
OIDC_PROVIDER = f"oidc-{sha256(TIEOUT.oidc_issuer.encode()).hexdigest()[:12]}"
# allauth's own limits on sign-in, failed sign-ins and resets hold; their counts live in this process, which is the only one.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # since the sign-in, whatever happens; see people.middleware for the rest
# The prefix makes a browser refuse the cookie from anything but this very host over https.
_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}tieout_session"
CSRF_COOKIE_NAME = f"{_PREFIX}tieout_csrf"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}tieout_language"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
# Not no-referrer: with that browsers send "Origin: null" and every form would fail. Nothing leaves this host either way.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "object-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tieout.portal.static_files.FingerprintedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 30 * 24 * 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nb", _("Norwegian"))]
LOCALE_PATHS = [HERE / "locale", *sorted(HERE.parent.glob("connectors/**/locale"))]
USE_I18N = True
TIME_ZONE = "Europe/Oslo"  # for people who chose none; stored in UTC
USE_TZ = True

globals().update(mail_settings(TIEOUT.email_url))
IS_MAIL_SET = not TIEOUT.email_url.startswith("console:")  # what a console prints reaches nobody
DEFAULT_FROM_EMAIL = SERVER_EMAIL = TIEOUT.email_from

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "tieout.portal.logs.MasksSecrets"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{", "datefmt": "%Y-%m-%dT%H:%M:%S%z"},
        "json": {"()": "tieout.portal.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": TIEOUT.log, "filters": ["masked"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "tieout": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
