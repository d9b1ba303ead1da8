"""The limits of an operation, as strawberry's extensions: before it is validated, and before it is executed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import ASTValidationRule, DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, get_operation_ast
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from db.errors import TooComplex
from schema.context import RequestContext
from schema.cost import Asking, Cost
from schema.extent import parts_of, require_moderate
from schema.reading import KEPT_DOCUMENTS, read


@lru_cache(maxsize=KEPT_DOCUMENTS)
def _checked(
    language: GraphQLSchema, document: DocumentNode, rules: tuple[type[ASTValidationRule], ...]
) -> list[GraphQLError]:
    """What is wrong with a document; one that is too large is not validated."""
    try:
        require_moderate(parts_of(document))
    except TooComplex as fault:
        return [GraphQLError(fault.message, original_error=fault)]
    return validate_document(language, document, rules)


class ReadDocument(SchemaExtension):
    """Reads a document where all are read."""

    def on_parse(self) -> Iterator[None]:
        """Leaves it where the schema looks for it."""
        asked: Any = self.execution_context
        asked.graphql_document = read(asked.query)
        yield


class CheckedDocument(SchemaExtension):
    """Validates a document that is of a moderate size; what was found is kept, as strawberry's ValidationCache does."""

    def on_validate(self) -> Iterator[None]:
        """Leaves what is wrong where the schema looks for it."""
        asked: Any = self.execution_context
        asked.pre_execution_errors = _checked(asked.schema._schema, asked.graphql_document, asked.validation_rules)
        yield


class CostLimit(SchemaExtension):
    """Tells in the answer what an operation costs, and refuses what is too dear before anything is read."""

    cost: Cost | None = None

    def on_execute(self) -> Iterator[None]:
        """Gives the refusal as the result of an operation that is too dear."""
        asked: Any = self.execution_context
        operation = get_operation_ast(asked.graphql_document, asked.operation_name)
        context = asked.context
        if operation is not None and isinstance(context, RequestContext):
            asking = Asking(asked.schema._schema, asked.graphql_document, operation, asked.variables or {}, context.now)
            self.cost = asking.cost(context.max_cost)
            try:
                self.cost.require()
            except TooComplex as fault:
                asked.result = ExecutionResult(None, [GraphQLError(fault.message, original_error=fault)])
        yield

    def get_results(self) -> dict[str, Any]:
        """The cost, for the extensions of an answer with numbers."""
        return {"cost": self.cost.told} if self.cost is not None and self.cost.parts else {}
