"""The exception for bad input."""


class UserError(Exception):
    """Bad input from outside: one line that names the file or value and the remedy.

    The command line prints it without a traceback and exits with code 2; anything else is a programming error.
    """
