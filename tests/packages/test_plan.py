"""plan: what goes where is a function of the items alone."""

from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.package import Attribution, BagFile, BagReceipt, FileDigest, PackItem
from tenuto.packages.plan import MOST_FILES, plan_bags, unpacked


def paths(plan):
    """List the paths of a plan."""
    return [file.path for file in plan.files]


def finished(plan):
    """Give the receipt a plan would have, hashes aside."""
    files = (
        BagFile(
            path=file.path,
            track_ids=file.track_ids,
            digest=FileDigest(
                size=file.size, sha256=file.sha256, sha1_pieces=b"", sha1_tail=b"", pieces_root=b"", piece_layer=b""
            ),
        )
        for file in plan.files
    )
    return BagReceipt(name=plan.name, piece_length=16384, files=tuple(files))


def test_payload_is_filed_by_artist_and_release(make_item):
    """Disc and number lead the title; a missing release has a folder that says so."""
    items = [
        make_item(0, "a", artist="AC/DC", release="Live: 1", number=3, disc=2, title="What?"),
        make_item(1, "b", artist="AC/DC", release="", number=None, title=""),
        make_item(2, "c", artist="", release="X", number=12),
    ]
    (plan,) = plan_bags(items, archive="demo")
    assert paths(plan) == [
        "data/AC_DC/Live_ 1/2-03 What_.flac",
        "data/AC_DC/Without release/untitled.flac",
        "data/Unknown artist/X/12 Piece 2.flac",
    ]
    assert plan.name == "demo-000001"


def test_artists_whose_names_are_one_on_some_systems_are_kept_apart(make_item):
    """Two artists never share a folder, the same artist always does."""
    items = [make_item(0, "a", artist="ABBA"), make_item(1, "b", artist="Abba"), make_item(2, "c", artist="ABBA")]
    (plan,) = plan_bags(items, archive="demo")
    assert paths(plan) == [
        "data/ABBA/First/01 Piece 0.flac",
        "data/ABBA/First/03 Piece 2.flac",
        "data/Abba (2)/First/02 Piece 1.flac",
    ]


def test_the_same_bytes_become_one_file_for_both_tracks(make_item):
    """The first in order names the file; both tracks are listed."""
    items = [make_item(1, "a", artist="Zoe"), make_item(0, "a", artist="Ada"), make_item(2, "b")]
    (plan,) = plan_bags(items, archive="demo")
    assert [(file.path, len(file.track_ids)) for file in plan.files] == [
        ("data/Ada/First/01 Piece 0.flac", 2),
        ("data/Ada/First/03 Piece 2.flac", 1),
    ]


def test_a_release_that_fits_is_not_divided(make_item):
    """A bag is closed early rather than a release split; a larger release is split by file."""
    items = [make_item(number, str(number), 4, release=release) for number, release in enumerate("AABBBCCCCC")]
    plans = plan_bags(items, archive="demo", limit_bytes=12)
    assert [[path.split("/")[2] for path in paths(plan)] for plan in plans] == [
        ["A", "A"],
        ["B", "B", "B"],
        ["C", "C", "C"],
        ["C", "C"],
    ]


def test_a_file_larger_than_a_bag_has_one_of_its_own(make_item):
    """No file is left out for its size."""
    plans = plan_bags([make_item(0, "a", 50), make_item(1, "b", 1)], archive="demo", limit_bytes=10)
    assert [plan.size for plan in plans] == [50, 1]


def test_a_bag_never_has_more_files_than_its_metainfo_can_list(make_item):
    """However small the files are, a bag's metainfo stays one that clients take; a release too long is divided."""
    items = [make_item(at, f"{at}", artist="Ada" if at % 2 else "Bo") for at in range(2 * MOST_FILES + 6)]
    plans = plan_bags(items, archive="demo")
    assert max(len(plan.files) for plan in plans) <= MOST_FILES
    assert sum(len(plan.files) for plan in plans) == len(items)


def test_new_bags_are_numbered_after_those_there(make_item):
    """Names of other archives and other shapes do not count."""
    taken = {"demo-000007", "demo-000003", "demo-xxx", "other-000099", "demo-000009.receipt.json"}
    (plan,) = plan_bags([make_item(0)], archive="demo", taken=taken)
    assert plan.name == "demo-000008"
    assert plan_bags([], archive="demo") == []


ITEMS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 9), st.sampled_from("XYxy"), st.sampled_from("RSr")),
    max_size=25,
)


@given(ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_matter(rows, chance):
    """The same items in any order give the same plan."""
    items = made(rows)
    shuffled = items[:]
    chance.shuffle(shuffled)
    assert plan_bags(items, archive="demo", limit_bytes=20) == plan_bags(shuffled, archive="demo", limit_bytes=20)


@given(ITEMS, st.integers(0, 30))
def test_finished_bags_do_not_change_the_others(rows, count):
    """After a crash, planning what is left gives the very bags that were to come."""
    whole = plan_bags(made(rows), archive="demo", limit_bytes=20)
    done = [finished(plan) for plan in whole[:count]]
    rest = plan_bags(unpacked(made(rows), done), archive="demo", taken={bag.name for bag in done}, limit_bytes=20)
    assert whole[count:] == rest


@given(ITEMS)
def test_nothing_is_lost_or_named_twice(rows):
    """Every track is in exactly one file, every file's bytes are its tracks', and no bag is over its limit."""
    items = made(rows)
    plans = plan_bags(items, archive="demo", limit_bytes=20)
    tracks = [track for plan in plans for file in plan.files for track in file.track_ids]
    assert sorted(item.track_id for item in items) == sorted(tracks)
    assert all(plan.size <= 20 for plan in plans)
    for plan in plans:
        assert len(plan.files) == len({path.casefold() for path in paths(plan)})
        assert all(len({item.sha256 for item in file.items}) == 1 for file in plan.files)


def made(rows):
    """Make items from drawn rows; the same letter is the same bytes, and so the same size."""
    sizes = {}
    told = Attribution(
        creator="", title="", copyright_notice="", licences=("CC0-1.0",), licence_urls=("x",), source_url=""
    )
    return [
        PackItem(
            track_id=f"tr-{number}",
            sha256=letter,
            size=sizes.setdefault(letter, size),
            artist=artist,
            release=release,
            disc=None,
            number=None,
            title=letter,
            extension=".ogg",
            attribution=told,
        )
        for number, (letter, size, artist, release) in enumerate(rows)
    ]
