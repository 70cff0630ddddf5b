"""A telephone exchange that speaks the protocol of telemed.gateways.telephone on loopback."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

ACCOUNT = "Basic " + base64.b64encode(b"portal:s3cret").decode()


class Exchange:
    """`mode`: ok, 5xx, slow, garbage, list (JSON of another kind), error, nothing (an empty object)."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.orders: list[dict[str, str]] = []
        exchange = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                order = {key: values[0] for key, values in form.items()}
                status, body = exchange.answer(order, self.headers["Authorization"])
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that did not wait: that is what slow tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/calls"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, order: dict[str, str], account: str) -> tuple[int, str]:
        if account != ACCOUNT:
            return 401, ""
        if self.mode == "slow":
            time.sleep(1.5)
        others = {"5xx": (503, "busy"), "garbage": (200, "<html>"), "list": (200, "[1]"), "nothing": (200, "{}")}
        if self.mode in others:
            return others[self.mode]
        if self.mode == "error":
            return 200, json.dumps({"error": "no money"})
        if order["key"] not in [known["key"] for known in self.orders]:
            self.orders.append(order)
        return 200, json.dumps({"call": f"call-{len(self.orders)}"})
