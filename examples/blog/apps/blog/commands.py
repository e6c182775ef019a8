"""The commands of the blog."""

from raystack_cli import command


@command
def seed() -> None:
    """Fill the blog with authors, posts, tags and comments."""
    import typer

    from .filling import fill

    added = fill()
    names = ", ".join(f"{count} {name}" for name, count in added.items() if count)
    typer.echo(f"Added {names}." if names else "Nothing to add: it is all there.")
