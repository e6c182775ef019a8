"""``raystack plugins``: list them, show one, or find what is broken."""

from typing import Annotated, Any

import typer

from raystack import Kernel, RaystackError, get_kernel, use_kernel
from raystack.plugins import Contract, Plugin
from raystack.text import did_you_mean

from ..building import build_application, told_in_lines
from ..catalogue import contributed_commands
from ..exceptions import CommandError
from ..output import Format, print_json, print_table

app = typer.Typer(
    help="List the plugins, show one, or find what is broken.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
LEFT_OUT = "core.E001"  # how `raystack check` reports the problems that are listed before
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the answer.")]


@app.command("list")
def list_plugins(output: FormatOption = Format.text) -> None:
    """List the installed plugins and whether they start."""
    kernel = _diagnosed()
    rows = [_summary(kernel, contract) for contract in _contracts(kernel)]
    if output is Format.json:
        print_json(rows)
    else:
        print_table(["name", "distribution", "version", "state"], rows)


@app.command()
def show(name: str, output: FormatOption = Format.text) -> None:
    """Show what a plugin brings: its hooks, settings, commands and routes."""
    kernel = _diagnosed()
    contracts = {contract.name: contract for contract in _contracts(kernel)}
    if name not in contracts:
        meant = did_you_mean(name, contracts)
        raise CommandError(
            f'No plugin is named "{name}".{meant} Plugins: {", ".join(contracts) or "none"}.'
        )
    details = _details(kernel, contracts[name])
    if output is Format.json:
        print_json(details)
        return
    for key, value in details.items():
        lines = value if isinstance(value, list) else [value]
        typer.echo(f"{key}: {lines[0] if lines else 'none'}")
        for line in lines[1:]:
            typer.echo(f"{' ' * len(key)}  {line}")


@app.command()
def doctor(output: FormatOption = Format.text) -> None:
    """Find what is broken, and say what to do. Exits with 1 if something is.

    It works whatever is broken: plugins, settings, apps or urls.
    """
    kernel = _diagnosed()
    problems = [
        {"plugin": problem.plugin, "message": problem.message} for problem in kernel.problems
    ]
    problems += [{"plugin": "", "message": message} for message in _later_problems(kernel)]
    if output is Format.json:
        print_json(problems)
    else:
        for problem in problems:
            typer.echo(f"- {problem['message']}\n")
        count = len(problems)
        typer.echo(
            f"{len(kernel.plugins)} plugins start. "
            + (f"{count} problem{'s' * (count > 1)}." if count else "No problems.")
        )
    if problems:
        raise typer.Exit(1)


def _diagnosed() -> Kernel:
    """Set up a kernel that notes what is broken and goes on."""
    kernel = Kernel(get_kernel().project, collect=True)
    kernel.setup()
    return kernel


def _later_problems(kernel: Kernel) -> list[str]:
    """Build the application, run the checks, and return what is wrong."""
    from raystack import Level
    from raystack.checks.run import run_checks

    known = len(kernel.problems)
    found: list[str] = []
    try:
        with use_kernel(kernel), told_in_lines(kernel.project.root):
            messages = run_checks(kernel)
    except RaystackError as error:
        found.append(str(error))
    else:
        found += [
            f"{message.message}\n  {message.hint}".rstrip()
            for message in messages
            if message.level >= Level.ERROR and message.id != LEFT_OUT
        ]
    return [problem.message for problem in kernel.problems[known:]] + found


def _contracts(kernel: Kernel) -> list[Contract]:
    """List the contracts: those that start in their order, then the others."""
    loaded = [plugin.contract for plugin in kernel.plugins]
    return loaded + [contract for contract in kernel.contracts if contract not in loaded]


def _plugin(kernel: Kernel, contract: Contract) -> Plugin | None:
    return next((plugin for plugin in kernel.plugins if plugin.contract == contract), None)


def _state(kernel: Kernel, contract: Contract) -> str:
    if _plugin(kernel, contract) is not None:
        return "starts"
    broken = any(problem.plugin == contract.name for problem in kernel.problems)
    return "broken" if broken else "disabled"


def _summary(kernel: Kernel, contract: Contract) -> dict[str, str]:
    return {
        "name": contract.name,
        "distribution": contract.distribution or "the project",
        "version": contract.version,
        "state": _state(kernel, contract),
    }


def _details(kernel: Kernel, contract: Contract) -> dict[str, Any]:
    plugin = _plugin(kernel, contract)
    owner = contract.distribution or contract.name
    return {
        **_summary(kernel, contract),
        "module": contract.module,
        "requires": list(contract.requires) + list(contract.requires_plugins),
        "hooks": kernel.hooks.used_by(plugin) if plugin else [],
        "settings": [
            name for name in kernel.settings if kernel.settings.describe(name).owner == owner
        ],
        "commands": _commands(kernel, contract),
        "routes": _routes(kernel, contract),
        "problems": [p.message for p in kernel.problems if p.plugin == contract.name],
    }


def _commands(kernel: Kernel, contract: Contract) -> list[str]:
    return [
        command.name
        for plugin, command in contributed_commands(kernel)
        if plugin.contract == contract
    ]


def _routes(kernel: Kernel, contract: Contract) -> list[str]:
    try:
        with use_kernel(kernel):
            infos = list(build_application(kernel).router.iter_routes())
    except RaystackError:  # what is broken is the doctor's business
        return []
    return [
        " ".join([*sorted(info.methods), info.path])
        for info in infos
        if info.owner == contract.title
    ]
