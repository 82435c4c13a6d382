"""``python -m aias``: the command line."""

from aias.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
