"""Where things lie on a laptop."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
LOCALE = ROOT / "locale"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
DEBIAN = VENV / "debian"  # Debian packages unpacked where nobody may install them
STATE = ROOT / ".data"  # all that the demo remembers
