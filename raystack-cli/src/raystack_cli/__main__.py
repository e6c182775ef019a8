"""``python -m raystack_cli`` is ``raystack``."""

from .main import main

if __name__ == "__main__":
    main()
