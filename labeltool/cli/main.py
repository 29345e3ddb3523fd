"""`labeltool`: finds the verb, imports only its module, and turns errors into exit codes."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import click

from labeltool import __version__
from labeltool.errors import DataError, LabeltoolError, UnknownName
from labeltool.safe_text import for_github_log

VERBS = {
    "init": "Scaffold a repo that passes `check` and `run` at once.",
    "import": "Bring in cases, outputs or labels; one commit.",
    "export": "Cases, outputs, labels and scores, for other tools.",
    "label": "Label in the app, or say a label with --set.",
    "resolve": "Settle what people disagree on, and say why they did.",
    "serve": "The app in a browser, on this machine only.",
    "verify": "Say that you have read a case's input and expected.",
    "edit": "Say anew what is expected of a case.",
    "run": "Grade a system's outputs and gate them.",
    "merge": "Join the shards of a run, and gate them as one.",
    "bless": "Record a run as the baseline, on purpose.",
    "compare": "The decision matrix: which system, and how sure.",
    "report": "Draw a results file as text, Markdown, HTML or JUnit.",
    "promote": "Failures of production and bug reports into the inbox.",
    "inbox": "Look at drafts: a case, out of scope, or later.",
    "adversarial": "Failure probes made from cases, into the inbox.",
    "drift": "What production asks that the eval set does not.",
    "doctor": "What will get in the way here, and what mends it.",
    "check": "Validate every file and every reference between them.",
    "agreement": "How far people agree, and where they do not.",
    "calibrate": "Measure a judge against human scores, and write down whether to trust it.",
    "pairwise": "Two systems side by side, judged in both orders.",
    "round": "Label the same outputs blindly, and see how far people agree.",
    "rubric": "Show what good means, and what it meant before.",
    "history": "Show who decided what.",
    "undo": "Take my last decision back by a new commit.",
    "sync": "Fetch and merge what others decided, push my branch.",
    "pr": "Push my decisions and open a pull request of them.",
}
_MODULES = {"import": "import_"}
_SHOWN_PROBLEMS = 50


class Verbs(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        module = importlib.import_module(f"labeltool.cli.{_MODULES.get(name, name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs from the table: help imports none of them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise UnknownName("verb", args[0], VERBS)
        return super().resolve_command(ctx, args)


@click.command(
    cls=Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a verb the app opens at its home screen. Exit codes: 0 ok, 1 gate failed, "
    "2 usage, 3 bad data, 4 repository or storage, 5 incomplete.",
)
@click.version_option(__version__, prog_name="labeltool", message="%(prog)s %(version)s")
@click.option("-C", "folder", metavar="DIR", default=None, help="Work in DIR.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def cli(ctx: click.Context, folder: str | None, debug: bool) -> None:
    """LLM evals kept in git: label, settle disagreements, gate changes in CI."""
    ctx.obj = {"folder": folder, "debug": debug}
    if ctx.invoked_subcommand is None:
        from labeltool.cli.label import open_home

        open_home(ctx)


def main(argv: Sequence[str] | None = None) -> None:
    """The console script. Exits with the code of design section 4."""
    _hold_streams()
    raise SystemExit(run(sys.argv[1:] if argv is None else list(argv)))


def run(argv: Sequence[str]) -> int:
    """Run one command line; returns its exit code and prints what went wrong on stderr."""
    if sys.platform == "win32":
        say("labeltool needs a POSIX system: on Windows, run it inside WSL")
        return 4
    signal.signal(signal.SIGTERM, _end_on_term)
    try:
        result: Any = cli.main(list(argv), prog_name="labeltool", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except LabeltoolError as error:
        if "--debug" in argv:
            raise
        _print_error(error)
        return error.exit_code
    except click.ClickException as error:
        return _print_usage(error)
    except (click.Abort, KeyboardInterrupt):
        say("interrupted")
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader went away (`| head`): the flush at exit must not fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in argv:
            raise
        say(f"internal error: {type(error).__name__}: {error}")
        say("  this is a bug: run it again with --debug and report what it prints")
        return 4 if isinstance(error, OSError) else 70


def _hold_streams() -> None:
    """Standard streams that whoever started us has closed lead nowhere instead: their numbers
    would go to the next files we open, and what we or a child print would land in those.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _end_on_term(signum: int, frame: object) -> None:
    raise SystemExit(128 + signum)


def say(text: str) -> None:
    """One line on stderr, safe to show, and no command to a workflow that logs it."""
    click.echo(for_github_log(text), err=True)


def _print_error(error: LabeltoolError) -> None:
    problems = error.problems if isinstance(error, DataError) else ()
    if not problems:
        say(str(error))
        _say_hint(error.hint)
        return
    for problem in problems[:_SHOWN_PROBLEMS]:
        say(str(problem))
        _say_hint(problem.hint)
    if len(problems) > _SHOWN_PROBLEMS:
        say(f"... {len(problems) - _SHOWN_PROBLEMS} more: `labeltool check` lists all")


def _say_hint(hint: str | None) -> None:
    for line in (hint or "").splitlines():
        say(f"  {line}")


def _print_usage(error: click.ClickException) -> int:
    command = getattr(getattr(error, "ctx", None), "command_path", "labeltool")
    say(error.format_message())
    say(f"  {command} --help shows what it takes")
    return 2
