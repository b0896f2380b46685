"""One read per byte, and bounded memory, measured from the kernel's own counters."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PACK = """
import hashlib, json, os, resource, sys
from pathlib import Path
from tenuto.model.package import Attribution, PackItem
from tenuto.packages.bag import BagOptions, write_bag
from tenuto.packages.plan import plan_bags
from tenuto.torrents.metainfo import make_torrent

store, bags, sizes = Path(sys.argv[1]), Path(sys.argv[2]), [int(size) for size in sys.argv[3:]]
attribution = Attribution(creator="us", title="t", copyright_notice="us", licences=("CC0-1.0",),
                          licence_urls=("https://creativecommons.org/publicdomain/zero/1.0/",), source_url="")
items = []
for number, size in enumerate(sizes):
    path = store / str(number)
    with path.open("wb") as stream:
        stream.write(b"%d" % number)
        stream.truncate(size)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    path.rename(store / digest)
    items.append(PackItem(track_id=f"tr-{number:020x}", sha256=digest, size=size, artist="a", release="r", disc=None,
                          number=number, title=str(number), extension=".flac", attribution=attribution))

def characters_read():
    return int(Path("/proc/self/io").read_text().split()[1])

def pack(items, archive):
    for plan in plan_bags(items, archive=archive, limit_bytes=1 << 40):
        make_torrent(write_bag(plan, store.joinpath, bags, BagOptions(organisation="us", contact="us")))

pack(items[-1:], "warm")  # modules and licence texts are read once in a process
before = characters_read()
pack(items, "bench")
# not ru_maxrss for this process: it begins with what the process that started it had
own = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"read": characters_read() - before, "peak_mb": (own + 2 * children) / 1024}))
"""


def packed(place, *sizes):
    """Pack sparse files of these sizes in a process of its own and give what the kernel counted."""
    store, bags = place / "store", place / "bags"
    store.mkdir()
    command = [sys.executable, "-c", PACK, str(store), str(bags), *map(str, sizes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="needs Linux's /proc/self/io")
def test_bag_and_torrent_come_from_one_read(tmp_path):
    """Packing and metainfo together read each payload byte once; what is left over are tag files."""
    sizes = [1_000_000, 3_000_000, 16_384, 1, 0, 2_500_000]
    extra = packed(tmp_path, *sizes)["read"] - sum(sizes)
    assert 0 <= extra < 300_000  # the bag's own tag files; a second read of the payload would be 6.5 million


@pytest.mark.slow
def test_memory_does_not_grow_with_the_input(tmp_path):
    """Two gigabytes, one file of them large, are packed in less than 200 MB, hashing processes included."""
    assert packed(tmp_path, 1_200_000_000, *[100_000_000] * 8)["peak_mb"] < 200
