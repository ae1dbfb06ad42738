"""The ``motcua`` command, also as ``python -m server``."""

import sys

SERVING = {"serve", "demo"}


def main() -> None:
    """Run the command line; for a server with the async engine in place before anything else."""
    if SERVING & set(sys.argv[1:2]):
        # It replaces locks and sockets, which must happen before anybody has made one.
        import server.serving  # noqa: F401
    from server import cli

    cli.main()


if __name__ == "__main__":
    main()
