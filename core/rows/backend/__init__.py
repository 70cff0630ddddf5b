"""A database engine for settings.DATABASES."""
