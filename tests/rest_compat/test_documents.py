"""The stored documents: valid, and asking for all that the contract names."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from rest_compat.params import PARAMETERS, parameters_of
from rest_compat.problems import Kind
from rest_compat.stored import DOCUMENTS, STATE, ReportName
from schema.executor import SCHEMA

PAGE = Path(__file__).parents[2] / "docs" / "rest.md"
PUBLIC = build_schema(SCHEMA.as_str())


@pytest.mark.parametrize("document", [*DOCUMENTS.values(), STATE], ids=[*(one.value for one in ReportName), "state"])
def test_every_stored_document_is_valid(document: str) -> None:
    assert validate(PUBLIC, parse(document)) == []


@pytest.mark.parametrize("report", list(ReportName))
def test_every_variable_that_a_parameter_fills_is_in_the_reports_document(report: ReportName) -> None:
    for one in parameters_of(report):
        if one.variable:
            assert f"${one.variable}:" in DOCUMENTS[report]


def test_the_page_about_rest_has_every_parameter_word_and_status() -> None:
    page = PAGE.read_text("utf-8")

    for one in PARAMETERS.values():
        assert f"`{one.name}`" in page
        if one.name != "sort":
            assert [word for word in one.words if word not in page] == []
    assert [kind for kind in Kind if f"| {kind.status} | {kind.code} |" not in page] == []
