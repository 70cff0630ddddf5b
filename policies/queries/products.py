"""What can be activated."""

from policies.models import ProductVersion


def current_products() -> list[ProductVersion]:
    """The newest version of every product with its insurer, in the order people choose from. One query."""
    return list(ProductVersion.objects.current().order_by("product__position", "product__code"))


def current_product(code: str) -> ProductVersion | None:
    """One query."""
    return ProductVersion.objects.current().filter(product__code=code).first()
