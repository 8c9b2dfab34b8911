"""python -m tests.soak.server_process DATABASE: the portal over HTTP until it is killed. Prints its port."""

import sys
from pathlib import Path

from werkzeug.serving import make_server

from portal import create_app
from portal.core.config import Settings
from tests.support.keys import KEY
from tests.support.server import HOST, QuietHandler

SECRET = "a test needs no secret, only thirty-two characters"


def main(database_url: str) -> None:
    app = create_app(
        Settings(
            environment="test",
            secret_key=SECRET,
            database_url=database_url,
            field_keys=KEY,
            password_memory_kib=64,
            instance_folder=Path("/nowhere"),
        )
    )
    server = make_server(HOST, 0, app, threaded=True, request_handler=QuietHandler)
    print(server.port, flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
