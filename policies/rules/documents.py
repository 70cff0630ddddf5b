"""Which documents a policy has. Values in, values out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    """KIH-03 calls the first one by its number."""

    APPENDIX_1 = "appendix_1", _("Appendix 1")
    POLICY = "policy", _("Policy")

    def template(self, product: str) -> str:
        """Of the product with this code: an appendix has its own words, a policy is laid out alike for all."""
        return "documents/policy.html" if self == DocumentKind.POLICY else f"documents/{self}/{product}.html"


# What a reader finds among files.
FILE_NAMES = {
    DocumentKind.APPENDIX_1: _("Appendix 1 to policy %(number)s"),
    DocumentKind.POLICY: _("Policy %(number)s"),
}
