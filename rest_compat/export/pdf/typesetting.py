"""A process of its own that sets one document: its data on standard input, the PDF on standard output.

It ends with the document, and so does the memory that the typesetter would keep. It imports nothing of the gateway.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import typst

TEMPLATE: Final = Path(__file__).parent / "template"
STANDARD: Final = "ua-1"
"""PDF/UA: tagged, titled, every picture described, every character readable."""


def main() -> None:
    """Sets the document."""
    given = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[Path(one) for one in given["fonts"]],
    )
    compiler = typst.Compiler(TEMPLATE / "report.typ", root=TEMPLATE, font_paths=fonts)
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"report": given["report"]},
        pdf_standards=STANDARD,
        timestamp=given["timestamp"],
    )
    assert isinstance(pdf, bytes), "a document without a file to write to is bytes"
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
