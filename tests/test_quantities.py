import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_history.content.quantities import Money, Quantity, parse_money, parse_quantity
from llm_history.pages.format import format_count, format_power, format_quantity, short_tokens
from llm_history.pages.language import Language


@given(st.integers(0, 10**14), st.booleans())
def test_a_count_reads_back_as_it_is_written(number: int, approximate: bool) -> None:
    quantity = Quantity(number, number, approximate)
    assert parse_quantity(str(quantity)) == quantity


@given(st.integers(0, 10**13), st.integers(1, 10**13), st.booleans())
def test_a_range_reads_back_as_it_is_written(low: int, width: int, approximate: bool) -> None:
    quantity = Quantity(low, low + width, approximate)
    assert parse_quantity(str(quantity)) == quantity


@given(st.floats(1e15, 1e30))
def test_compute_reads_back_as_it_is_written(flop: float) -> None:
    number = float(f"{flop:.6e}")
    assert parse_quantity(str(Quantity(number, number))) == Quantity(number, number)


@given(st.text(max_size=12))
def test_any_other_text_is_refused_with_a_message(text: str) -> None:
    try:
        parse_quantity(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - a number is right too, another exception is not


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("175B", 175 * 10**9, 175 * 10**9),
        ("6.7B", 67 * 10**8, 67 * 10**8),
        ("100K", 100_000, 100_000),
        ("131072", 131_072, 131_072),
        ("174,604,000,000", 174_604_000_000, 174_604_000_000),
        ("3.1e23", 3.1e23, 3.1e23),
        ("65B..70B", 65 * 10**9, 70 * 10**9),
        ("1T..", 10**12, None),
        ("..1T", None, 10**12),
        ("51.6", 51.6, 51.6),
    ],
)
def test_what_people_write(text: str, low: float | None, high: float | None) -> None:
    assert parse_quantity(text) == Quantity(low, high)


@pytest.mark.parametrize("text", ["3X", "175 B", "7b", "-1", "1.2.3", "..", "9B..3B", "1e999", ""])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="`"):
        parse_quantity(text)


def test_approximate_amounts_are_marked() -> None:
    assert parse_quantity("~1.8T").approximate
    assert format_quantity(parse_quantity("~1.8T"), Language("en", "en", None)) == "≈ 1.8T"


@pytest.mark.parametrize(
    ("number", "text"),
    [(117_000_000, "117M"), (540_350_000_000, "540.35B"), (1_000_000_000_000, "1T"), (12, "12"),
     (1_500, "1.5K")],
)  # fmt: skip
def test_counts_as_a_reader_sees_them(number: int, text: str) -> None:
    assert format_count(number) == text


@pytest.mark.parametrize(
    ("tokens", "text"),
    [(2048, "2K"), (32768, "32K"), (100_000, "100K"), (1_048_576, "1M"), (1_000_000, "1M"),
     (512, "512"), (1_047_576, "1,047,576")],
)  # fmt: skip
def test_context_windows_as_a_reader_sees_them(tokens: int, text: str) -> None:
    assert short_tokens(tokens) == text


def test_compute_as_a_reader_sees_it() -> None:
    assert format_power(3.14e23) == "3.14 × 10²³"
    assert format_power(1e25) == "10²⁵"


def test_money() -> None:
    assert parse_money("USD 11.02") == Money("USD", "11.02")
    with pytest.raises(ValueError, match="money"):
        parse_money("$11.02")
