"""``python -m skola.promises.policy check FILE…``: the policy commands without the platform."""

import sys

from skola.promises.policy.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
