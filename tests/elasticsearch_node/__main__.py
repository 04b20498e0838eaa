"""Run a node by hand: `python -m tests.elasticsearch_node --port 9200`. Ctrl-C or SIGTERM stops it."""

import argparse
import signal
import sys

from tests.elasticsearch_node.node import NoNodeError, running


def main() -> int:
    """Print the node's URL when it answers, and keep it until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.elasticsearch_node", description=__doc__)
    parser.add_argument("--port", type=int, default=9200, help="0 is any free one")
    parser.add_argument("--heap", default="1g")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running(options.port, options.heap) as url:
            print(url, flush=True)  # noqa: T201 - what a script that starts it reads
            signal.pause()
    except NoNodeError as lack:
        print(lack, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
