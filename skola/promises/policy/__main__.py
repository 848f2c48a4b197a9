"""``python -m skola.promises.policy check FILE…``: the policy commands without the platform."""

import sys
from pathlib import Path

from skola.promises.policy.commands import check

if __name__ == "__main__":
    sys.exit(check([Path(each) for each in sys.argv[2:]]))
