#!/usr/bin/env python
"""The project's command line: the same commands as `raystack`. Run `python manage.py --help`."""

from raystack_cli.main import main

if __name__ == "__main__":
    main()
