"""Numbers with what they count, as a sentence has them."""

__all__ = ["counted"]


def counted(number: int, noun: str) -> str:
    """Write a number with what it counts: `1 bag`, `2,000 bags`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
