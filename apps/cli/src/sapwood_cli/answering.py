"""One question on one file: read the file if it is new, ask, remember the answer."""

import asyncio
from typing import Any

from sapwood_agents.analyst.ask import Question
from sapwood_cli.ask import WORKSPACE, AskOptions
from sapwood_cli.progress import TerminalWork
from sapwood_cli.source import Source
from sapwood_runtime.parts import Parts, open_parts
from sapwood_runtime.settings import Settings
from sapwood_storage.cache.spaces import ANSWER


def answer_once(
    source: Source, question: str, options: AskOptions, settings: Settings, key: str | None
) -> dict[str, Any]:
    """Answer in a process that ends afterwards."""

    async def work() -> dict[str, Any]:
        async with open_parts(settings, spares=0, unsafe=source.unsafe_no_sandbox) as parts:
            parts.sandbox.prestart()
            return await answer_with(parts, source, question, options, key)

    return asyncio.run(work())


async def answer_with(
    parts: Parts, source: Source, question: str, options: AskOptions, key: str | None
) -> dict[str, Any]:
    """Answer with parts that are open; an answer is remembered under the file's looks, a refusal too."""
    asked = Question(text=question.strip(), allow_quarantined=options.allow_quarantined)
    with TerminalWork(source.title) as work:
        dataset = await parts.dataset(WORKSPACE, source.opened(), source.options(), work)
        answer = await parts.analyst.ask(WORKSPACE, dataset, asked, work)
    if key is not None and key == _key_now(source, question, options):
        stored = answer.model_dump_json().encode()
        await parts.cache.put(WORKSPACE, key, stored, ttl_s=ANSWER.ttl_s, tags=(dataset.version,))
    return answer.model_dump(mode="json")


def _key_now(source: Source, question: str, options: AskOptions) -> str | None:
    """The key again: a file that changed while it was read is not remembered."""
    from sapwood_cli.ask import answer_key

    return answer_key(source, question, options)
