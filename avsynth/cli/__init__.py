"""The command line: one thin module per command, each with ``add_parser(subparsers)`` and ``run(args) -> int``."""
