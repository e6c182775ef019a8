"""The page that ``raystack --help`` prints.

Typer's own renderer brings Markdown, syntax colours and tracebacks along, which take longer to
import than everything else that listing the commands does. The page looks like Typer's.
"""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

NAME_STYLE = "bold cyan"
BORDER_STYLE = "dim"
PROBLEM_STYLE = "red"
Row = tuple[str, str]


def print_overview(
    usage: str, about: str, panels: Mapping[str, Sequence[Row]], problems: Sequence[str]
) -> None:
    """Print the page.

    Args:
        usage: How the program is called.
        about: What the program is.
        panels: By heading, names with what each does.
        problems: Why something may be missing from the list.
    """
    width = max((len(name) for rows in panels.values() for name, _ in rows), default=0)
    page = Group(
        Padding(Text(usage, style="bold"), 1),
        Padding(Text(about), (0, 1, 1, 1)),
        *(_panel(title, rows, width) for title, rows in panels.items() if rows),
        *(Padding(Text(problem, style=PROBLEM_STYLE), (1, 1, 0, 1)) for problem in problems),
        "",
    )
    Console(highlight=False).print(page)


def _panel(title: str, rows: Iterable[Row], width: int) -> Panel:
    table = Table(box=None, show_header=False, expand=True, pad_edge=False)
    table.add_column(style=NAME_STYLE, no_wrap=True, width=width)
    table.add_column(ratio=1)
    for name, help_text in rows:
        table.add_row(Text(name), Text(help_text))
    return Panel(table, title=Text(title), title_align="left", border_style=BORDER_STYLE)
