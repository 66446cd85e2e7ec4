"""``python -m avsynth`` is the command ``avsynth``."""

import sys

from avsynth.cli.main import main

sys.exit(main())
