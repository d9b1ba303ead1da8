"""The stored documents: valid, and asking for all that the contract names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from rest_compat.params import PARAMETERS, parameters_of
from rest_compat.problems import Kind
from rest_compat.stored import DOCUMENTS, NAMED, ROUTED, ReportName, documents_of_ui, hash_of
from schema.executor import SCHEMA

PAGE = Path(__file__).parents[2] / "docs" / "rest.md"
PUBLIC = build_schema(SCHEMA.as_str())


@pytest.mark.parametrize("document", NAMED.values(), ids=NAMED)
def test_every_stored_document_is_valid(document: str) -> None:
    assert validate(PUBLIC, parse(document)) == []


def test_the_documents_of_the_ui_are_read_by_the_names_of_their_operations(tmp_path: Path) -> None:
    texts = ["query Overview { viewer { role } }", "query Trends { ...Me }\nfragment Me on Query { viewer { role } }"]
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({hash_of(text): text for text in texts}))

    assert documents_of_ui(file) == {"ui/Overview": texts[0], "ui/Trends": texts[1]}


@pytest.mark.parametrize(
    "given",
    [
        {"0" * 64: "query Overview { viewer { role } }"},
        {hash_of("{ viewer { role } }"): "{ viewer { role } }"},
        {hash_of(text): text for text in ("query A { viewer { role } }", "query A { metricCatalog { name } }")},
        {hash_of("query A { a } query B { b }"): "query A { a } query B { b }"},
    ],
    ids=["another hash", "no name", "one name twice", "two operations"],
)
def test_a_file_of_documents_that_is_not_as_it_was_made_is_refused(given: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    file.write_text(json.dumps(given))

    with pytest.raises(ValueError, match="is not the hash of one document"):
        documents_of_ui(file)


@pytest.mark.parametrize("report", ROUTED)
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
