"""At every exit the rights are asked as they are now, and nothing that went missing goes unnoticed."""

import contextlib
import gzip
import hashlib
import json
import os
import shutil
from pathlib import Path

import apsw
import mutagen
import pytest

import tenuto
from tenuto.catalogue.ask import open_items, why
from tenuto.catalogue.search import search
from tenuto.flow.acknowledged import heads
from tenuto.flow.archive import open_archive
from tenuto.flow.build import build, rules_digest
from tenuto.flow.folders import collection_path
from tenuto.flow.harvest import harvest_folders
from tenuto.flow.publish import make_torrents, pack
from tenuto.flow.seeding import SeedRequest, seed
from tenuto.flow.verifying import verify_archive, verify_paths
from tenuto.model.errors import CatalogueError, ConfigError, IntegrityError, LedgerError, UsageError
from tenuto.model.progress import Silent
from tenuto.torrents.reading import read_metainfo

LOCAL = SeedRequest(seconds=0, listen="127.0.0.1:0")


@pytest.fixture
def published(archive, pieces):
    """Give an archive whose twelve pieces are packed and in torrents."""
    harvest_folders(archive, [pieces], None, Silent())
    pack(archive, Silent())
    make_torrents(archive, Silent())
    return archive


def configured(archive, old, new):
    """Change tenuto.toml and open the archive anew."""
    toml = archive.layout.root / "tenuto.toml"
    text = toml.read_text("utf-8")
    assert old in text
    toml.write_text(text.replace(old, new), "utf-8")
    return open_archive(archive.layout.root, archive.clock)


def altered(path):
    """Change a file in a place that its reader would not mind."""
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"piece_length":', b'"piece_length": ').replace(b"6:Tenuto", b"6:Tenutx"))
    assert path.read_bytes() != content


def faults(archive):
    return {(check.kind, check.subject) for check in verify_archive(archive, Silent()) if check.faults}


def test_a_closed_licence_is_not_seeded(published):
    """Seeding refuses a catalogue older than the policy; built anew, every bag is withheld with its reason."""
    assert len(seed(published, LOCAL, Silent()).served) == 2
    closed = configured(published, "[rights]", '[rights]\nclosed_licences = ["CC0-1.0"]')
    with pytest.raises(UsageError, match="older"):
        seed(closed, LOCAL, Silent())
    make_torrents(closed, Silent())
    report = seed(closed, LOCAL, Silent())
    assert report.served == ()
    assert all("may no longer be shared" in reason for _, reason in report.withheld)
    assert len(report.withheld) == 2


def test_a_closed_licence_is_not_packed(archive, pieces):
    """Packing asks the policy of now, though the last build asked another."""
    harvest_folders(archive, [pieces], None, Silent())
    with archive.locked():
        build(archive, Silent())
    closed = configured(archive, "[rights]", '[rights]\nclosed_licences = ["CC0-1.0"]')
    assert pack(closed, Silent()).made == ()


def test_a_misspelt_licence_is_not_silently_open(archive):
    """A name that closes nothing is an error with a suggestion."""
    wrong = configured(archive, "[rights]", '[rights]\nclosed_licences = ["CC-0"]')
    with pytest.raises(ConfigError) as caught, wrong.locked():
        build(wrong, Silent())
    assert "CC" in caught.value.hint


def test_foreign_metainfo_is_not_seeded(published):
    """A torrent that this archive did not publish is withheld, though it describes the same bag (attacks.md T8)."""
    hybrid, companion = published.layout.metainfo("test-000001")
    hybrid.write_bytes(hybrid.read_bytes().replace(b"6:Tenuto", b"6:Tenutx"))
    report = seed(published, LOCAL, Silent())
    assert report.served == (companion.stem,)
    assert report.withheld == ((hybrid.stem, "its metainfo is not what this archive published"),)


def test_what_toml_says_stands_in_the_torrent(archive, pieces):
    """Trackers in tiers, web seeds and the private flag come from tenuto.toml; new trackers keep the infohash."""
    harvest_folders(archive, [pieces], None, Silent())
    pack(archive, Silent())
    make_torrents(archive, Silent())
    path = archive.layout.metainfo("test-000001")[0]
    before = read_metainfo(path.read_bytes())
    tiers = 'trackers = [["https://a.example/announce", "https://b.example/announce"], ["https://c.example/announce"]]'
    changed = configured(archive, "trackers = []\nweb_seeds = []", f'{tiers}\nweb_seeds = ["https://d.example/"]')
    make_torrents(changed, Silent())
    after = read_metainfo(path.read_bytes())
    assert after.trackers == (
        ("https://a.example/announce", "https://b.example/announce"),
        ("https://c.example/announce",),
    )
    assert after.web_seeds == ("https://d.example/",)
    assert (after.infohash_v1, after.infohash_v2, after.private) == (before.infohash_v1, before.infohash_v2, False)
    private = configured(changed, "[torrents]", "[torrents]\nprivate = true")
    make_torrents(private, Silent())
    assert read_metainfo(path.read_bytes()).private


@pytest.mark.parametrize(
    ("lose", "noticed"),
    [
        (lambda layout: shutil.rmtree(layout.store), {("store", "test")}),
        (lambda layout: shutil.rmtree(layout.packages / "test-000001"), {("lost", "test-000001")}),
        (lambda layout: layout.metainfo("test-000001")[0].unlink(), {("lost", "test-000001.torrent")}),
        (lambda layout: next(layout.captures.rglob("*.gz")).unlink(), {("captures", "test")}),
        (lambda layout: next(layout.captures.rglob("*.gz")).write_bytes(b"x"), {("captures", "test")}),
        (lambda layout: (layout.packages / "test-000001.receipt.json").unlink(), {("receipts", "packages")}),
        (lambda layout: altered(layout.packages / "test-000001.receipt.json"), {("receipts", "packages")}),
        (lambda layout: altered(layout.metainfo("test-000001")[0]), {("metainfo", "torrents")}),
        (lambda layout: (layout.packages / "notes").mkdir(), {("receipts", "packages"), ("bag", "notes")}),
        (lambda layout: (layout.ledger / "ledger.jsonl").unlink(), {("ledger", "test")}),
        (lambda layout: (layout.ledger / "head.json").unlink(), {("ledger", "test")}),
    ],
    ids=[
        *("store", "bag", "torrent", "capture", "capture damaged"),
        *("receipt", "receipt altered", "metainfo altered", "stray folder"),
        *("ledger", "ledger head"),
    ],
)
def test_what_is_gone_is_missed(published, lose, noticed):
    """Verification knows from the ledger what should be there."""
    assert faults(published) == set()
    lose(published.layout)
    assert noticed <= faults(published)


def test_a_torrent_in_an_archive_finds_its_bag(published):
    """Verifying one torrent by path checks the payload in the archive's packages."""
    path = published.layout.metainfo("test-000001")[0]
    (check,) = verify_paths([path], Silent())
    assert check.summary.endswith("pieces")


def test_derived_data_comes_back_byte_for_byte(published):
    """Records, catalogue and torrents are made again from captures, store, bags and ledger."""
    layout = published.layout
    before = {path: path.read_bytes() for path in (layout.catalogue, *layout.torrents.iterdir())}
    for place in (layout.records, layout.catalogue.parent, layout.torrents):
        shutil.rmtree(place)
    make_torrents(published, Silent())
    assert {path: path.read_bytes() for path in before} == before


def test_no_path_of_the_operators_machine_is_published(published, pieces):
    """Neither catalogue nor bags name the folder on this disk; only a private note does."""
    known = str(pieces.parent).encode()
    layout = published.layout
    for place in (layout.catalogue.parent, layout.packages, layout.torrents, layout.records, layout.ledger):
        assert not [path for path in place.rglob("*") if path.is_file() and known in path.read_bytes()]
    assert json.loads(layout.folders.read_bytes()) == {"pieces": str(pieces)}


def test_a_file_is_explained_by_its_place_on_disk(published, pieces):
    """`why` takes the path of a file in a harvested folder."""
    path = next(pieces.rglob("*Ode*"))
    (said,) = why(published.layout.catalogue, collection_path(published, str(path)))
    assert said.title == "Ode to Joy"


def test_a_moved_folder_keeps_its_name(published, pieces, tmp_path):
    """Where the old place is gone, the new one takes over the collection and nothing is read twice."""
    moved = pieces.rename(tmp_path / "elsewhere")
    (tally,) = harvest_folders(published, [moved], "pieces", Silent())
    assert (tally.known, tally.kept) == (12, 0)


def test_an_archive_does_not_harvest_itself(archive):
    """A folder that holds the archive is refused, or its own bags would come back as music."""
    with pytest.raises(UsageError, match="inside"):
        harvest_folders(archive, [archive.layout.root.parent], None, Silent())


def test_a_bags_name_never_comes_back(published):
    """After a bag is deleted its number stays taken: a published name has one content for ever."""
    shutil.rmtree(published.layout.packages / "test-000001")
    (published.layout.packages / "test-000001.receipt.json").unlink()
    assert [bag.name for bag in pack(published, Silent()).made] == ["test-000002"]


def test_a_receipt_that_was_altered_is_not_published(published, tmp_path):
    """A name that leads outside, in a receipt, writes nothing there and stops every exit."""
    path = published.layout.packages / "test-000001.receipt.json"
    path.write_bytes(path.read_bytes().replace(b'"name":"test-000001"', b'"name":"../../outside"'))
    for leave in (make_torrents, pack, lambda archive, silent: seed(archive, LOCAL, silent)):
        with pytest.raises(IntegrityError, match="not the receipt that the ledger names"):
            leave(published, Silent())
    assert not list(tmp_path.glob("outside*"))


def test_a_stray_folder_stops_nothing(published, tmp_path):
    """What the ledger does not name is no bag: exits pass it over, verification names it."""
    (published.layout.packages / "notes").mkdir()
    assert pack(published, Silent()).made == ()
    make_torrents(published, Silent())
    assert len(seed(published, LOCAL, Silent()).served) == 2


def test_a_capture_that_is_gone_stops_the_build_until_the_loss_is_accepted(published):
    """Tracks never vanish from the catalogue in silence: restore the capture, or record that it is lost."""
    next(published.layout.captures.rglob("*.gz")).unlink()
    with pytest.raises(IntegrityError, match="lacks 1 capture that the ledger names") as caught, published.locked():
        build(published, Silent())
    assert "--accept-loss" in caught.value.hint
    with published.locked():
        report = build(published, Silent(), accept_loss=True)
    assert dict(report.rows)["tracks"] == 0
    assert ("captures", "test") not in faults(published)
    assert [entry.what.event for entry in published.ledger.entries()][-1] == "lost"


def test_other_rules_make_a_catalogue_old(tmp_path):
    """A changed word in the rules' tables or code changes what a build rests on; the command line does not."""
    program = tmp_path / "tenuto"
    shutil.copytree(Path(tenuto.__file__).parent, program)
    before = rules_digest(program)
    (program / "cli" / "text.py").write_text("", "utf-8")
    rules_digest.cache_clear()
    assert rules_digest(program) == before
    for place in ("rights/wording.toml", "rights/judge.py", "sources/tags.py", "catalogue/schema.sql"):
        with (program / place).open("a", encoding="utf-8") as stream:
            stream.write("\n# other\n")
        rules_digest.cache_clear()
        assert rules_digest(program) != before
        before = rules_digest(program)


def test_a_captures_number_never_comes_back(published, pieces):
    """After a capture is lost the next one takes another number, so that the loss stays in sight."""
    next(published.layout.captures.rglob("*.gz")).unlink()
    (tally,) = harvest_folders(published, [pieces], None, Silent())
    assert tally.kept == 12
    assert [head.id for head in heads(published)] == ["folder/pieces/000002"]
    with pytest.raises(IntegrityError, match="first folder/pieces/000001"), published.locked():
        build(published, Silent())


def rewritten(path, old, new):
    """Put a capture of other content in the place of one, under the digest it then has."""
    content = gzip.compress(gzip.decompress(path.read_bytes()).replace(old, new), mtime=0)
    path.with_name(f"{path.name[:6]}-{hashlib.sha256(content).hexdigest()}.jsonl.gz").write_bytes(content)


def test_a_capture_that_was_replaced_is_not_read(published, pieces):
    """Evidence rests on captures: one of other content, digest and all, is none that the ledger names."""
    (path,) = published.layout.captures.rglob("*.gz")
    rewritten(path, b"Ode to Joy", b"Ode to Boy")
    path.unlink()
    assert ("captures", "test") in faults(published)
    with pytest.raises(IntegrityError, match="lacks 1 capture that the ledger names"), published.locked():
        build(published, Silent())


def test_a_capture_that_was_slipped_in_is_not_read(published, pieces):
    """A capture beside the true ones is not read, is named by verification, and stops the next harvest."""
    (path,) = published.layout.captures.rglob("*.gz")
    for number in ("000002", "000003"):
        slipped = path.with_name(f"{number}{path.name[6:]}")
        slipped.write_bytes(path.read_bytes())
        rewritten(slipped, b"Ode to Joy", b"Ode to Boy")
    with published.locked():
        build(published, Silent(), again=True)
    assert "Ode to Boy" not in {hit.title for hit in search(published.layout.catalogue, "ode boy")}
    assert ("captures", "test") in faults(published)
    with pytest.raises(LedgerError, match="the ledger does not name 4 captures"):
        harvest_folders(published, [pieces], None, Silent())


def test_a_word_that_was_taken_back_opens_nothing(archive, pieces):
    """A declaration that tenuto.toml no longer makes is no evidence, though the capture remembers it."""
    for path in pieces.rglob("*.*"):
        tags = mutagen.File(path)
        for name in ("license", "copyright"):
            tags.pop(name, None)
        tags.save()
    word = '[[declarations]]\ncollection = "pieces"\nlicence = "CC-BY-4.0"\nby = "us"\n\n[rights]'
    declared = configured(archive, "[rights]", word)
    harvest_folders(declared, [pieces], None, Silent())
    with declared.locked():
        build(declared, Silent())
    assert len(list(open_items(declared.layout.catalogue))) == 12
    withdrawn = configured(declared, word, "[rights]")
    assert pack(withdrawn, Silent()).made == ()
    assert list(open_items(withdrawn.layout.catalogue)) == []


@pytest.mark.parametrize(
    ("spoil", "noticed"),
    [
        (lambda layout: (layout.torrents / "z.torrent").symlink_to("/dev/zero"), ("torrent", "z.torrent")),
        (lambda layout: (layout.torrents / "z.torrent").symlink_to("nowhere"), ("torrent", "z.torrent")),
        (lambda layout: os.mkfifo(layout.torrents / "z.torrent"), ("torrent", "z.torrent")),
        (lambda layout: (layout.torrents / "z.torrent").mkdir(), ("torrent", "z.torrent")),
        (lambda layout: os.truncate(layout.metainfo("test-000001")[0], 1 << 33), ("torrent", "test-000001.torrent")),
        (lambda layout: replaced_by_pipe(next(layout.captures.rglob("*.gz"))), ("captures", "test")),
        (lambda layout: replaced_by_pipe(layout.ledger / "head.json"), ("ledger", "test")),
        (lambda layout: replaced_by_pipe(layout.ledger / "ledger.jsonl"), ("ledger", "test")),
    ],
    ids=["zero", "dangling", "pipe", "folder", "huge", "capture pipe", "head pipe", "ledger pipe"],
)
def test_odd_things_neither_hang_nor_end_a_verification(published, spoil, noticed):
    """Each is a fault of its own, and the rest is verified."""
    spoil(published.layout)
    assert noticed in faults(published)


def replaced_by_pipe(path):
    path.unlink()
    os.mkfifo(path)


def test_an_odd_build_report_is_no_report(published):
    """Bytes that are no text in the last build's report only make the catalogue old."""
    report = published.layout.catalogue.with_suffix(".build.json")
    report.write_bytes(b"\xff" + report.read_bytes())
    whole = published.layout.catalogue.read_bytes()
    with published.locked():
        build(published, Silent())
    assert whole == published.layout.catalogue.read_bytes()


def test_a_title_that_is_no_text_is_an_error_not_a_bug(published):
    """M9: a catalogue with invalid UTF-8 in it is refused in words by whoever reads it."""
    path = published.layout.catalogue
    with contextlib.closing(apsw.Connection(str(path))) as catalogue:
        catalogue.execute("UPDATE tracks SET title = CAST(x'ff41' AS TEXT)")
    with pytest.raises(CatalogueError, match="cannot be read"):
        search(path, "joy")


def test_what_is_being_written_is_no_fault(published):
    """Unfinished files among bags and torrents are nobody's yet."""
    (published.layout.packages / ".tmp-test-000002").mkdir()
    (published.layout.torrents / ".tmp-1-x.torrent").write_bytes(b"half")
    assert faults(published) == set()


@pytest.mark.parametrize("content", ['{"songs": 5}', "null", '{"songs": {"a": 1}}', "[" * 100_000])
def test_an_odd_note_of_folders_is_no_bug(archive, pieces, content):
    """folders.json is read for what it can mean."""
    archive.layout.folders.write_text(content, "utf-8")
    (tally,) = harvest_folders(archive, [pieces], None, Silent())
    assert tally.kept == 12


@pytest.mark.parametrize("damage", [b"", b"x"], ids=["cut", "changed"])
def test_a_damaged_catalogue_is_built_anew(published, damage):
    """A catalogue that is not what was built does not count as current, though nothing else has changed."""
    path = published.layout.catalogue
    whole = path.read_bytes()
    with path.open("r+b") as stream:
        if damage:
            stream.seek(len(whole) // 2)
            stream.write(damage)
        else:
            stream.truncate(len(whole) // 2)
    with published.locked():
        build(published, Silent())
    assert whole == path.read_bytes()


def test_rot_is_mended_in_the_store_and_in_the_bag(published, pieces):
    """A flipped byte is one file with two names: reading the source again mends the store, packing again the bag."""
    payload = next((published.layout.packages / "test-000001" / "data").rglob("*.flac"))
    payload.chmod(0o644)
    with payload.open("r+b") as stream:
        stream.write(b"rot")
    assert {kind for kind, _ in faults(published)} == {"store", "bag", "torrent"}
    harvest_folders(published, [pieces], None, Silent(), again=True)
    assert {kind for kind, _ in faults(published)} == {"bag", "torrent"}
    assert pack(published, Silent()).mended == 1
    assert faults(published) == set()
    assert pack(published, Silent()).mended == 0


def test_what_the_store_lost_is_kept_again(published, pieces):
    """A file missing from the store is noticed at the next harvest and copied anew."""
    shutil.rmtree(published.layout.store)
    (tally,) = harvest_folders(published, [pieces], None, Silent())
    assert (tally.kept, tally.known) == (12, 0)


def test_a_malformed_catalogue_is_an_error_not_a_crash(published):
    """A catalogue with foreign bytes is refused in words (attacks.md M9)."""
    published.layout.catalogue.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    (check,) = [one for one in verify_archive(published, Silent()) if one.kind == "catalogue"]
    assert check.faults
    with pytest.raises(Exception, match="catalogue") as caught:
        search(published.layout.catalogue, "x")
    assert not isinstance(caught.value, apsw.Error)
