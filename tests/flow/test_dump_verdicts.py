"""Verdicts over dumps: what tables state is judged as the rules judge it, once for each combination."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenuto.flow.dump_verdicts import dump_verdicts, record_of
from tenuto.flow.importing import import_dumps
from tenuto.model.errors import StorageError
from tenuto.model.progress import Silent
from tenuto.model.rights import Confidence
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.table_claims import claims
from tenuto.rights import RightsOptions, judge
from tenuto.rights.credit import NOBODY

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SCHEMAS = {table.name: table.schema for table in DUMP_TABLES}
BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def source(tmp_path):
    """Write tables of a source from rows, and give its folder."""

    def write(**tables):
        for name, rows in tables.items():
            path = tmp_path / "ours" / "songs" / f"{name}.parquet" / "000001.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            plain = [{field.name: row.get(field.name) for field in SCHEMAS[name]} for row in rows]
            pq.write_table(pa.Table.from_pylist(plain, SCHEMAS[name]), path)
        return tmp_path / "ours"

    return write


def stated(subject, id_, statement, position=0):
    place = {"licence_field": True, "place": "column terms"}
    return {"subject": subject, "id": id_, "position": position, "statement": statement} | place


def named(subject, id_, name, position=0, join_phrase=""):
    credited = {"artist": name, "name": name, "join_phrase": join_phrase}
    return {"subject": subject, "id": id_, "position": position} | credited


def verdicts(folder, **options):
    found = dump_verdicts(folder, RightsOptions(**options))
    return {thing: (verdict.decision.value, verdict.code) for things, verdict in found for thing in things}


def test_a_statement_opens_what_names_somebody(source):
    """A licence opens where somebody is to be credited; without a credit it goes to review."""
    folder = source(
        evidence=[stated("recording", "r1", BY), stated("recording", "r2", BY), stated("recording", "r3", "mine")],
        recordings=[{"id": "r1", "title": "A"}, {"id": "r2", "title": "B"}, {"id": "r3", "title": "C"}],
        credits=[named("recording", "r1", "Ada Ex"), named("recording", "r3", "Ada Ex")],
    )
    assert verdicts(folder) == {
        ("recording", "r1"): ("open", "R-OPEN"),
        ("recording", "r2"): ("review", "R-CREDIT"),
        ("recording", "r3"): ("metadata-only", "R-UNKNOWN"),
    }


def test_a_release_speaks_for_its_recordings(source):
    """What is stated of a release holds for what is on it, by default; what a recording says against it counts."""
    tracks = [
        {
            "id": f"t{at}",
            "release": "a",
            "medium": 0,
            "kind": "track",
            "position": at,
            "title": "T",
            "recording": f"r{at}",
        }
        for at in range(2)
    ]
    folder = source(
        evidence=[stated("release", "a", BY), stated("recording", "r1", "All rights reserved")],
        releases=[{"id": "a", "title": "Firsts"}],
        recordings=[{"id": "r0", "title": "A"}, {"id": "r1", "title": "B"}],
        tracks=tracks,
        credits=[
            named(kind, id_, "Ada Ex") for kind, id_ in (("release", "a"), ("recording", "r0"), ("recording", "r1"))
        ],
    )
    found = verdicts(folder)
    assert found["release", "a"] == found["recording", "r0"] == ("open", "R-OPEN")
    assert found["recording", "r1"][0] != "open"
    assert verdicts(folder, minimum_confidence=Confidence.EXACT)["recording", "r0"][0] == "review"


def test_equal_claims_are_judged_once(source):
    """A thousand things with one title, one credit and one statement are one claim, in one order."""
    ids = [f"r0{at:04}" for at in range(1_000)]
    folder = source(
        evidence=[stated("recording", id_, "CC BY 4.0 by Ada") for id_ in ids],
        recordings=[{"id": id_, "title": "A"} for id_ in ids],
        credits=[
            row for id_ in ids for row in (named("recording", id_, "Bo", 1), named("recording", id_, "Ada", 0, " & "))
        ],
    )
    (claim,) = claims(folder, NOBODY)
    assert claim.credit == (("Ada", " & "), ("Bo", ""))
    assert [id_ for _, id_ in claim.subjects] == ids
    assert len(verdicts(folder)) == 1_000


def test_a_damaged_table_is_told(source):
    """A table that cannot be read is an error that names the folder."""
    folder = source(evidence=[stated("recording", "r1", BY)])
    (folder / "songs" / "credits.parquet").mkdir()
    (folder / "songs" / "credits.parquet" / "000001.parquet").write_bytes(b"PAR1")
    with pytest.raises(StorageError, match="its tables cannot be read"):
        list(dump_verdicts(folder))


def test_composers_own_list_opens(shared, archive):
    """As by the licence lines alone (test_corpora), 719 of 722 open and three are in conflict with their titles."""
    import_dumps(archive, str(EXAMPLES / "incompetech.toml"), [shared / "incompetech" / "tracks.jsonl"], Silent())
    found = verdicts(archive.layout.records / "incompetech")
    assert Counter(code for _, code in found.values()) == {"R-OPEN": 719, "R-CONFLICT": 3}


def test_netlabel_releases_are_judged(shared, archive):
    """Of 1,012 releases with a known licence 841 open, 168 credit nobody and three need a look; three are unknown.

    Those of 'Various Artists' open track by track: 9,693 recordings do.
    """
    files = [shared / "freemusi_cc" / name for name in ("releases.csv", "tracks.csv")]
    import_dumps(archive, str(EXAMPLES / "freemusi-cc.toml"), files, Silent())
    found = verdicts(archive.layout.records / "freemusi-cc")
    assert Counter((subject, *verdict) for (subject, _), verdict in found.items()) == {
        ("release", "open", "R-OPEN"): 841,
        ("release", "review", "R-CREDIT"): 168,
        ("release", "review", "R-GATE-REVIEW"): 3,
        ("release", "metadata-only", "R-UNKNOWN"): 3,
        ("recording", "open", "R-OPEN"): 9693,
        ("recording", "review", "R-CREDIT"): 3,
        ("recording", "review", "R-GATE-REVIEW"): 18,
        ("recording", "metadata-only", "R-UNKNOWN"): 45,
    }


def test_addresses_are_one_claim_whatever_they_stand_by(source):
    """Where only addresses are stated nothing else counts but whether somebody is credited."""
    ids = {"r00": "Ada Ex", "r01": "Bo", "r02": "\u3000Various Artists ", "r03": None, "r04": "CC BY 4.0"}
    folder = source(
        evidence=[stated("recording", id_, BY) for id_ in ids],
        recordings=[{"id": id_, "title": f"Title {id_}"} for id_ in ids],
        credits=[named("recording", id_, name) for id_, name in ids.items() if name],
    )
    found = {claim.subjects: claim for claim in claims(folder, NOBODY)}
    assert {tuple(id_ for _, id_ in things): claim.credit for things, claim in found.items()} == {
        ("r00", "r01", "r04"): (("Somebody", ""),),
        ("r02", "r03"): (),
    }
    assert {claim.title for claim in found.values()} == {""}


@pytest.mark.parametrize("statement", [BY, f" {BY}\n", "https://example.org/terms", "CC BY 4.0 Ada Ex", "Ada Ex"])
@pytest.mark.parametrize("name", ["Ada Ex", "Somebody", " n/a", "\x1cUnknown\x85", "CC0", None])
def test_grouping_takes_nothing_from_a_verdict(source, statement, name):
    """What a thing gets in its group is what it gets with its own title and names, wherever they stand."""
    folder = source(
        evidence=[stated("recording", "r1", statement)],
        recordings=[{"id": "r1", "title": "Ada Ex"}],
        credits=[named("recording", "r1", name)] if name else [],
    )
    (claim,) = claims(folder, NOBODY)
    whole = replace(claim, title="Ada Ex", credit=((name, ""),) if name else ())
    alone = judge(record_of(whole, "ours"))
    assert verdicts(folder) == {("recording", "r1"): (alone.decision.value, alone.code)}


def test_grouping_changes_no_verdict(shared, archive):
    """Each verdict is the one that its claim gets by itself."""
    import_dumps(archive, str(EXAMPLES / "incompetech.toml"), [shared / "incompetech" / "tracks.jsonl"], Silent())
    folder = archive.layout.records / "incompetech"
    one_by_one = {
        key: judge(record_of(claim, "incompetech")) for claim in claims(folder, NOBODY) for key in claim.subjects
    }
    assert {thing: verdict for things, verdict in dump_verdicts(folder) for thing in things} == one_by_one
