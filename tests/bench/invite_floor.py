"""The bare sink rate: the same letters, built beforehand, sent by smtplib over the same number of connections.

It prepares nothing, words nothing, records nothing and knows nobody by name.
"""

import os
import smtplib
from concurrent.futures import ThreadPoolExecutor

from tests.bench import sink
from tests.bench.contest import Work
from tests.bench.invite import CONNECTIONS, LETTERS, Crew, a_letter, check_all_arrived


class Bare(Crew):
    helper = "tests.bench.invite_floor:Connection"

    def prepare(self) -> None:
        sink.reset()

    def work(self) -> Work:
        with ThreadPoolExecutor(CONNECTIONS) as together:
            shares = list(together.map(lambda one: one.work().operations, self.helpers))
        return Work(sum(shares), [])

    def check(self) -> None:
        check_all_arrived()


class Connection:
    """One of them, in a process of its own."""

    def __init__(self) -> None:
        self.letter = a_letter()

    def prepare(self) -> None:
        """Nothing is kept between two turns."""

    def work(self) -> Work:
        share = LETTERS // CONNECTIONS
        with smtplib.SMTP("127.0.0.1", sink.port()) as smtp:
            smtp.ehlo()
            for number in range(share):
                smtp.mail(self.letter.sender, [])
                smtp.rcpt(f"p{os.getpid()}.{number}@firm.example")
                smtp.data(self.letter.body)
        return Work(share, [])

    def check(self) -> None:
        """The crew asks the sink."""
