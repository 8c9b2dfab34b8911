"""What gunicorn has to say, as JSON lines too: gunicorn --logger-class portal.core.server_log.ServerLog"""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from portal.core import logging


class ServerLog(Logger):
    """It writes the address of a request that failed, which may be a family's link, and the start of one that it could
    not read. Neither is written here."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)  # type: ignore[no-untyped-call]  # gunicorn has no types
        logging.configure()
        for log in (self.error_log, self.access_log):
            log.handlers = [logging.LibraryLines()]
            log.propagate = False
