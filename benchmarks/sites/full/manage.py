"""Run a command of this project."""

from raystack_cli.main import main

if __name__ == "__main__":
    main()
