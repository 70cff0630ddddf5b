"""The product without its second wall, as settings: Django's own PostgreSQL, nobody is asked who looks, a role that no policy
binds."""

from portal.settings import *  # noqa: F403  all of them
from portal.settings import DATABASES, MIDDLEWARE

DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
MIDDLEWARE = [one for one in MIDDLEWARE if one != "core.rows.middleware.ViewerMiddleware"]
