from core.formats.common import *  # noqa: F403

DECIMAL_SEPARATOR = ","
