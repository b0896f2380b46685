from datetime import UTC, datetime

import pytest

from tenuto.ledger.chain import Event, Ledger
from tenuto.model.errors import LedgerError


def stopped():
    return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def events(*subjects):
    return [Event(event="kept", subject=subject, code="R-OPEN") for subject in subjects]


def begun(place):
    ledger = Ledger(place, stopped)
    ledger.begin()
    return ledger


@pytest.fixture
def ledger(tmp_path):
    ledger = begun(tmp_path)
    ledger.append(events("a", "b"))
    ledger.append(events("c"))
    return ledger


@pytest.fixture
def rows(tmp_path):
    return tmp_path / "ledger.jsonl"


def subjects(ledger):
    return [entry.what.subject for entry in ledger.entries()]


def test_rows_come_back_in_order(ledger):
    """What was appended is read back, numbered and dated."""
    entries = list(ledger.entries())
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.at for entry in entries] == ["2026-01-02T03:04:05Z"] * 3
    assert subjects(ledger) == ["a", "b", "c"]


def test_an_empty_ledger_has_no_rows(tmp_path):
    """A ledger that was never written to is valid."""
    assert list(begun(tmp_path).entries()) == []


def test_appending_nothing_writes_nothing(tmp_path):
    """No event, no file."""
    begun(tmp_path).append([])
    assert [path.name for path in tmp_path.iterdir()] == ["head.json"]


def tampered(rows, change):
    lines = rows.read_bytes().splitlines(keepends=True)
    rows.write_bytes(b"".join(change(lines)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lines: [lines[0].replace(b'"a"', b'"x"'), *lines[1:]], "ledger-chain"),
        (lambda lines: [*lines[:2], lines[2].replace(b'"c"', b'"x"')], "ledger-cut"),
        (lambda lines: [lines[0], lines[2]], "ledger-chain"),
        (lambda lines: [lines[1], lines[0], lines[2]], "ledger-chain"),
        (lambda lines: lines[:2], "ledger-cut"),
        (lambda _: [], "ledger-cut"),
        (lambda lines: [lines[0], b"{}\n", lines[2]], "ledger-row"),
        (lambda lines: [lines[0], lines[1].replace(b'"seq":2', b'"seq": 2'), lines[2]], "ledger-chain"),
        (lambda lines: [*lines[:2], lines[2][:-5]], "ledger-row"),
    ],
    ids=["edited", "last edited", "deleted", "reordered", "tail cut", "emptied", "no row", "respelt", "last torn"],
)
def test_tampering_is_noticed(ledger, rows, change, code):
    """A row edited, deleted, reordered or cut breaks the chain (attacks.md L4)."""
    tampered(rows, change)
    with pytest.raises(LedgerError) as caught:
        list(ledger.entries())
    assert caught.value.code == code


def test_rows_a_crash_left_behind_the_head_do_not_count(ledger, rows):
    """Rows that no head names were never acknowledged: they are not read, and the next write cuts them."""
    with rows.open("ab") as stream:
        stream.write(b'{"seq":4,"torn')
    assert subjects(ledger) == ["a", "b", "c"]
    ledger.append(events("d"))
    assert subjects(ledger) == ["a", "b", "c", "d"]
    assert b"torn" not in rows.read_bytes()


def test_a_cut_file_is_not_written_to(ledger, rows):
    """Where committed rows are missing, appending refuses instead of covering it up."""
    tampered(rows, lambda lines: lines[:1])
    with pytest.raises(LedgerError, match="before its head"):
        ledger.append(events("d"))


def test_a_damaged_head_is_an_error(ledger, tmp_path):
    """A head that is no document is reported, not replaced."""
    (tmp_path / "head.json").write_text("{")
    with pytest.raises(LedgerError):
        ledger.append(events("d"))


def test_the_same_events_are_the_same_bytes(tmp_path):
    """The chain holds nothing but its events and its clock."""
    for name in ("one", "two"):
        begun(tmp_path / name).append(events("a", "b"))
    assert (tmp_path / "one/ledger.jsonl").read_bytes() == (tmp_path / "two/ledger.jsonl").read_bytes()


@pytest.mark.parametrize("also_rows", [False, True])
def test_a_missing_head_is_an_error(ledger, tmp_path, rows, also_rows):
    """Without its head nothing of the chain is believed, and nothing is written over it."""
    before = rows.read_bytes()
    (tmp_path / "head.json").unlink()
    if also_rows:
        rows.unlink()
    for attempt in (lambda: list(ledger.entries()), lambda: ledger.append(events("d"))):
        with pytest.raises(LedgerError, match="missing"):
            attempt()
    assert also_rows or rows.read_bytes() == before
