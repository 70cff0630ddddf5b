from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import services
from accounts.models import User


class Command(BaseCommand):
    help = "Print a link that signs a colleague in once, within 24 hours. The account is opened when there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="who it is, for the audit trail")
        parser.add_argument("--administrator", action="store_true", help="open the account with every right")

    def handle(self, *args: Any, email: str, name: str, administrator: bool, **options: Any) -> None:
        colleague = User.objects.filter(email=email.lower(), is_staff=True).first()
        try:
            colleague = colleague or services.open_staff_account(
                email=email, name=name, is_administrator=administrator, by=None
            )
        except services.AddressTaken as error:
            raise CommandError(f"{email} belongs to an insured person's account; use another address") from error
        self.stdout.write(services.one_time_staff_link(user=colleague, now=timezone.now()))
