"""The schema, and the one way in which an operation is executed, whoever sends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import strawberry
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from db.access import Capability, Viewer
from db.audit.record import Door
from db.engine import Engine
from db.replicas import Place, Replicas
from resolvers.loaders import Loaders
from schema import permissions
from schema.answers import Answers
from schema.auditing import Auditing, Entry, Executed, Told
from schema.bounds import CheckedDocument, CostLimit, ReadDocument
from schema.context import RequestContext
from schema.cost import MAX_COST
from schema.errors import fault_error, public_error
from schema.exporting import Exporting
from schema.holders import Holders
from schema.identity import Identity
from schema.mutation import Mutation
from schema.permissions import RequiresPermission
from schema.projection import ProjectingExecutor
from schema.query import Query
from schema.rates import Rates
from schema.redaction import Document
from schema.subscription import Subscription


class GatewaySchema(strawberry.Schema):
    """The public language: every field with what reading it needs. Errors are logged where they are masked."""

    def __init__(self, **given: Any) -> None:
        super().__init__(schema_directives=[RequiresPermission], **given)
        permissions.declare(self._schema)

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Nothing: a caller's fault is no event, and ours is logged with its reference."""

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """The result: every error with its code, what is internal masked, what was withheld told.

        TRICKY: an extension is no place for it: it never sees a document that cannot be parsed.
        """
        result = await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )
        errors = [public_error(error) for error in result.errors or ()]
        if isinstance(context_value, RequestContext):
            errors += [fault_error(fault, list(path)) for path, fault in context_value.withheld.items()]
            if context_value.entry is not None:
                document = Document(self._schema, query or "", operation_name)
                context_value.entry.note(Executed(document, variable_values or {}), result.data, errors)
            if context_value.has((Capability.SYSTEM_OPERATE,)):
                plan = [one.told for one in context_value.loaders.explained]
                result.extensions = {**(result.extensions or {}), "plan": plan}
        result.errors = errors or None
        return result


SCHEMA: Final = GatewaySchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    execution_context_class=ProjectingExecutor,
    extensions=[
        ReadDocument,
        CheckedDocument,
        CostLimit,
    ],
)


@dataclass(frozen=True)
class Gateway:
    """Everything an operation needs, made once a process."""

    engine: Engine
    identity: Identity
    pseudonym_key: bytes = field(repr=False)
    clock: Callable[[], datetime]
    auditing: Auditing | None = None
    """None, and nothing is recorded: only for what asks in its own process, without a door."""
    answers: Answers | None = None
    """None, and no answer is kept."""
    max_cost: int = MAX_COST
    """The most numbers that one operation may ask for (schema.cost)."""
    rates: Rates = field(default_factory=Rates)
    request_timeout_seconds: float = 30.0
    exporting: Exporting | None = None
    """None, and no export is made by workers."""
    holders: Holders | None = None
    """None, and it is not noted what holders are."""
    replicas: Replicas | None = None
    """None, and reports are read from the primary."""

    def context(
        self, viewer: Viewer, request_id: str = "", entry: Entry | None = None, now: datetime | None = None
    ) -> RequestContext:
        """A fresh context for one operation; of the present, or as of another instant.

        What is read from a replica is as of when the replica is.
        """
        place = self._place(now)
        loaders = Loaders(self.engine, viewer, self.pseudonym_key, place=place, replicas=self.replicas)
        if entry is not None:
            entry.timings.append(loaders.timings)
        return RequestContext(
            viewer,
            place.as_of if place is not None else now or self.clock(),
            loaders,
            request_id,
            entry,
            self.max_cost,
            exporting=self.exporting,
        )

    def _place(self, at: datetime | None) -> Place | None:
        if self.replicas is None:
            return None
        return self.replicas.choose_as_of(at) if at is not None else self.replicas.choose(self.clock())

    def entry(self, door: Door, operation: str, request_id: str) -> Entry:
        """What a request that has just come through a door will tell the audit log."""
        return Entry(door, operation, request_id, self.clock())

    def told(self, entry: Entry) -> Told:
        """What the audit log has of what was executed for a request."""
        return self.auditing.told(entry) if self.auditing is not None else Told(rows=entry.rows)

    async def record(self, entry: Entry) -> None:
        """Records a request that has ended.

        Raises: Unavailable, where it must be recorded and cannot be: then it must not be answered.
        """
        if self.auditing is not None:
            await self.auditing.record(entry)

    async def execute(
        self, document: str, variables: Mapping[str, Any], context: RequestContext, operation: str | None = None
    ) -> ExecutionResult:
        """The result of a document in this process; of a subscription, what it has at present."""
        result = await SCHEMA.execute(
            document, variable_values=dict(variables), context_value=context, operation_name=operation
        )
        assert isinstance(result, ExecutionResult)
        return result
