"""A real Radicale on loopback, for one test at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from radicale import config
from radicale.app import Application

USER, PASSWORD = "csc", "correct horse"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None: ...


class CalendarServer:
    """`requests` are the method and path of all that was asked; after `fail_after` objects it is overloaded."""

    def __init__(self, folder: Path) -> None:
        self.requests: list[tuple[str, str]] = []
        self.fail_after: int | None = None
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        self._radicale = Application(
            _configured(
                {
                    "auth": {"type": "htpasswd", "htpasswd_filename": str(folder / "users"),
                             "htpasswd_encryption": "plain", "delay": "0"},
                    "storage": {"filesystem_folder": str(folder / "calendars")},
                    "logging": {"level": "critical"},
                }
            )
        )  # fmt: skip
        self._server: WSGIServer | None = None

    @property
    def url(self) -> str:
        assert self._server
        return f"http://127.0.0.1:{self._server.server_port}/{USER}/programme/"

    def start(self, port: int = 0) -> None:
        self._server = make_server("127.0.0.1", port, self._answer, handler_class=_Quiet)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()

    def puts(self) -> int:
        return sum(method == "PUT" for method, _ in self.requests)

    def _answer(self, environ: Any, start_response: Any) -> Any:
        self.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if self.fail_after is not None and self.puts() > self.fail_after:
            start_response("503 Service Unavailable", [])
            return [b""]
        return self._radicale(environ, start_response)


def _configured(settings: Any) -> Any:
    loaded = config.load()
    loaded.update(settings, "the tests", privileged=True)
    return loaded


@contextmanager
def calendar_server(folder: Path) -> Iterator[CalendarServer]:
    server = CalendarServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
