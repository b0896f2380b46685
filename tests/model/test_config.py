from pathlib import Path

import pytest

from tenuto.model.config import Layout, byte_size, parse_config
from tenuto.model.errors import ConfigError

SMALLEST = '[archive]\nname = "a"\n'


def test_a_name_is_enough():
    """Everything else has a default."""
    config = parse_config(SMALLEST)
    assert (config.archive.name, config.rights.commercial, config.packages.limit) == ("a", False, "4 GiB")


def test_all_keys_are_read():
    """Tiers of trackers and declarations arrive as they were written."""
    config = parse_config(
        SMALLEST + '[torrents]\ntrackers = [["http://a/", "http://b/"], ["udp://c"]]\nweb_seeds = ["https://d/"]\n'
        '[[declarations]]\ncollection = "x"\nlicence = "CC0-1.0"\nby = "me"\n[seed]\ndht = false\n'
    )
    assert config.torrents.trackers == (("http://a/", "http://b/"), ("udp://c",))
    assert config.declarations[0].by == "me"
    assert not config.seed.dht


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "archive"),
        ("[archive", "tenuto.toml"),
        ('[archive]\nname = "A B"\n', "no name for files"),
        ('[archive]\nname = "../x"\n', "no name for files"),
        ("[archive]\nname = 7\n", "7"),
        (SMALLEST + '[packages]\nlimit = "lots"\n', "lots"),
        (SMALLEST + "[pakages]\n", "pakages"),
        (SMALLEST + '[[declarations]]\ncollection = "x"\nlicense = "y"\n', "declarations.license"),
        (SMALLEST + '[rights]\ncommercial = "no"\n', "no"),
        (SMALLEST + "[rights]\nminimum_confidence = 3\n", "3"),
        (SMALLEST + "rights = 3\n", "rights"),
        (SMALLEST + "[links.recording]\naccept = 1.5\n", "links.recording.accept is 1.5, no probability"),
        (SMALLEST + "[links.artist]\nreview = nan\n", "links.artist.review is nan"),
        (SMALLEST + '[links.release]\nreview = "0.5"\n', "not a number with a point"),
        (SMALLEST + "[links.recordings]\naccept = 0.5\n", "unknown key `links.recordings`"),
        (SMALLEST + "[declarations]\n", "declarations"),
        (SMALLEST + "[harvest]\nworkers = -3\n", "harvest.workers"),
        (SMALLEST + "[harvest]\nworkers = 1000000000\n", "harvest.workers"),
        (SMALLEST + "[harvest]\nseconds_per_file = 0\n", "harvest.seconds_per_file"),
        (SMALLEST + '[packages]\nlimit = "0 B"\n', "packages.limit"),
        (SMALLEST + "[seed]\nupload_limit = -2\n", "seed.upload_limit"),
        (SMALLEST + '[seed]\nlisten = "localhost:6881"\n', "seed.listen: 'localhost:6881' is no address"),
        (SMALLEST + '[seed]\nlisten = ""\n', "seed.listen"),
        (
            SMALLEST + '[torrents]\ntrackers = [["http://a/", "file:///etc/passwd"]]\n',
            "torrents.trackers: 'file:///etc",
        ),
        (SMALLEST + '[torrents]\nweb_seeds = ["ftp://a/"]\n', "torrents.web_seeds: 'ftp://a/': ftp scheme"),
        (SMALLEST + '[torrents]\nweb_seeds = ["udp://a/"]\n', "torrents.web_seeds"),
        (SMALLEST + '[torrents]\ntrackers = [["http://a\\nb/"]]\n', "odd characters"),
        (SMALLEST + '[torrents]\ntrackers = [["http://me:secret@a/"]]\n', "'http://…@a/': it carries"),
        (SMALLEST + '[torrents]\ntrackers = [[""]]\n', "no scheme"),
        (SMALLEST + "x = " + "[" * 100_000, "nested"),
        (SMALLEST + "x = " + "[" * 800 + "]" * 800, "nested|unknown key"),
        (SMALLEST + "x = " + "{a=" * 100_000, "nested"),
        (SMALLEST + "[" + ".".join("a" * 20_000) + "]\n", "unknown key"),
    ],
)
def test_a_mistake_is_named(text, said):
    """A wrong tenuto.toml is one sentence with the place, and a hint."""
    with pytest.raises(ConfigError, match=said) as caught:
        parse_config(text)
    assert caught.value.hint


def test_addresses_of_a_local_network_may_be_named():
    """Torrents may be meant for a network of one's own; what is refused is the spelling, not the place."""
    config = parse_config(
        SMALLEST + '[torrents]\ntrackers = [["http://tracker.lan:6969/announce", "udp://192.168.1.2:1337"]]\n'
        'web_seeds = ["http://10.0.0.7/bags/"]\n[seed]\nlisten = "127.0.0.1:0,[::1]:0"\n'
    )
    assert config.seed.listen == "127.0.0.1:0,[::1]:0"
    assert config.torrents.web_seeds == ("http://10.0.0.7/bags/",)


def test_a_misspelt_key_gets_its_neighbour():
    """The hint names what was probably meant."""
    with pytest.raises(ConfigError) as caught:
        parse_config(SMALLEST + "[rights]\ncomercial = true\n")
    assert caught.value.hint == "Did you mean `commercial`?"


@pytest.mark.parametrize(
    ("text", "size"), [("7", 7), ("7 B", 7), ("1KiB", 1024), (" 4 GiB ", 4 << 30), ("2 TiB", 2 << 40)]
)
def test_sizes(text, size):
    """Sizes are whole numbers with binary units."""
    assert byte_size(text) == size


def test_the_catalogue_carries_the_archives_name():
    """The layout is the one docs/concepts.md shows."""
    assert Layout(Path("x"), "demo").catalogue == Path("x/catalogue/demo_clean.sqlite3")
