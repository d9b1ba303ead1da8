"""How a locale writes numbers. Source: the CLDR, as Babel has it."""

from __future__ import annotations

from rest_compat.export.options import PLAIN, Marks


class UnknownLocale(ValueError):
    """A language tag that the CLDR lacks."""


def marks_of(language: str) -> Marks:
    """What spreadsheets set to a language tag expect of a CSV.

    Raises: UnknownLocale.
    """
    from babel import Locale, UnknownLocaleError  # loaded where one is asked for
    from babel.numbers import get_decimal_symbol

    try:
        decimal = get_decimal_symbol(Locale.parse(language, sep="-"), numbering_system="latn")
    except (UnknownLocaleError, ValueError):
        raise UnknownLocale(language) from None
    return Marks(";", decimal) if decimal == "," else PLAIN


def known_locale(language: str) -> bool:
    """Whether the CLDR has a language tag."""
    try:
        marks_of(language)
    except UnknownLocale:
        return False
    return True
