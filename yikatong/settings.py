"""Django settings, all of them from the environment.

Outside the demo nothing has a default that would be unsafe: `./yk serve` refuses to start while DATABASE_URL,
YK_SECRET_KEY, YK_JOURNAL_KEY or YK_ALLOWED_HOSTS is missing (cli/serve.py names the one).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("YK_DATA") or ROOT / ".yk" / "data")
DEMO = os.environ.get("YK_DEMO") == "1"
DEBUG = False

SECRET_KEY = os.environ.get("YK_SECRET_KEY") or ("demo-only-" * 8 if DEMO else "")
# The key of the journal's entry codes (HMAC-SM3) and the place where its head is written live outside the database.
JOURNAL_KEY = (os.environ.get("YK_JOURNAL_KEY") or ("demo-journal" if DEMO else "")).encode()
# Wrap the keys that sensitive columns are sealed with: `name:secret`, newest first; outside the database too.
ENVELOPE_KEYS = os.environ.get("YK_ENVELOPE_KEYS") or ("demo:demo-envelope" if DEMO else "")
JOURNAL_HEAD = Path(os.environ.get("YK_JOURNAL_HEAD") or DATA / "journal-head.txt")
WIRES_FOLDER = Path(os.environ.get("YK_WIRES") or DATA / "wires")
# Counterparts that are reached over SFTP and not by folders: `pay-102=sftp://user@host:22/folder?key=/path …`.
SFTP = os.environ.get("YK_SFTP", "")
# A dotted path to what makes the card security gateway; empty: none is connected. A demo city plays one.
CARD_GATEWAY = os.environ.get(
    "YK_CARD_GATEWAY", "yikatong.office.wires.simulators.gateway.SimulatedGateway" if DEMO else ""
)
FONTS_FOLDER = ROOT / ".yk" / "fonts"

ALLOWED_HOSTS = [h for h in os.environ.get("YK_ALLOWED_HOSTS", "").split(",") if h] or (
    ["127.0.0.1", "localhost", "[::1]"] if DEMO else []
)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not DEMO]


def _database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "yikatong"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        # A pooler in front (PgBouncer in transaction mode) must not lose anything: no server-side cursors.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "CONN_MAX_AGE": int(os.environ.get("YK_CONN_MAX_AGE", "60")),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("YK_TEST_DB") or "test_yikatong"},
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "pgtrigger",
    "procrastinate.contrib.django",
    "yikatong.office",
    "yikatong.residents",
    "yikatong.quality",
    "yikatong.cards",
    "yikatong.benefits",
    "yikatong.spending",
    "yikatong.indicators",
    "yikatong.disclosure",
    "yikatong.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yikatong.web.security.content_security_policy",
    "yikatong.web.security.no_null_characters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yikatong.web.security.idle_limit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "yikatong.web.urls"
WSGI_APPLICATION = "yikatong.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "yikatong" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yikatong.web.context.house",
            ],
        },
    },
]

AUTH_USER_MODEL = "office.Staff"
AUTHENTICATION_BACKENDS = [
    "yikatong.web.accounts.StaffBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Memory-hard, and quick enough for a counter in the morning; old hashes are still read.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
FORM_RENDERER = "yikatong.web.widgets.Renderer"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "yikatong.web.accounts.StaffAdapter"  # staff are appointed, nobody signs up
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Outside the demo TLS ends at a proxy in front. Without its word on who asks, a stranger's wrong passwords would use up
# the log-in attempts of the whole house.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("YK_PROXIES", "0" if DEMO else "1"))
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_TOTP_ISSUER = "一卡通"
STAFF_NEED_SECOND_FACTOR = not DEMO
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "yikatong.web.sessions"
SESSION_COOKIE_AGE = 8 * 3600  # one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
STAFF_IDLE_SECONDS = int(os.environ.get("YK_IDLE_MINUTES", "30")) * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_SSL_REDIRECT = not DEMO and os.environ.get("YK_TLS_OUTSIDE") != "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CACHES = {
    # Log-in limits and API rates must be one count for all workers, so the cache is a table, not a process's memory.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "office_cache"},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "yikatong" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / ".yk" / "static-root"
STATICFILES_DIRS = [
    path for path in (ROOT / ".yk" / "static", ROOT / "yikatong" / "web" / "static") if path.exists()
]
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept outside PostgreSQL
}
WHITENOISE_MANIFEST_STRICT = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

# In a demo city the counterparts are played, so that what people try comes back answered.
PROCRASTINATE_IMPORT_PATHS = ["yikatong.simulation.tasks"] if DEMO else []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "yikatong.office.logs.MaskingFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YK_LOG", "WARNING")},
}
