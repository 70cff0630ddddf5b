"""Scripts for a laptop and for CI. The product imports nothing from here."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  said here, before a newer construct stops with a worse message
    sys.exit("Python 3.11 or later is needed; this is " + sys.version.split()[0])
