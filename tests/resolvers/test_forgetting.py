"""Once a request is over nothing that it loaded stays, and nobody is told of what was not loaded any more."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from resolvers.loaders import Loaders
from rest_compat.stored import DOCUMENTS
from tests.conftest import MANAGER, Asking


async def test_what_was_loaded_goes_without_a_search_for_garbage(ask: Asking) -> None:
    gc.collect()
    gc.disable()
    try:
        loaders = Loaders(ask.gateway.engine, MANAGER, b"key")
        await loaders.version()
        await loaders.team("nobody")
        gone = weakref.ref(loaders)
        loaders.forget()
        del loaders
        await asyncio.sleep(0)

        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=[one.value for one in DOCUMENTS])
async def test_an_answer_leaves_nothing_to_search_for(ask: Asking, document: str) -> None:
    given: dict[str, object] = {"period": {"preset": "LAST_30_DAYS"}, "timezone": "UTC"}
    await ask.data(document, MANAGER, **given)
    gc.collect()
    gc.disable()
    try:
        context = ask.gateway.context(MANAGER)
        result = await ask.gateway.execute(document, given, context)
        assert result.errors is None
        context.loaders.forget()
        del context, result
        await asyncio.sleep(0)

        assert gc.collect() < 50
    finally:
        gc.enable()


async def test_what_was_asked_and_not_begun_is_ended_without_a_word(ask: Asking) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    loaders = Loaders(ask.gateway.engine, MANAGER, b"key")
    asked = asyncio.create_task(loaders.team("nobody"))
    await asyncio.sleep(0)
    asked.cancel()
    loaders.forget()
    await asyncio.sleep(0.01)
    del asked, loaders
    gc.collect()

    assert told == []
