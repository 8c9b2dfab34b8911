"""The portal over real HTTP, for a browser: in a thread of the tests, on a port of this machine that is free."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    """Tells of faults, not of every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serve(app: "WSGIApplication") -> Iterator[str]:
    """The address of the running application, without a slash at the end."""
    server = make_server(HOST, 0, app, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever, name="portal under test", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
