"""A1: mutated files give a Probe or a Failure from a child process, and never end it."""

import random
from collections.abc import Iterator
from pathlib import Path

from tenuto.model.audio import AudioProblem, Failure, Probe

EACH = 450
HEAD = 600  # bytes at the start that most mutations fall into, for that is where headers are


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """Change, drop, double or cut some bytes."""
    content = bytearray(whole)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(min(len(content), HEAD) if chance.random() < 0.8 else len(content))
        match chance.randrange(5):
            case 0 | 1:
                content[at] = chance.randrange(256)
            case 2:
                content[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
            case 3:
                del content[at : at + chance.randint(1, 40)]
            case _:
                content[at:at] = content[at : at + chance.randint(1, 400)]
    return bytes(content[: chance.randrange(1, len(content))] if chance.random() < 0.1 else content)


def mutants(tones: dict[str, bytes], folder: Path) -> Iterator[Path]:
    chance = random.Random(20260101)  # noqa: S311 - a seed makes the same mutants every time
    for suffix, whole in tones.items():
        for number in range(EACH):
            path = folder / f"{number}.{suffix}"
            path.write_bytes(mutated(whole, chance))
            yield path


def test_three_thousand_mutants_all_get_an_answer(tones, tmp_path, pool, probe):
    """3,150 seeded mutants over seven formats: no escape, so the rate of escapes is below about 1 in 1,000."""
    answers = list(probe(pool, mutants(tones, tmp_path)))
    assert EACH * len(tones) == len(answers)
    assert EACH * len(tones) >= 3000
    assert all(isinstance(answer, Probe | Failure) for answer in answers)
    codes = {answer.code for answer in answers if isinstance(answer, Failure)}
    assert codes <= {AudioProblem.BROKEN, AudioProblem.UNKNOWN_FORMAT, AudioProblem.TOO_LARGE, AudioProblem.PROTECTED}
    assert AudioProblem.BROKEN in codes
    assert sum(isinstance(answer, Probe) for answer in answers) > len(answers) // 4
    for answer in answers:
        if isinstance(answer, Probe):
            for name, value in answer.tags:
                (name + value).encode()
