"""Every command as a person or a program meets it."""

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys

import libtorrent
import pytest

from tenuto.cli.pages import command_page
from tenuto.cli.run import EXIT_CODES
from tenuto.harvest.names import audio_suffix
from tenuto.model import errors


def test_a_beginner_goes_the_whole_way(tenuto, filled, tmp_path):
    """init, harvest, build, search, pack, torrents: each says what to do next."""
    music = filled.parent / "pieces"
    assert "harvest folder" in tenuto("init", "mine").out
    assert "tenuto build" in tenuto("--archive", "mine", "harvest", "folder", music).out
    assert "tenuto search" in tenuto("--archive", "mine", "build").out
    assert "Für Elise" in tenuto("--archive", "mine", "search", "elise").out
    assert "tenuto torrents" in tenuto("--archive", "mine", "pack").out
    assert "tenuto seed" in tenuto("--archive", "mine", "torrents").out
    assert (tmp_path / "mine" / "torrents" / "mine-000001.torrent").is_file()


def test_the_archive_is_found_upwards_and_by_environment(tenuto, filled):
    """--archive, $TENUTO_ARCHIVE and the current folder all name it."""
    for answer in (
        tenuto("--archive", filled, "stats", "--json"),
        tenuto("stats", "--json", TENUTO_ARCHIVE=str(filled)),
    ):
        assert answer.json["name"] == "filled"


@pytest.mark.parametrize(
    "words",
    [
        ("source", "list"),
        ("source", "show", "folder"),
        ("source", "show", "debian"),
        ("build",),
        ("search", "ode", "joy"),
        ("search", "nothing at all"),
        ("stats",),
        ("pack",),
        ("torrents",),
        ("verify",),
        ("harvest", "folder", "pieces"),
        ("seed", "--seconds", "0", "--listen", "127.0.0.1:0"),
    ],
    ids=" ".join,
)
def test_json_is_one_document_and_nothing_else(tenuto, filled, words):
    """With --json standard output parses as a whole, and nothing is said on standard error."""
    words = [str(filled.parent / "pieces") if word == "pieces" else word for word in words]
    answer = tenuto("--archive", filled, *words, "--json")
    assert answer.exit == 0
    assert answer.json is not None
    assert answer.err == ""


def test_show_and_why_follow_search(tenuto, filled):
    """An id from search can be shown and explained, as a track, a recording, a release and an artist."""
    track = tenuto("--archive", filled, "search", "elise", "--json").json[0]["id"]
    page = tenuto("--archive", filled, "show", track, "--json").json
    assert page["title"] == "Für Elise"
    for other in (page["recording"]["id"], page["release"]["id"], page["credits"][0]["id"]):
        assert tenuto("--archive", filled, "show", other).exit == 0
    said = tenuto("--archive", filled, "why", track).out
    assert "R-OPEN" in said
    assert "tag LICENSE" in said
    assert "folder/pieces/000001" in said
    by_path = tenuto("--archive", filled, "why", page["path"], "--json").json
    assert by_path[0]["id"] == track


def test_search_goes_on_where_it_ended(tenuto, filled):
    """Pages of hits join to the whole list; people are told of the next page and of the end."""
    search = ("--archive", filled, "search", "tenuto")
    whole = [hit["id"] for hit in tenuto(*search, "--json").json]
    pages = [tenuto(*search, "--limit", 5, "--offset", at, "--json").json for at in (0, 5, 10)]
    assert [hit["id"] for page in pages for hit in page] == whole
    assert len(whole) == 12
    assert "There may be more: --offset 10" in tenuto(*search, "--limit", 5, "--offset", 5).out
    assert "may be more" not in tenuto(*search).out
    assert "Nothing after the first 12." in tenuto(*search, "--offset", 12).out
    assert tenuto(*search, "--offset", -1).exit == tenuto(*search, "--offset", 10**9).exit == 2


def test_torrents_can_be_handed_on(tenuto, filled):
    """Each torrent is named by its path and by a magnet link that libtorrent reads as the same infohashes."""
    said = tenuto("--archive", filled, "torrents").out
    paths = sorted((filled / "torrents").iterdir())
    links = re.findall(r"  (magnet:\S+)\n", said)
    assert len(paths) == len(links) == 2
    for path, link in zip(paths, links, strict=True):
        asked, written = libtorrent.parse_magnet_uri(link), libtorrent.load_torrent_file(str(path)).ti
        assert f"{path}\n" in said
        assert (asked.info_hashes, asked.name) == (written.info_hashes(), written.name())


@pytest.mark.parametrize(
    ("archive", "said"), [("FILLED", "0 new bags; 12 tracks packed before"), ("one", "1 new bag; 0")]
)
def test_one_is_not_many(tenuto, filled, tmp_path, archive, said):
    """Counts are said as people say them."""
    if archive == "one":
        tenuto("init", "one")
        tenuto("--archive", "one", "harvest", "folder", filled.parent / "pieces")
    assert said in tenuto("--archive", archive.replace("FILLED", str(filled)), "pack").out


@pytest.mark.parametrize("word", ["-elise", "--elise", "-e", "-zzelise"])
def test_a_word_may_begin_with_a_hyphen(tenuto, filled, word):
    """After `--` it is a word; before it, it is an unknown option, and the hint says what to write."""
    found = tenuto("--archive", filled, "search", "--json", "--", word)
    assert ("Für Elise" in {hit["title"] for hit in found.json}) is (word != "-zzelise")
    if not word.startswith("-h"):
        refused = tenuto("--archive", filled, "search", word)
        assert refused.exit == 2
        assert f"stands after --: `tenuto search -- {word}`" in refused.err


def test_a_folder_without_audio_is_told(tenuto, tmp_path):
    """With the suffixes that count, each of which the harvest takes for audio."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "poem.txt").write_text("no audio")
    tenuto("init", "mine")
    said = tenuto("--archive", "mine", "harvest", "folder", "texts").out
    assert "No new audio was found in texts. Files count that end in .mp3" in said
    suffixes = re.findall(r"\.[a-z0-9]+", said.partition("Files count that end in ")[2].splitlines()[0])
    assert len(suffixes) == 9
    assert all(audio_suffix(f"a{suffix}") == suffix for suffix in suffixes)


@pytest.mark.parametrize("words", ["", '"', "-- - *"])
def test_a_search_for_nothing_is_told(tenuto, filled, words):
    """It is not the number of words that is wrong."""
    assert (
        tenuto("--archive", filled, "search", "--", words).out
        == "Nothing was asked: a word needs a letter or a digit.\n"
    )


def test_a_bare_name_is_offered_its_paths(tenuto, filled):
    """`why` of a file's name says which tracks may be meant; of nothing, that nothing was asked."""
    answer = tenuto("--archive", filled, "why", "03 Greensleeves.opus")
    assert (answer.exit, answer.err.split("Hint:  ")[1]) == (
        2,
        "Did you mean 'Songs Without Owners/03 Greensleeves.opus'?\n",
    )
    assert "Did you mean" not in tenuto("--archive", filled, "why", "eensleeves.opus").err
    assert (
        tenuto("--archive", filled, "why", "").exit,
        "nothing was asked" in tenuto("--archive", filled, "why", "").err,
    ) == (2, True)


def test_why_explains_a_refusal(tenuto, filled):
    """A broken file is in the catalogue, refused, with its reason."""
    said = tenuto("--archive", filled, "why", "broken.flac", "--json").json[0]
    assert (said["decision"], said["code"]) == ("refused", "R-AUDIO")
    assert said["absent"]


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("stats",), 2, "no archive"),
        (("--archive", "FILLED", "show", "tr-00000000000000000000"), 2, "tr-0000"),
        (("--archive", "FILLED", "why", "no/such/file"), 2, "no/such/file"),
        (("--archive", "FILLED", "verify", "nothing.torrent"), 2, "nothing.torrent"),
        (("--archive", "FILLED", "harvest", "folder", "nowhere"), 2, "nowhere"),
        (("--archive", "FILLED", "harvest", "debian", "--", "--evil"), 3, "--evil"),
        (("--archive", "FILLED", "seed", "--peer", "nonsense"), 2, "nonsense"),
        (("source", "show", "spotify"), 2, "spotify"),
        (("init", "FILLED"), 2, "already"),
    ],
)
def test_an_error_is_a_sentence_and_a_hint(tenuto, filled, words, exit_code, said):
    """No traceback, an exit code as documented, the same as a document with --json."""
    words = [str(filled) if word == "FILLED" else word for word in words]
    answer = tenuto(*words)
    assert answer.exit == exit_code
    assert re.match(r"Error: .*\nHint:  .+\n$", answer.err)
    assert said in answer.err
    assert "Traceback" not in answer.err
    if "--" not in words:
        assert tenuto(*words, "--json").json["error"]["exit"] == exit_code


def test_a_mistake_of_ours_is_said_without_a_traceback(tenuto, filled, tmp_path):
    """Even a bug ends in a sentence and a hint; TENUTO_DEBUG=1 shows where it is."""
    broken = "import sys, tenuto.cli.app as a, tenuto.cli as c; sys.argv[1:] = ['stats']; a._clock = None; c.main()"
    quiet = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, check=False)
    loud = subprocess.run(
        [sys.executable, "-c", broken], capture_output=True, text=True, check=False, env={"TENUTO_DEBUG": "1"}
    )
    assert quiet.returncode == loud.returncode == 70
    assert "Traceback" not in quiet.stderr
    assert "TENUTO_DEBUG" in quiet.stderr
    assert "Traceback" in loud.stderr


def test_no_command_shows_the_help(tenuto):
    """And nothing but the help; square brackets in it would be taken for markup."""
    for words in ((), ("harvest",), ("source",)):
        answer = tenuto(*words)
        assert (answer.exit, answer.err) == (2, "")
        assert "Usage: tenuto" in answer.out
    assert "(default: the nearest one upwards)" in tenuto("--help", COLUMNS="200").out


def test_every_error_has_an_exit_code():
    """The table in main covers the whole error tree."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.TenutoError)]
    assert len(kinds) > 10
    for kind in kinds:
        assert any(issubclass(kind, known) for known, _, _ in EXIT_CODES)


def test_each_command_has_an_example(tenuto):
    """`--help` of every command ends its text with an example."""
    for section in command_page().split("\n## ")[2:]:
        assert re.search(r"\n    tenuto ", section), section.splitlines()[0]


def test_the_page_of_commands_is_current(request):
    """docs/cli.md is what the commands say of themselves."""
    assert (request.config.rootpath / "docs" / "cli.md").read_text("utf-8") == command_page()


def test_damage_gives_exit_code_6(tenuto, filled, tmp_path):
    """The command names what is wrong and fails."""
    copy = shutil.copytree(filled, tmp_path / "copy")
    payload = next(path for path in sorted(copy.glob("packages/*/data/**/*")) if path.is_file())
    payload.chmod(0o644)
    payload.write_bytes(b"x" + payload.read_bytes()[1:])
    answer = tenuto("--archive", copy, "verify")
    assert answer.exit == 6
    assert payload.name in answer.out


def test_a_noted_head_tells_of_a_ledger_cut_together_with_its_head(tenuto, filled, tmp_path):
    """The archive alone still verifies; with the head that verify printed before it fails, named (attacks.md L4)."""
    copy = shutil.copytree(filled, tmp_path / "copy")
    head = tenuto("--archive", copy, "verify", "--json").json[0]["head"]
    said = tenuto("--archive", copy, "verify")
    assert (said.exit, f"The ledger's head is {head}." in said.out) == (0, True)
    assert tenuto("--archive", copy, "verify", "--ledger-head", head).exit == 0
    path = copy / "ledger" / "ledger.jsonl"
    rows = path.read_bytes().splitlines(keepends=True)
    refused = next(index for index, row in enumerate(rows) if b'"R-AUDIO"' in row)
    forge(copy / "ledger", rows[:refused])
    assert "unbroken chain" in tenuto("--archive", copy, "verify").out
    answer = tenuto("--archive", copy, "verify", "--ledger-head", head)
    assert (answer.exit, "ledger-anchor" in answer.out) == (6, True)
    document = tenuto("--archive", copy, "verify", "--ledger-head", head, "--json")
    assert (document.exit, document.json[0]["faults"][0].partition(":")[0]) == (6, "ledger-anchor")


def forge(ledger, rows):
    """Leave these rows, and write the head that fits them."""
    (ledger / "ledger.jsonl").write_bytes(b"".join(rows))
    head = {"seq": len(rows), "size": sum(map(len, rows)), "hash": hashlib.sha256(rows[-1]).hexdigest()}
    (ledger / "head.json").write_text(json.dumps(head, separators=(",", ":")))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ledger-head", "nonsense"), "no head of a ledger"),
        (("--ledger-head", ""), "no head of a ledger"),
        (("--ledger-head", f"0:{'0' * 64}", "ARCHIVE/packages/filled-000001"), "whole archive"),
    ],
)
def test_a_noted_head_is_read_strictly(tenuto, filled, words, said):
    """What verify never printed is refused before anything is read."""
    answer = tenuto("--archive", filled, "verify", *(word.replace("ARCHIVE", str(filled)) for word in words))
    assert (answer.exit, said in answer.err) == (2, True)


def test_the_catalogue_opens_in_plain_sqlite(filled):
    """Python's own sqlite3 reads it."""
    connection = sqlite3.connect(f"file:{filled}/catalogue/filled_clean.sqlite3?mode=ro", uri=True)
    assert connection.execute("select count(*) from tracks").fetchone() == (13,)
    connection.close()


def test_version_and_completion(tenuto):
    """--version answers; completion scripts can be printed."""
    assert tenuto("--version").out.startswith("tenuto ")
    assert "_TENUTO_COMPLETE" in tenuto("--show-completion", "bash").out
