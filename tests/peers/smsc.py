"""A gateway that speaks SMSC's protocol on loopback: send.php and status.php, a form in, JSON out."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

LOGIN, PASSWORD = "portal", "s3cret"


class SmsGateway:
    """`mode`: ok, an error code as a number, 5xx, slow, lost (takes the message, answers 502), garbage.
    `states` overrules what status.php says of an own number."""

    def __init__(self) -> None:
        self.mode: str | int = "ok"
        self.pause = 1.0
        self.sent: list[dict[str, str]] = []
        self.states: dict[str, int] = {}
        self.requests = 0
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8"))
                status, body = gateway.answer(self.path, {key: values[0] for key, values in form.items()})
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that did not wait: that is what slow tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/sys/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        self.requests += 1
        if (form.get("login"), form.get("psw")) != (LOGIN, PASSWORD):
            return 200, json.dumps({"error": "authorise error", "error_code": 2})
        if form.get("fmt") != "3" or form.get("charset") != "utf-8":
            return 200, "ERROR = 1 (parameters error)"
        return self._status(form) if path == "/sys/status.php" else self._send(form)

    def _status(self, form: dict[str, str]) -> tuple[int, str]:
        known = any(sms["id"] == form["id"] and sms["phones"] == form["phone"] for sms in self.sent)
        return 200, json.dumps({"status": self.states.get(form["id"], 1 if known else -3)})

    def _send(self, form: dict[str, str]) -> tuple[int, str]:
        if isinstance(self.mode, int):
            return 200, json.dumps({"error": "no", "error_code": self.mode})
        if self.mode == "5xx":
            return 503, "busy"
        if self.mode == "garbage":
            return 200, "<html>maintenance</html>"
        if self.mode == "slow":
            time.sleep(self.pause)
        if any(sms["id"] == form["id"] for sms in self.sent):
            return 200, json.dumps({"error": "duplicate request, wait a minute", "error_code": 9})
        self.sent.append(form)
        if self.mode == "lost":
            return 502, "bad gateway"
        return 200, json.dumps({"id": int(form["id"]), "cnt": 2})
