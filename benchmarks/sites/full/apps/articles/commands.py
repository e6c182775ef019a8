"""The command that writes the rows."""

from raystack_cli import command


@command
def fill() -> None:
    """Write 1,000 articles."""
    from .models import Article

    for number in range(1, 1001):
        Article.objects.create(title=f"Article {number}", body="word " * 40)
