"""How far a long command has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm


@contextmanager
def progress_bar() -> Iterator[Callable[[Any], None]]:
    """A bar on a terminal, nothing elsewhere."""
    bar: tqdm[Any] | None = None
    step: object = None

    def show(progress: Any) -> None:
        from tqdm import tqdm  # the server, which is a command too, shows none

        nonlocal bar, step
        if bar is None or progress.step is not step:
            if bar is not None:
                bar.close()
            step = progress.step
            bar = tqdm(total=progress.total or None, desc=progress.step.value, unit_scale=True, disable=None)
        bar.update(progress.done - bar.n)

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()
