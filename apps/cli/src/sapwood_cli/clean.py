"""`sapwood clean`: what could be done with a file, and doing it when asked; the file is never touched."""

import asyncio
from dataclasses import dataclass, replace

from sapwood_agents.analyst.answer import Check
from sapwood_agents.analyst.clean.proposal import Proposal, ProposeRequest
from sapwood_agents.analyst.clean.recipe import Recipe
from sapwood_agents.analyst.clean.report import CleaningReport
from sapwood_agents.analyst.clean.service import ApplyRequest, Cleaned, Cleaner, UndoRequest
from sapwood_cli.ask import WORKSPACE
from sapwood_cli.clean_files import read_recipe, save_recipe, write_version
from sapwood_cli.clean_text import render_cleaned, render_proposal
from sapwood_cli.opening import notes, open_source, opening
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import STDIN, Source
from sapwood_cli.targets import target
from sapwood_runtime.cleaning import open_cleaner
from sapwood_runtime.opened import Opened, described
from sapwood_runtime.parts import Parts
from sapwood_shared.errors import Conflict, InvalidInput


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """What is to be done, one of `apply`, `recipe`, `again` and `undo` at most, and where it goes."""

    apply: bool = False
    recipe: str | None = None
    again: bool = False
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
    checks: tuple[Check, ...] = ()

    def recipe(self) -> Recipe:
        """From the file as it was read: what was done, and what is proposed if it was not."""
        more = self.proposal.recipe.steps if self.proposal is not None and not self.changed else ()
        return Recipe(steps=(*self.cleaned.recipe.steps, *more))


def run(source: Source, options: CleanOptions) -> int:
    """Print the proposal, or what was done; write the files that were asked for."""
    _check(source, options)
    recipe = read_recipe(options.recipe) if options.recipe is not None else None
    done = asyncio.run(_run(source, options, recipe))
    if options.save:
        save_recipe(options.save, done.recipe(), done.proposal.choices if done.proposal else ())
    if options.as_json:
        report = CleaningReport(
            changed=done.changed,
            cleaned=done.cleaned,
            proposal=done.proposal,
            checks=done.checks,
            saved=options.save,
            out=options.out,
        )
        print(report.model_dump_json())
        return 0
    if done.changed or done.proposal is None:
        print(render_cleaned(source.title, done.cleaned))
    else:
        print(render_proposal(source, done.cleaned, done.proposal))
    for check in done.checks:
        print(check.text)
    for written in (options.save, options.out):
        if written:
            print(f"wrote {written}")
    return 0


async def _run(source: Source, options: CleanOptions, recipe: Recipe | None) -> _Done:
    async with opening(source) as parts:
        parts.sandbox.prestart()
        with TerminalWork(source.title) as work:
            opened = await open_source(parts, source, work)
            if opened.steps and source.file != STDIN:
                # Recipes and undoing begin with the file as it is, which may have been let go of.
                await parts.dataset(WORKSPACE, source.opened(), source.options(), work)
        with TerminalWork(source.title) as work:
            done = await _Cleaning(parts, open_cleaner(parts), opened, work).do(options, recipe)
            if options.out:
                await write_version(parts, done.cleaned.version, options.out, work)
        return done


@dataclass(frozen=True, slots=True)
class _Cleaning:
    """One file on its way; what is done with it goes into the records."""

    parts: Parts
    cleaner: Cleaner
    opened: Opened
    work: TerminalWork

    async def do(self, options: CleanOptions, recipe: Recipe | None) -> _Done:
        if options.undo:
            return await self._undo()
        if options.again:
            recipe = self._remembered()
        if recipe is not None:
            # A recipe says how to clean the file, so it begins with the file, whatever was done before.
            return await self._apply(self.opened.root, recipe)
        version = self.parts.datasets.get(WORKSPACE, self.opened.dataset.version)
        table = described(version, self.opened.named.title)
        proposal = await self.cleaner.propose(WORKSPACE, table, ProposeRequest(), self.work)
        if not options.apply or not proposal.proposed:
            aside = notes(self.opened) if self.opened.set_aside else ()
            return _Done(self._current(), proposal, checks=aside)
        return replace(await self._apply(table.version, proposal.recipe), proposal=proposal)

    async def _apply(self, version: str, recipe: Recipe) -> _Done:
        asked = ApplyRequest(version=version, recipe=recipe, origin=self.opened.named.origin)
        cleaned = await self.cleaner.apply(WORKSPACE, asked, self.work)
        await self.parts.records.cleaned(WORKSPACE, self.opened.named, cleaned, recipe)
        return _Done(cleaned, changed=True)

    async def _undo(self) -> _Done:
        version, named = self.opened.dataset.version, self.opened.named
        request = UndoRequest(version=version, origin=named.origin)
        cleaned = await self.cleaner.undo(WORKSPACE, request, self.work)
        await self.parts.records.undone(WORKSPACE, named, version, cleaned.version)
        return _Done(cleaned, changed=True)

    def _remembered(self) -> Recipe:
        head = self.cleaner.heads.remembered(WORKSPACE, self.opened.named.origin)
        if head is None:
            raise Conflict(
                "no recipe was applied to this file before", hint="look at a proposal: sapwood clean FILE"
            )
        return Recipe.from_wire(head.steps)

    def _current(self) -> Cleaned:
        return self.cleaner.current(WORKSPACE, self.opened.root, origin=self.opened.named.origin)


def _check(source: Source, options: CleanOptions) -> None:
    if sum((options.apply, options.again, options.undo, options.recipe is not None)) > 1:
        raise InvalidInput(
            "--apply, --recipe, --again and --undo exclude each other", hint="run them one after the other"
        )
    if options.out is not None:
        from sapwood_cli.output import check_targets

        check_targets(source, options.out)
    if options.save is not None:
        target("--save", options.save, source=source)
