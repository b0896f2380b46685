import hashlib
from datetime import UTC, datetime

import pytest

from tenuto.durable import write_file
from tenuto.ledger.chain import Anchor, Event, Ledger
from tenuto.model.document import to_json
from tenuto.model.errors import LedgerError, UsageError


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


def written_anew(place, *batches):
    """Write a chain that fits in itself, as somebody would who rewrites rows and head together."""
    (place / "ledger.jsonl").unlink()
    ledger = begun(place)
    for batch in batches:
        ledger.append(events(*batch))
    return ledger


def test_a_chain_passes_through_every_head_it_had(tmp_path):
    """A head noted at any time, the empty chain's too, stays good while the chain grows."""
    ledger, noted = begun(tmp_path), []
    for subject in ("", "a", "b", "c"):
        ledger.append(events(subject) if subject else [])
        rows, end = ledger.walk()
        noted.append(str(end))
        assert [row.what.subject for row in rows] == ["a", "b", "c"][: end.seq]
        assert (end.seq, end.hash) == (ledger.head().seq, ledger.head().hash)
    assert noted[0] == f"0:{'0' * 64}"
    for text in noted:
        rows, end = ledger.walk(Anchor.read(text))
        assert (len(rows), str(end)) == (3, noted[-1])


@pytest.mark.parametrize(
    ("batches", "said"),
    [
        ([["a", "b"]], "ends at row 2, before row 3"),
        ([], "ends at row 0, before row 3"),
        ([["a", "b", "x"]], "row 3 is not the one that was noted"),
        ([["x", "b", "c"]], "row 3 is not the one that was noted"),
        ([["a", "b"], ["x", "c", "d"]], "row 3 is not the one that was noted"),
    ],
    ids=["tail cut", "emptied", "last rewritten", "first rewritten", "rewritten and longer"],
)
def test_a_chain_written_anew_with_its_head_is_noticed_by_a_noted_head(ledger, tmp_path, batches, said):
    """Rows and head changed together fit each other; what was noted elsewhere tells (attacks.md L4)."""
    _, noted = ledger.walk()
    forged = written_anew(tmp_path, *batches)
    forged.walk()
    with pytest.raises(LedgerError, match=said) as caught:
        forged.walk(noted)
    assert caught.value.code == "ledger-anchor"


def test_a_tail_cut_with_its_head_is_noticed_byte_for_byte(ledger, tmp_path, rows):
    """The attack as it was reproduced: the last row gone, the head computed anew over what is left."""
    _, noted = ledger.walk()
    kept = rows.read_bytes().splitlines(keepends=True)[:2]
    rows.write_bytes(b"".join(kept))
    head = ledger.head()
    forged = type(head)(seq=2, size=sum(map(len, kept)), hash=hashlib.sha256(kept[1]).hexdigest())
    write_file(tmp_path / "head.json", to_json(forged).encode())
    assert len(ledger.walk()[0]) == 2
    with pytest.raises(LedgerError, match="before row 3"):
        ledger.walk(noted)


def test_a_wrong_note_of_the_empty_chain_is_noticed(ledger):
    """Row 0 has one hash only."""
    with pytest.raises(LedgerError):
        ledger.walk(Anchor(0, "f" * 64))


@pytest.mark.parametrize(
    "text",
    ["", "3", "3:", f":{'0' * 64}", f"-1:{'0' * 64}", f"3:{'0' * 63}", f"3:{'0' * 64}\n", f"٣:{'0' * 64}", "x:y"],
)
def test_what_is_no_head_is_refused(text):
    """A note is a row's number and its hash, as verify prints them."""
    with pytest.raises(UsageError, match="no head of a ledger"):
        Anchor.read(text)
