"""Every setting that differs between machines comes from the environment, and is read here alone."""

from decimal import Decimal
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# ── Who and where ────────────────────────────────────────────────────────────
DEMO = env.bool("DEMO", default=False)  # invented people, plain cookies, one-time staff links
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL")  # links in letters come from here, never from the Host header
# Who speaks where no insurer is known: the same keys as an insurer's brand in letters.
PORTAL_BRAND = {
    "name": env.str("PORTAL_NAME", default="") or _("My policy"),
    "phone": env.str("PORTAL_PHONE", default=""),
    "hours": env.str("PORTAL_HOURS", default=""),
    "url": PUBLIC_URL,
}

INSTALLED_APPS = [
    "portal",
    "claims",
    "telemed",
    "activation",
    "policies",
    "accounts",
    "notices",
    "core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "accounts.apps.StaffAdminConfig",  # django.contrib.admin behind a second factor
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "phonenumber_field",
]

MIDDLEWARE = [
    "portal.middleware.AccessMiddleware",
    "portal.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",  # below the headers, which its redirects carry too
    "whitenoise.middleware.WhiteNoiseMiddleware",  # …and so do static files
    "portal.middleware.PublicPagesMiddleware",  # above whatever reads cookies
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.rows.middleware.ViewerMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "portal.middleware.EmptyPageMiddleware",
    "portal.middleware.MethodsMiddleware",
    "portal.middleware.NulMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "portal.middleware.BusyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "policies.middleware.InsurerMiddleware",
    "portal.middleware.BodyLimitMiddleware",  # the innermost: its page knows the reader, the insurer and the language
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # one field.html of ours for every form

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "core.templatetags.ui",
                "core.templatetags.components",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "policies.context_processors.help_contacts",
                "policies.context_processors.face",
            ],
        },
    }
]

# ── Data ─────────────────────────────────────────────────────────────────────
# `default` is the role `web`: no DDL, no UPDATE or DELETE on audit and history.
# `owner` migrates, and exists only where its URL is given.
DATABASES = {"default": env.db("DATABASE_URL")}
if env.str("OWNER_DATABASE_URL", default=""):
    DATABASES["owner"] = env.db("OWNER_DATABASE_URL")
for database in DATABASES.values():
    database["ENGINE"] = "core.rows.backend"  # Django's PostgreSQL, behind the second wall (adr/0046)
    database["CONN_MAX_AGE"] = 600
    database["CONN_HEALTH_CHECKS"] = True
    # A silent host would hold a page for two minutes. Seconds.
    database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
if "owner" in DATABASES:
    # ALTER TABLE waits for the longest reader, and every later reader waits for it: rather give up, and migrate again.
    DATABASES["owner"]["OPTIONS"]["options"] = "-c lock_timeout=500ms"
# Statements are prepared at their first use and kept for the life of a connection: PostgreSQL plans each once (adr/0018).
DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

POSTGRES_BIN = env.str("POSTGRES_BIN", default="")  # folder of pg_dump and pg_restore; empty: where Debian keeps them

# Limits of allauth live in the default cache: in PostgreSQL they survive a flushed or missing Valkey.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {
            "MAX_ENTRIES": 100_000
        },  # above it entries are culled at random, limits among them: Django's 300 is few
    }
}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "originals": {
        "BACKEND": "core.whole_files.WholeFileStorage",
        "OPTIONS": {"location": env.path("ORIGINALS_DIR", default=str(BASE_DIR / ".data/originals"))},
    },
    "derivatives": {
        "BACKEND": "core.whole_files.WholeFileStorage",
        "OPTIONS": {
            "location": env.path("DERIVATIVES_DIR", default=str(BASE_DIR / ".data/derivatives")),
            "allow_overwrite": True,  # by the check that is repeated
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# nginx hands out what a view has permitted (X-Accel-Redirect, deploy/nginx.conf); without it the process does.
FILES_BY_NGINX = env.bool("FILES_BY_NGINX", default=False)

# The seals of organisations on the documents that we make for them (core.documents.seals); empty: nobody seals.
SEALS_DIR = env.str("SEALS_DIR", default="")

# ── Languages and time ───────────────────────────────────────────────────────
LANGUAGE_CODE = "ru"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale/upstream"]  # ours; what Django and allauth lack in Kazakh
FORMAT_MODULE_PATH = ["core.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Almaty"  # shown when no insurer is known; rows are in UTC

# ── Signing in ───────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashers.BoundedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.passwords.PasswordPolicy"}]
PASSWORD_RESET_TIMEOUT = 3600  # seconds that a reset link lives
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}  # beside a password; codes by SMS are accounts.services.codes
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # sign-up itself is closed by the adapter
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # mail scanners follow links
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that gave the password a moment ago
ACCOUNT_CHANGE_EMAIL = True  # one address an account; the old one serves until the new one is proved
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser, or by the limits of accounts.rules
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "",  # the adapter's, like those for wrong passwords
    "login_failed": "20/m/ip,5/5m/key",  # second factors; loose by source: mobile operators share addresses
    "confirm_email": "1/3m/key,5/d/key",
    "reset_password": "20/m/ip,5/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)  # 0: X-Forwarded-For is not believed

MFA_ADAPTER = "accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {
    "webauthn_login": "60/m/ip"
}  # nobody guesses a key, and a mobile operator's customers share addresses
MFA_FORMS = {
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
}

# National sign-in by OpenID Connect (docs/notes/national-sign-in.md). Without an issuer it is off: no page, no button.
NATIONAL_ID_ISSUER = env.str("NATIONAL_ID_ISSUER", default="")  # below it lies /.well-known/openid-configuration
NATIONAL_ID_NAME = env.str("NATIONAL_ID_NAME", default="")  # as people know it: «Sign in with …»
NATIONAL_ID_CLIENT = env.str("NATIONAL_ID_CLIENT", default="")
NATIONAL_ID_SECRET = env.str("NATIONAL_ID_SECRET", default="")
NATIONAL_ID_SCOPES = env.list("NATIONAL_ID_SCOPES", default=["openid", "profile", "email"])
NATIONAL_ID_IIN_CLAIM = env.str("NATIONAL_ID_IIN_CLAIM", default="iin")  # what no token has attaches no policy
SOCIALACCOUNT_ADAPTER = "accounts.adapters.NationalAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # an address that the service did not prove is not taken over at all

# A laptop speaks plain HTTP, where browsers keep neither Secure nor __Host- cookies nor passkeys by the book.
PLAIN_COOKIES = DEMO or DEBUG
HOST_PREFIX = "" if PLAIN_COOKIES else "__Host-"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PLAIN_COOKIES
SESSION_COOKIE_NAME = HOST_PREFIX + "session"
CSRF_COOKIE_NAME = HOST_PREFIX + "csrf"
LANGUAGE_COOKIE_NAME = HOST_PREFIX + "language"
DEVICE_COOKIE_NAME = HOST_PREFIX + "device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_COOKIES
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes: whatever is not a register
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
SESSION_COOKIE_AGE = 12 * 3600  # seconds: what is left behind in the database is dead after the absolute limit
MESSAGE_STORAGE = "core.messages.HostCookieStorage"  # a message makes no session for a stranger

# ── What browsers are told ───────────────────────────────────────────────────
HTTPS = PUBLIC_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked inside, where no proxy speaks TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preload binds a domain for years: its owner's choice
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # the QR code of an authenticator app
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# An ASGI process serves /live/ (portal.asgi), so pages may listen. Without it they keep their buttons.
LIVE = env.bool("LIVE", default=False)

# ── Calls ────────────────────────────────────────────────────────────────────
# coturn (deploy/turnserver.conf), through which sound and picture go where two browsers find no path of their own.
# Without an address calls work only between networks that let them through.
TURN_URLS = env.list("TURN_URLS", default=[])  # turn:relay.example.kz:3478, turns:relay.example.kz:5349?transport=tcp
TURN_SECRET = env.str("TURN_SECRET", default="")  # its static-auth-secret: whoever knows it makes credentials

# ── Other hosts ──────────────────────────────────────────────────────────────
# The mail relay and the SMS provider, by name: core.outbound goes nowhere else.
OUTBOUND_HOSTS = env.list("OUTBOUND_HOSTS", default=["127.0.0.1", "localhost"])

# clamd, which looks through what people send; without a host it is off. Its host stands in OUTBOUND_HOSTS too.
CLAMAV_HOST = env.str("CLAMAV_HOST", default="")
CLAMAV_PORT = env.int("CLAMAV_PORT", default=3310)

# ── Static files ─────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]

# ── Who watches ──────────────────────────────────────────────────────────────
LOG_FORMAT = env.str("LOG_FORMAT", default="json")  # or plain, for eyes
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "core.logs.JsonLines"},
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": LOG_FORMAT},
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # Django's own would print and write letters to administrators
        "django.request": {"level": "ERROR"},  # a 4xx stands in portal.access
        "django.security": {"level": "CRITICAL"},  # so does this, and its words quote what a stranger sent
        "httpx": {"level": "WARNING"},  # each call with its whole address
        "weasyprint": {"level": "ERROR"},  # each step of each document, and warnings about our own stylesheet
        "celery.beat": {"level": "WARNING"},  # each wake-up: 100,000 lines a day
        "celery.app.trace": {"level": "WARNING"},  # every two seconds that nothing was to be done
        "celery.worker.strategy": {"level": "WARNING"},
    },
}  # fmt: skip
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # Prometheus' bearer token; without one /metrics is not there
METRICS_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", default="")  # where the web processes of a machine add up

# ── Messages and periodic work ───────────────────────────────────────────────
# smtp://host:25 in the clear, smtp+tls://user:password@host:587 with STARTTLS, smtp+ssl://user:password@host:465
MAIL = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25")
EMAIL_HOST = MAIL["EMAIL_HOST"]
EMAIL_PORT = MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=5.0)  # seconds a command
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

SMS_GATEWAY = env.str("SMS_GATEWAY", default="sandbox")  # or smsc
SMS_SANDBOX_DIR = env.path("SMS_SANDBOX_DIR", default=str(BASE_DIR / ".data/sms"))
SMSC_URL = env.str("SMSC_URL", default="https://smsc.kz/sys/")
SMSC_LOGIN = env.str("SMSC_LOGIN", default="")
SMSC_PASSWORD = env.str("SMSC_PASSWORD", default="")
SMSC_SENDER = env.str("SMSC_SENDER", default="")
# When a day's codes have cost so much, nobody gets another one by SMS until the day is over. The provider's currency.
SMS_MONEY_A_DAY = Decimal(env.str("SMS_MONEY_A_DAY", default="50000"))
SMS_PART_PRICE = Decimal(env.str("SMS_PART_PRICE", default="20"))  # what the dearest operator takes

TELEPHONE_GATEWAY = env.str("TELEPHONE_GATEWAY", default="sandbox")  # or http: connects a doctor with a patient
TELEPHONE_URL = env.str("TELEPHONE_URL", default="")
TELEPHONE_LOGIN = env.str("TELEPHONE_LOGIN", default="")
TELEPHONE_PASSWORD = env.str("TELEPHONE_PASSWORD", default="")

NOTICES_KEPT_DAYS = env.int("NOTICES_KEPT_DAYS", default=90)  # later the recipient and the facts are wiped
# Days after the end of a guest's access, or of a mailing's personal links, when their contact is wiped.
CONTACTS_KEPT_DAYS = env.int("CONTACTS_KEPT_DAYS", default=90)
# Years after the last step of a claim; then its documents and personal data go (claims.services.forgetting). 0: never.
CLAIMS_KEPT_YEARS = env.int("CLAIMS_KEPT_YEARS", default=0)
# Letters a minute that a new mailing to a firm's people proposes: what the mail server takes from us without objecting.
MAILING_PACE = env.int("MAILING_PACE", default=300)

CELERY_BROKER_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # Valkey may be away for a day: after 100 tries a worker would end itself
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True  # what a task did stands in PostgreSQL
# A wake-up that dies with its worker is made up for by the next. Acknowledged late, the task at work when Valkey goes
# away would end its worker: kombu acknowledges over the lost connection and fails with an AttributeError.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A worker without --queues serves both. Letters have one of their own: a million rows of a register hold up no code.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"notices": {}, "work": {}}
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {"notices.tasks.deliver": {"queue": "notices"}}
# Frequent and harmless to repeat: what one beat misses the next one does. Late wake-ups expire instead of piling up.
CELERY_BEAT_SCHEDULE = {
    "deliver notices": {"task": "notices.tasks.deliver", "schedule": 2.0, "options": {"expires": 2}},
    "work on registers": {"task": "policies.tasks.work_on_registers", "schedule": 3.0, "options": {"expires": 3}},
    "make documents": {"task": "policies.tasks.make_documents", "schedule": 3.0, "options": {"expires": 3}},
    "forget register rows": {
        "task": "policies.tasks.forget_register_rows", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "forget old notices": {"task": "notices.tasks.forget_old", "schedule": 3600.0, "options": {"expires": 3600}},
    "remind of opening days": {
        "task": "activation.tasks.send_due_reminders", "schedule": 600.0, "options": {"expires": 600},
    },
    "hand out letters of mailings": {
        "task": "activation.tasks.hand_out_letters", "schedule": 5.0, "options": {"expires": 5},
    },
    "end forgotten activations": {
        "task": "activation.tasks.expire_activations", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "forget addresses of mailings": {
        "task": "activation.tasks.forget_addresses", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "forget declarations": {
        "task": "activation.tasks.forget_declarations", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "check uploads": {"task": "core.tasks.check_uploads", "schedule": 3.0, "options": {"expires": 3}},
    "forget uploads": {"task": "core.tasks.forget_uploads", "schedule": 3600.0, "options": {"expires": 3600}},
    "make conclusions": {"task": "telemed.tasks.make_conclusions", "schedule": 3.0, "options": {"expires": 3}},
    "make papers of claims": {"task": "claims.tasks.make_papers", "schedule": 3.0, "options": {"expires": 3}},
    "accept consultations": {
        "task": "telemed.tasks.accept_consultations", "schedule": 600.0, "options": {"expires": 600},
    },
    "free unpaid times": {"task": "telemed.tasks.free_unpaid", "schedule": 60.0, "options": {"expires": 60}},
    "forget drafts of requests": {
        "task": "telemed.tasks.forget_drafts", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "forget spent limits": {"task": "core.tasks.prune_limits", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget sent forms": {"task": "core.tasks.prune_sent_forms", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget codes": {"task": "accounts.tasks.forget_codes", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget contacts of guests": {
        "task": "accounts.tasks.forget_guests", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "end holds": {"task": "accounts.tasks.end_holds", "schedule": 600.0, "options": {"expires": 600}},
    "follow the calendar": {"task": "claims.tasks.follow_calendar", "schedule": 10.0, "options": {"expires": 10}},
    "ask for certificates": {
        "task": "claims.tasks.ask_for_certificates", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "forget papers of claims": {
        "task": "claims.tasks.forget_claims", "schedule": 3600.0, "options": {"expires": 3600},
    },
    "keep the time of calls": {"task": "telemed.tasks.keep_times", "schedule": 5.0, "options": {"expires": 5}},
    "forget signals": {"task": "telemed.tasks.forget_signals", "schedule": 600.0, "options": {"expires": 600}},
    "clear ended sessions": {"task": "accounts.tasks.clear_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
}  # fmt: skip
