import subprocess
import sys

import apsw
import pytest

from tenuto.catalogue.ask import show, why
from tenuto.flow.archive import open_archive
from tenuto.flow.build import build
from tenuto.flow.importing import import_dumps
from tenuto.flow.linking import find_links
from tenuto.flow.relinking import adjusted, links_place, read_probabilities, relink, thresholds
from tenuto.linking.model import KINDS, Thresholds, model
from tenuto.model.config import parse_config
from tenuto.model.errors import ConfigError, UsageError
from tenuto.model.links import LinksConfig
from tenuto.model.progress import Silent

MAPPING = """
name = "{name}"
home = "https://{name}.example/"
[terms]
summary = "A list that we wrote ourselves."
audio = "It holds no audio."
metadata_licence = "CC0-1.0"
limits = "One file."
url = "https://{name}.example/terms"
[tables.songs]
rows = "tracks"
key = ["no"]
[tables.songs.columns]
title = "song"
artist = "by"
duration = {{ column = "time", unit = "m:ss" }}
"""
SONGS = "no,song,by,time\n1,Étude d'été,Ada Example,4:00\n2,Noise Polka,Bo Sample,3:10\n"
THEIRS = SONGS.replace("4:00", "4:01")


class Heard(Silent):
    """Keeps the stages that were begun."""

    def __init__(self):
        self.stages = []

    def start(self, stage, total, unit):  # noqa: ARG002 - the protocol has it
        self.stages.append((stage, total))


@pytest.fixture
def imported(archive, tmp_path):
    """Give a function that imports songs as a source of that name."""

    def run(name, songs=SONGS):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.toml").write_text(MAPPING.format(name=name), "utf-8")
        (folder / "songs.csv").write_text(songs, "utf-8")
        import_dumps(archive, str(folder / f"{name}.toml"), [folder / "songs.csv"], Silent())

    return run


@pytest.fixture
def both(archive, imported):
    """Give an archive that holds the same songs of two sources."""
    imported("ours")
    imported("theirs", THEIRS)
    return archive


def files(archive):
    return {path.name: path.read_bytes() for path in links_place(archive).glob("*")}


def rows(archive, query):
    connection = apsw.Connection(str(archive.layout.catalogue), flags=apsw.SQLITE_OPEN_READONLY)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def stages(archive, **options):
    heard = Heard()
    build(archive, heard, **options)
    return [stage for stage in heard.stages if stage[0].startswith("Linking")]


def test_a_build_links_what_two_sources_have(both):
    """Their links are in the catalogue without any other command; a second build links nothing and changes no byte."""
    assert stages(both) == [("Linking records", 3)]
    assert rows(both, "SELECT count(*) FROM links WHERE subject = 'rc' AND accepted") == [(2,)]
    first, catalogue = files(both), both.layout.catalogue.read_bytes()
    assert stages(both, again=True) == []
    assert (first, catalogue) == (files(both), both.layout.catalogue.read_bytes())


def test_a_source_by_itself_is_not_linked(archive, imported):
    """One source, and none, leave no links behind."""
    assert stages(archive) == []
    imported("ours")
    assert stages(archive) == []
    assert not links_place(archive).exists()


def test_linking_can_be_switched_off(both):
    """By an option once, by tenuto.toml for good; what was linked before stays."""
    assert stages(both, links=False) == []
    config = both.layout.root / "tenuto.toml"
    config.write_text(config.read_text("utf-8") + "[links]\nbuild = false\n", "utf-8")
    assert stages(open_archive(both.layout.root, both.clock)) == []
    assert stages(both) == [("Linking records", 3)]


def test_links_are_found_anew_when_what_they_rest_on_changes(both, imported):
    """Other records, other thresholds, a damaged table."""
    relink(both, Silent())
    imported("theirs", THEIRS + "3,Slow Waltz,Cy Pattern,2:00\n")
    assert stages(both) == [("Linking records", 3)]
    config = both.layout.root / "tenuto.toml"
    config.write_text(config.read_text("utf-8") + "[links.recording]\naccept = 1.0\n", "utf-8")
    other = open_archive(both.layout.root, both.clock)
    assert stages(other) == [("Linking records", 3)]
    assert rows(other, "SELECT DISTINCT accepted FROM links WHERE subject = 'rc'") == [(0,)]
    before = files(other)
    (links_place(other) / "links.parquet").write_bytes(b"PAR1")
    assert stages(other) == [("Linking records", 3)]
    assert files(other) == before


def test_an_id_that_is_gone_leads_to_what_replaced_it(both, imported):
    """A source drops a song that another has too: its id shows and explains the other's, until it comes back."""
    build(both, Silent())
    query = "SELECT id FROM recordings JOIN sources USING (source) WHERE title LIKE 'Étude%' ORDER BY sources.name"
    here, there = (found for (found,) in rows(both, query))
    assert show(both.layout.catalogue, here).id == here
    imported("ours", SONGS.replace("1,Étude", "7,Other").replace("Ada", "Eve"))
    for _ in range(2):
        build(both, Silent(), again=True)
        assert show(both.layout.catalogue, here).id == there
        assert why(both.layout.catalogue, here) == why(both.layout.catalogue, there)
    imported("ours")
    build(both, Silent())
    assert rows(both, "SELECT count(*) FROM redirects WHERE id = '" + here + "'") == [(0,)]
    assert show(both.layout.catalogue, here).id == here


def test_a_search_for_links_serves_the_next_build(both):
    """With the thresholds of tenuto.toml nothing is left to do; with others the build goes by tenuto.toml."""
    find_links(both, Silent(), both.config.links)
    assert stages(both) == []
    find_links(both, Silent(), adjusted(both.config.links, {"recording": 1.0}, {}))
    assert stages(both, links=False) == []
    assert rows(both, "SELECT DISTINCT accepted FROM links WHERE subject = 'rc'") == [(0,)]
    assert stages(both) == [("Linking records", 3)]


@pytest.mark.parametrize(("names", "loaded"), [((), False), (("ours",), False), (("ours", "theirs"), True)])
def test_splink_is_loaded_only_to_link(archive, imported, names, loaded):
    """An archive whose dumps are of one source builds without it."""
    for name in names:
        imported(name, SONGS if name == "ours" else THEIRS)
    code = "import sys; from tenuto.cli import main\ntry: main()\nfinally: print('splink' in sys.modules)"
    command = [sys.executable, "-c", code, "--archive", str(archive.layout.root), "build"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == str(loaded)


def links(text=""):
    return parse_config(f'[archive]\nname = "a"\n{text}').links


def test_thresholds_are_the_models_unless_they_are_set():
    """A kind that sets one of the two keeps the model's other; other kinds keep both."""
    own = {kind: model(kind).thresholds for kind in KINDS}
    assert thresholds(links()) == own
    set_one = thresholds(links("[links.recording]\naccept = 0.8\n"))
    assert set_one == own | {"recording": Thresholds(accept=0.8, review=own["recording"].review)}


def test_thresholds_that_do_not_fit_are_named():
    """One that is set below the model's other one is refused with the kind and both figures."""
    with pytest.raises(ConfigError, match=r"links\.artist: thresholds accept 0\.1 and review 0\.2"):
        thresholds(links("[links.artist]\naccept = 0.1\n"))


def test_options_go_before_the_file():
    """A threshold of the command line replaces that of tenuto.toml, and leaves the others."""
    chosen = adjusted(links("[links.recording]\naccept = 0.8\nreview = 0.3\n"), {"recording": 0.9}, {})
    assert thresholds(chosen)["recording"] == Thresholds(accept=0.9, review=0.3)


def test_probabilities_are_read():
    """Each kind has one; of two of a kind the last counts."""
    assert read_probabilities(["artist=0.25", "recording=.5", "artist=1"]) == {"artist": 1.0, "recording": 0.5}
    assert adjusted(LinksConfig(), {}, {}) == LinksConfig()


@pytest.mark.parametrize(
    "text", ["", "0.8", "label=0.8", "artist=", "artist=x", "artist=0", "artist=1.1", "artist=nan"]
)
def test_what_is_no_probability_is_refused(text):
    """It is named, and the hint says how to write one."""
    with pytest.raises(UsageError, match="gives no kind a probability") as caught:
        read_probabilities([text])
    assert "recording=0.8" in caught.value.hint
