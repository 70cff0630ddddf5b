"""Scripts for a laptop and for CI. The product imports nothing from here."""
