"""`sapwood clean`: what could be done with a file, and doing it when asked; the file is never touched."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sapwood_agents.analyst.clean.proposal import Proposal, ProposeRequest
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.report import CleaningReport
from sapwood_agents.analyst.clean.service import ApplyRequest, Cleaned, Cleaner, UndoRequest
from sapwood_agents.analyst.ports import Dataset
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.clean_files import read_recipe, save_recipe, write_version
from sapwood_cli.clean_text import render_cleaned, render_proposal
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import Source
from sapwood_runtime.cleaning import open_cleaner
from sapwood_runtime.parts import described, open_parts
from sapwood_runtime.settings import load
from sapwood_shared.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """What is to be done, one of `apply`, `recipe` and `undo` at most, and where it goes."""

    apply: bool = False
    recipe: str | None = None
    undo: bool = False
    save: str | None = None
    out: str | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class _Done:
    """The version that counts now, and what else could be done with the one before."""

    cleaned: Cleaned
    proposal: Proposal | None = None
    changed: bool = False

    def recipe(self) -> Recipe:
        """From the file as it was read: what was done, and what is proposed if it was not."""
        more = self.proposal.recipe.steps if self.proposal is not None and not self.changed else ()
        return Recipe(steps=(*self.cleaned.recipe.steps, *more))


def run(source: Source, options: CleanOptions) -> int:
    """Print the proposal, or what was done; write the files that were asked for."""
    _check(options)
    recipe = read_recipe(options.recipe) if options.recipe else None
    done = asyncio.run(_run(source, options, recipe))
    if options.save:
        save_recipe(options.save, done.recipe(), done.proposal.choices if done.proposal else ())
    if options.as_json:
        report = CleaningReport(
            changed=done.changed,
            cleaned=done.cleaned,
            proposal=done.proposal,
            saved=options.save,
            out=options.out,
        )
        print(report.model_dump_json())
        return 0
    if done.changed or options.undo or recipe is not None:
        print(render_cleaned(source.title, done.cleaned))
    elif done.proposal is not None:
        print(render_proposal(source, done.cleaned, done.proposal))
    for written in (options.save, options.out):
        if written:
            print(f"wrote {written}")
    return 0


async def _run(source: Source, options: CleanOptions, recipe: Recipe | None) -> _Done:
    async with open_parts(load(), spares=0, unsafe=source.unsafe_no_sandbox) as parts:
        parts.sandbox.prestart()
        with TerminalWork(source.title) as work:
            dataset = await parts.dataset(WORKSPACE, source.opened(), source.options(), work)
        cleaner = open_cleaner(parts)
        with TerminalWork(source.title) as work:
            current = cleaner.current(WORKSPACE, dataset.version)
            if options.undo:
                request = UndoRequest(version=current.version)
                done = _Done(await cleaner.undo(WORKSPACE, request, work), changed=True)
            elif recipe is not None:
                # A recipe says how to clean the file, so it begins with the file, whatever was done before.
                asked = ApplyRequest(version=dataset.version, recipe=recipe)
                done = _Done(await cleaner.apply(WORKSPACE, asked, work), changed=True)
            else:
                table = described(parts.datasets.get(WORKSPACE, current.version), dataset.title)
                done = await _propose(cleaner, current, table, apply=options.apply)
            if options.out:
                await write_version(parts, done.cleaned.version, options.out, work)
        return done


async def _propose(cleaner: Cleaner, current: Cleaned, table: Dataset, *, apply: bool) -> _Done:
    with TerminalWork(table.title) as work:
        proposal = await cleaner.propose(WORKSPACE, table, ProposeRequest(), work)
        if not apply or not proposal.proposed:
            return _Done(current, proposal)
        asked = ApplyRequest(version=current.version, recipe=proposal.recipe)
        return _Done(await cleaner.apply(WORKSPACE, asked, work), proposal, changed=True)


def _check(options: CleanOptions) -> None:
    if sum((options.apply, options.undo, options.recipe is not None)) > 1:
        raise InvalidInput(
            "--apply, --recipe and --undo exclude each other", hint="run them one after the other"
        )
    if options.out:
        from sapwood_cli.output import check_targets

        check_targets(options.out)
    if options.save and not Path(options.save).expanduser().absolute().parent.is_dir():
        raise InvalidInput(f"there is no directory for {options.save}", hint="make it first")
