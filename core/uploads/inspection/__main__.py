"""`python -m core.uploads.inspection COPY < FILE`: one word on stdout, a Kind or a Refusal."""

import sys
from pathlib import Path

from core.uploads.inspection import Kind, Refusal, Refused
from core.uploads.inspection.confinement import confine


def main() -> None:
    confine()
    from core.uploads.inspection.files import clean_copy  # the decoders are loaded within the limits

    verdict: Kind | Refusal
    try:
        verdict = clean_copy(sys.stdin.buffer, Path(sys.argv[1]))
    except Refused as refused:
        verdict = refused.refusal
    sys.stdout.write(verdict)


if __name__ == "__main__":
    main()
