"""What may be shown: the thresholds of a release."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.clinical.disclosure import disclosure_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The thresholds of a release, all in persons (or episodes, whatever is counted).

    Parameters
    ----------
    smallest_shown : int
        Counts from 1 to one below it are hidden; at least 2.
    least_cohort : int
        Of a population smaller than this no number is released.
    least_for_quantiles : int
        Of a smaller group no median is shown.
    shows_zero : bool
        Whether a count of 0 may be shown. Where it is not, it is hidden as the small counts are.
    rounds_to : int, optional
        Shown counts are rounded to multiples of it. Hiding is done as if they were not.
    """

    smallest_shown: int
    least_cohort: int
    least_for_quantiles: int
    shows_zero: bool = True
    rounds_to: int | None = None

    def __post_init__(self) -> None:
        if self.smallest_shown < 2:
            raise ValueError(f"smallest_shown must be at least 2, but was {self.smallest_shown}")
        if self.rounds_to is not None and self.rounds_to < 2:
            raise ValueError(f"rounds_to must be at least 2, but was {self.rounds_to}")

    def is_small(self, count: int) -> bool:
        """Whether a count is one of those that are hidden for themselves."""
        return count < self.smallest_shown and not (count == 0 and self.shows_zero)

    def rounded(self, count: int) -> int:
        """Give a count as it is shown; halves go to the even multiple."""
        return count if self.rounds_to is None else self.rounds_to * round(count / self.rounds_to)

    def words(self) -> str:
        """Say the policy in a sentence or two, for the foot of a page and the README of an export."""
        hidden = f"{0 if not self.shows_zero else 1} to {self.smallest_shown - 1}"
        rounding = "" if self.rounds_to is None else f" Shown counts are rounded to multiples of {self.rounds_to}."
        return (
            f"Counts of {hidden} are hidden, with what so small a group has none of, and further counts where a sum or "
            f"a difference would give one of them back; nothing is shown of fewer than {self.least_cohort}.{rounding}"
        )


def default_policy(*, rounded: bool = False) -> Policy:
    """Give the policy of the shipped numbers; `rounded` rounds what is shown to their base."""
    numbers = disclosure_numbers()
    return Policy(
        smallest_shown=int(numbers.value("smallest_shown")),
        least_cohort=int(numbers.value("least_cohort")),
        least_for_quantiles=int(numbers.value("least_for_quantiles")),
        rounds_to=int(numbers.value("rounding_base")) if rounded else None,
    )
