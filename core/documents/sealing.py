"""pyHanko puts a seal under a finished PDF: what was drawn stays as it is, byte for byte, and the seal comes after it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from core.documents.seals import Seal

NAME = "Seal"


class Sealer(PdfSigner):
    """Seals at the instant that it is told."""

    def __init__(self, seal: Seal, now: datetime) -> None:
        self.now = now
        super().__init__(
            PdfSignatureMetadata(
                field_name=NAME, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
                certify=True, docmdp_permissions=MDPPerm.NO_CHANGES,  # whatever is added later breaks it as well
            ),
            signer=SimpleSigner.load_pkcs12_data(seal.pkcs12, other_certs=[], passphrase=seal.password),
            # On no page, and hidden, as PDF/UA wants what is not tagged.
            new_field_spec=SigFieldSpec(
                NAME, readable_field_name=seal.holder, invis_sig_settings=InvisSigSettings(set_hidden_flag=True)
            ),
        )  # fmt: skip

    def init_signing_session(self, *arguments: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self.now
        return session


def sealed(document: bytes, seal: Seal, *, now: datetime) -> bytes:
    """Nobody is asked for the time or for a revocation: `now` is ours, and nothing leaves this machine."""
    with ThreadPoolExecutor(
        max_workers=1
    ) as aside:  # pyHanko runs a loop of its own, which a thread that has one refuses
        return aside.submit(_sealed, document, seal, now).result()


def _sealed(document: bytes, seal: Seal, now: datetime) -> bytes:
    written: BytesIO = Sealer(seal, now).sign_pdf(IncrementalPdfFileWriter(BytesIO(document)))
    return written.getvalue()
