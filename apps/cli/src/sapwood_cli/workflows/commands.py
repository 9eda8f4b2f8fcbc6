"""The surface of the commands about workflows; what a command does is imported when it runs.

Exit codes: 0 done, 1 the run did not succeed, 2 bad input, 4 a dependency failed, 130 interrupted.
"""

from typing import Annotated

import typer

workflow_app = typer.Typer(
    help="Workflows: kept ones, templates, and files.", no_args_is_help=True, rich_markup_mode=None
)
runs_app = typer.Typer(
    help="Runs: look at them, watch them, decide about them.", no_args_is_help=True, rich_markup_mode=None
)
schedule_app = typer.Typer(
    help="Schedules: when a kept workflow runs by itself.", no_args_is_help=True, rich_markup_mode=None
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, all else on stderr.")]
Spec = Annotated[str, typer.Argument(help="A .yaml or .json file, or the name of a kept workflow.")]
Given = Annotated[list[str] | None, typer.Option("--input", "-i", help="A value of the input: name=value.")]
Run = Annotated[str, typer.Argument(help="The id of a run, or the beginning of it; `last` is the newest.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.add_typer(workflow_app, name="workflow")
    app.add_typer(runs_app, name="runs")
    app.add_typer(schedule_app, name="schedule")
    app.command()(run)
    app.command()(worker)
    app.command()(scheduler)


def _exit(code: int) -> None:
    if code:
        raise typer.Exit(code)


def run(
    spec: Spec,
    given: Given = None,
    key: Annotated[str | None, typer.Option(help="The same key again starts no second run.")] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Leave the work to `sapwood worker`.")] = False,
    as_json: Json = False,
) -> None:
    """Run a workflow, and do its steps here until it has ended."""
    from sapwood_cli.workflows.running import RunOptions, run_spec

    _exit(run_spec(spec, given or [], RunOptions(key, detach, as_json)))


def worker(
    queues: Annotated[
        str, typer.Option(help="Queue classes in the order in which they are asked.")
    ] = "interactive,default,slow,model",
    processes: Annotated[int, typer.Option(help="Worker processes.", min=1, max=256)] = 1,
    places: Annotated[int, typer.Option(help="Steps at once in each process.", min=1, max=1024)] = 16,
    grace: Annotated[float, typer.Option(help="Seconds to finish in, once told to end.", min=0)] = 10.0,
) -> None:
    """Do the steps of runs, fire schedules and look after both, until told to end."""
    from sapwood_cli.workflows.apps import start

    _exit(start("worker", queues=queues, processes=processes, places=places, grace_s=grace))


def scheduler() -> None:
    """Fire schedules and look after runs, and do no steps."""
    from sapwood_cli.workflows.apps import start

    _exit(start("scheduler"))


# -- workflow


@workflow_app.command("list")
def workflow_list(as_json: Json = False) -> None:
    """Show the workflows that are kept, the templates, and the tasks."""
    from sapwood_cli.workflows.specs import list_all

    _exit(list_all(as_json=as_json))


@workflow_app.command("show")
def workflow_show(spec: Spec, as_json: Json = False) -> None:
    """Show what a workflow takes and how its steps hang together."""
    from sapwood_cli.workflows.specs import show

    _exit(show(spec, as_json=as_json))


@workflow_app.command("validate")
def workflow_validate(
    files: Annotated[list[str], typer.Argument(help="Files of workflows; one may run another.")],
    as_json: Json = False,
) -> None:
    """Say all that is sure to be wrong with workflows, each with its step, its field and its line."""
    from sapwood_cli.workflows.specs import validate

    _exit(validate(files, as_json=as_json))


@workflow_app.command("new")
def workflow_new(
    file: Annotated[str, typer.Argument(help="The file to write.")],
    template: Annotated[str, typer.Option("--from", help="The name of a template.")],
) -> None:
    """Write a new workflow from a template."""
    from sapwood_cli.workflows.specs import new

    _exit(new(file, template))


@workflow_app.command("save")
def workflow_save(spec: Annotated[str, typer.Argument(help="A .yaml or .json file.")]) -> None:
    """Keep a workflow, so that schedules and other workflows can name it."""
    from sapwood_cli.workflows.specs import save

    _exit(save(spec))


# -- runs


@runs_app.command("list")
def runs_list(
    state: Annotated[str | None, typer.Option(help="running, succeeded, failed or cancelled.")] = None,
    workflow: Annotated[str | None, typer.Option(help="Only runs of this workflow.")] = None,
    most: Annotated[int, typer.Option(help="How many, the newest first.", min=1, max=1000)] = 20,
    as_json: Json = False,
) -> None:
    """Show runs, the newest first."""
    from sapwood_cli.workflows.runs import list_runs

    _exit(list_runs(state=state, workflow=workflow, most=most, as_json=as_json))


@runs_app.command("show")
def runs_show(run: Run, as_json: Json = False) -> None:
    """Show a run with its steps."""
    from sapwood_cli.workflows.runs import show

    _exit(show(run, as_json=as_json))


@runs_app.command("watch")
def runs_watch(run: Run, as_json: Json = False) -> None:
    """Show a run while it goes on, until it has ended."""
    from sapwood_cli.workflows.runs import watch

    _exit(watch(run, as_json=as_json))


@runs_app.command("logs")
def runs_logs(
    run: Run,
    step: Annotated[str | None, typer.Argument(help="Only this step.")] = None,
    as_json: Json = False,
) -> None:
    """Show what the steps of a run have logged."""
    from sapwood_cli.workflows.runs import logs

    _exit(logs(run, step, as_json=as_json))


@runs_app.command("cancel")
def runs_cancel(run: Run, reason: Annotated[str, typer.Option(help="Why.")] = "") -> None:
    """Ask a run to end, with all that it started."""
    from sapwood_cli.workflows.deciding import cancel

    _exit(cancel(run, reason))


@runs_app.command("pause")
def runs_pause(run: Run) -> None:
    """Let nothing more of a run start; what runs goes on to its end."""
    from sapwood_cli.workflows.deciding import set_paused

    _exit(set_paused(run, paused=True))


@runs_app.command("resume")
def runs_resume(run: Run) -> None:
    """Go on with a paused run."""
    from sapwood_cli.workflows.deciding import set_paused

    _exit(set_paused(run, paused=False))


@runs_app.command("retry")
def runs_retry(
    run: Annotated[str | None, typer.Argument(help="The id of a failed run; left out with --all.")] = None,
    all_of: Annotated[str | None, typer.Option("--all", help="All failed runs of this workflow.")] = None,
    most: Annotated[int, typer.Option(help="With --all: how many, the newest first.", min=1)] = 100,
) -> None:
    """Try the failed steps of a run again, and what did not start because of them."""
    from sapwood_cli.workflows.deciding import retry

    _exit(retry(run, all_of, most))


@runs_app.command("fork")
def runs_fork(
    run: Run,
    step: Annotated[str, typer.Option("--from", help="The first step that is done anew.")],
    given: Given = None,
) -> None:
    """A new run that takes over what came before a step, with other input if given."""
    from sapwood_cli.workflows.deciding import fork

    _exit(fork(run, step, given or []))


@runs_app.command("approve")
def runs_approve(
    run: Run,
    step: Annotated[str | None, typer.Argument(help="Left out where only one waits.")] = None,
    no: Annotated[bool, typer.Option("--no", help="Say no: the step fails.")] = False,
    comment: Annotated[str, typer.Option(help="What to say with it.")] = "",
) -> None:
    """Answer a step that waits for an approval."""
    from sapwood_cli.workflows.deciding import approve

    _exit(approve(run, step, approved=not no, comment=comment))


@runs_app.command("event")
def runs_event(
    run: Run,
    name: Annotated[str, typer.Argument(help="What the step waits for.")],
    payload: Annotated[str | None, typer.Option(help="JSON that goes with it.")] = None,
) -> None:
    """Send a run an event, for the first step that waits for it, now or later."""
    from sapwood_cli.workflows.deciding import event

    _exit(event(run, name, payload))


# -- schedule


@schedule_app.command("list")
def schedule_list(as_json: Json = False) -> None:
    """Show the schedules and when they fire next."""
    from sapwood_cli.workflows.schedules import list_all

    _exit(list_all(as_json=as_json))


@schedule_app.command("add")
def schedule_add(
    name: Annotated[str, typer.Argument(help="What it is called; one of this name is changed.")],
    spec: Annotated[str, typer.Argument(help="A file of a schedule, or a workflow: its name or its file.")],
    cron: Annotated[str | None, typer.Option(help="minute hour day month weekday, or @daily.")] = None,
    every: Annotated[str | None, typer.Option(help="A span: 15m, 6h, 1d.")] = None,
    at: Annotated[str | None, typer.Option(help="One moment: 2030-01-31T09:00:00+01:00.")] = None,
    time_zone: Annotated[str, typer.Option(help="Of the cron expression: Europe/Oslo.")] = "UTC",
    overlap: Annotated[str, typer.Option(help="While one runs: skip, queue, allow or cancel.")] = "skip",
    catch_up: Annotated[str, typer.Option(help="What was missed: none, last or all.")] = "last",
    given: Given = None,
) -> None:
    """Run a workflow by itself; `sapwood worker` or `sapwood scheduler` has to be there then."""
    from sapwood_cli.workflows.schedules import ScheduleOptions, add

    _exit(add(name, spec, ScheduleOptions(cron, every, at, time_zone, overlap, catch_up), given or []))


@schedule_app.command("show")
def schedule_show(name: str, as_json: Json = False) -> None:
    """Show a schedule and its next moments."""
    from sapwood_cli.workflows.schedules import show

    _exit(show(name, as_json=as_json))


@schedule_app.command("pause")
def schedule_pause(name: str) -> None:
    """Let a schedule rest."""
    from sapwood_cli.workflows.schedules import set_paused

    _exit(set_paused(name, paused=True))


@schedule_app.command("resume")
def schedule_resume(name: str) -> None:
    """Go on with a schedule; what fell due while it rested is let go."""
    from sapwood_cli.workflows.schedules import set_paused

    _exit(set_paused(name, paused=False))


@schedule_app.command("remove")
def schedule_remove(name: str) -> None:
    """Forget a schedule; its runs stay."""
    from sapwood_cli.workflows.schedules import remove

    _exit(remove(name))
