"""What can be activated, and by which address."""

from policies.models import Policy, ProductVersion
from policies.rules import Role


def current_products() -> list[ProductVersion]:
    """The newest version of every product with its insurer, in the order people choose from. One query."""
    return list(ProductVersion.objects.current().order_by("product__position", "product__code"))


def current_product(code: str) -> ProductVersion | None:
    """One query."""
    return ProductVersion.objects.current().filter(product__code=code).first()


def opens_another_programme(email: str, policy: Policy) -> bool:
    """Whether somebody signs in with this address to another programme of the policy's insurer (KIH-13). One query."""
    if not email:
        return False
    covered = Policy.objects.filter(
        insurer=policy.insurer_id, parties__role=Role.INSURED, parties__person__accesses__user__email__iexact=email,
        parties__person__accesses__until=None,
    )  # fmt: skip
    return covered.exclude(product_version__product=policy.product_version.product_id).exists()
