"""Policies: products, people, policies and who may see them.

Answers `accounts.passwords.own_words_asked` with what is known about the people an account reaches.
"""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        from accounts.passwords import own_words_asked
        from policies.queries import words_of_account

        own_words_asked.connect(words_of_account)
