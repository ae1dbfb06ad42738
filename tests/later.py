"""The product at another time: ``python -m tests.later serve …``, and a test moves its clock.

Everything is real but the time. What is added to this moment, in seconds, stands in the file
``later`` of the data folder, which is read whenever somebody looks at the clock.
"""

from __future__ import annotations

import functools
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "later"


class Later:
    """The clock of a product that runs this module on a data folder."""

    def __init__(self, data: Path) -> None:
        self.file = data / FILE

    def now(self) -> datetime:
        """This moment in UTC, as the product has it."""
        seconds = float(self.file.read_text()) if self.file.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """From here on the product believes that it is ``moment``, and time goes on."""
        fresh = self.file.with_suffix(".fresh")
        fresh.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        fresh.replace(self.file)  # whoever reads it meanwhile finds the old or the new


def main() -> None:
    """Run the command line with that clock in its server."""
    import server.serving  # noqa: F401  first: it replaces locks and sockets
    from server import app, cli

    data = Path(sys.argv[sys.argv.index("--data") + 1])
    app.create_app = functools.partial(app.create_app, clock=Later(data).now)
    cli.main()


if __name__ == "__main__":
    main()
