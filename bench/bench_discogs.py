"""Time Discogs's releases from XML to records against a plain Python loop over iterparse, in the same run.

Run: python bench/bench_discogs.py [--releases 60000]
The dump is made by a seed, in the shape and size of real releases (4.5 kB each). The loop builds a dictionary of each
element and writes nothing; it stands in for the tool people use, which is not on the package index. It takes lxml where
that is installed, else the standard library. Processor time is told beside the clock: cores that others use too slow
the clock down, not the work.
"""

import argparse
import gzip
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

OUT = Path(__file__).parent / "out"
TARGET = 10_000
MEMORY_MB = 2_048
SYLLABLES = ["ka", "lo", "mi", "ren", "ta", "vox", "ш", "ё", "日", "音", "é", "ñ", "sol", "um", "ber", "zen"]
ROLES = ["Producer", "Written-By", "Mixed By", "Mastered By", "Remix", "Vocals", "Guitar", "Recorded By, Mixed By"]
OURS = """
import json, resource, sys, time
from pathlib import Path
from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.sources import dump_source
begin = time.perf_counter()
receipt = import_dump(Path(sys.argv[2]), dump_source("discogs"), Path(sys.argv[1]), Silent())
seconds = time.perf_counter() - begin
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"releases": receipt.documents, "seconds": seconds, "cpu": used.ru_utime + used.ru_stime,
                  "peak_mb": used.ru_maxrss / 1024, "bad": receipt.bad_lines, "rows": sum(n for _, n in receipt.rows)}))
"""
THEIRS = """
import gzip, json, resource, sys, time
try:
    from lxml.etree import iterparse
    name = "lxml"
except ImportError:
    from xml.etree.ElementTree import iterparse
    name = "xml.etree"
def found(element):
    parts = dict(element.attrib)
    for child in element:
        parts.setdefault(child.tag, []).append(found(child) if len(child) or child.attrib else child.text)
    return parts
begin, count = time.perf_counter(), 0
with gzip.open(sys.argv[1]) as stream:
    for _, element in iterparse(stream, events=("end",)):
        if element.tag == "release":
            found(element)
            count += 1
            element.clear()
seconds = time.perf_counter() - begin
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"releases": count, "seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "name": name}))
"""


def main() -> None:
    """Make the dump where it is missing, run both, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=60_000)
    count = parser.parse_args().releases
    OUT.mkdir(exist_ok=True)
    path = OUT / f"discogs_20260101_{count}" / "discogs_20260101_releases.xml.gz"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        make(path, count)
    records = OUT / "discogs-records"
    shutil.rmtree(records, ignore_errors=True)
    ours, theirs = run(OURS, path, records), run(THEIRS, path, records)
    shutil.rmtree(records)
    for name, one in (("ours", ours), (f"a loop over {theirs['name']}", theirs)):
        speed, used = one["releases"] / one["seconds"], one["cpu"] / count * 1e6
        print(f"{name}: {speed:,.0f} releases/s, {used:.0f} µs of a core each")
    print(f"ours: {ours['rows']:,} rows in 2 threads, peak {ours['peak_mb']:,.0f} MB (limit {MEMORY_MB:,})")
    print(f"by the clock {theirs['seconds'] / ours['seconds']:.2f} times the loop; target {TARGET:,} releases/s")


def run(program: str, path: Path, records: Path) -> dict[str, float]:
    """Run one side as a process of its own, and give what it measured."""
    command = [sys.executable, "-c", program, str(path), str(records)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def make(path: Path, count: int) -> None:
    """Write a dump of so many releases, the same for the same number."""
    draw = random.Random(count)  # noqa: S311 - a seed, no secret
    with gzip.open(path, "wt", compresslevel=6, encoding="utf-8") as stream:
        stream.write("<releases>\n")
        for number in range(1, count + 1):
            stream.write(release(draw, number) + "\n")
        stream.write("</releases>")


def words(draw: random.Random, most: int = 4) -> str:
    """Make a name."""
    parts = ("".join(draw.choices(SYLLABLES, k=draw.randint(1, 3))).capitalize() for _ in range(draw.randint(1, most)))
    return escape(draw.choice([" ", " ", " & "]).join(parts))


def artists(draw: random.Random, tag: str, count: int) -> str:
    """Make a list of credits."""
    text = ""
    for _ in range(count):
        number = int(draw.paretovariate(0.6)) % 7_000_000
        role = draw.choice(ROLES) if tag == "extraartists" else ""
        text += f"<artist><id>{number}</id><name>{words(draw)}</name><anv/><join/><role>{role}</role><tracks/></artist>"
    return f"<{tag}>{text}</{tag}>" if text else ""


def track(draw: random.Random, place: int) -> str:
    """Make a track, some with credits of their own."""
    own = artists(draw, "artists", draw.random() < 0.16) + artists(
        draw, "extraartists", draw.choice([0, 0, 0, 0, 2, 2])
    )
    length = f"{draw.randint(1, 9)}:{draw.randint(0, 59):02}" if draw.random() < 0.5 else ""
    return f"<track><position>A{place}</position><title>{words(draw)}</title><duration>{length}</duration>{own}</track>"


def release(draw: random.Random, number: int) -> str:
    """Make one release."""
    tracks = "".join(track(draw, place) for place in range(1, min(60, int(draw.lognormvariate(1.95, 0.7)) + 1) + 1))
    image = '<image type="secondary" uri="" uri150="" width="600" height="600"/>' * draw.randint(0, 5)
    video = "".join(
        f'<video src="https://example.org/watch?v={draw.getrandbits(60):x}" duration="265" embed="true">'
        f"<title>{words(draw, 6)}</title><description>{words(draw, 30)}</description></video>"
        for _ in range(draw.choice([0, 0, 2, 4]))
    )
    made = "".join(
        f"<company><id>{draw.randint(1, 2_000_000)}</id><name>{words(draw)}</name><catno/><entity_type>17</entity_type>"
        "<entity_type_name>Pressed By</entity_type_name>"
        "<resource_url>https://example.org/labels/1</resource_url></company>"
        for _ in range(draw.randint(0, 4))
    )
    codes = '<identifier type="Matrix / Runout" description="Side A" value="MPO X-1"/>' * draw.randint(0, 3)
    return (
        f'<release id="{number}" status="Accepted"><images>{image}</images>{artists(draw, "artists", 1)}'
        f"<title>{words(draw)}</title>"
        f'<labels><label name="{words(draw)}" catno="X {number}" id="{number % 9999}"/></labels>'
        f"{artists(draw, 'extraartists', draw.randint(0, 8))}"
        '<formats><format name="Vinyl" qty="1" text=""><descriptions><description>12"</description>'
        "<description>33 ⅓ RPM</description></descriptions></format></formats>"
        "<genres><genre>Electronic</genre></genres>"
        "<styles><style>Techno</style><style>Ambient</style></styles><country>Germany</country>"
        f"<released>{draw.randint(1955, 2025)}-06-00</released><notes>{words(draw, 60)}</notes>"
        f'<data_quality>Correct</data_quality><master_id is_main_release="true">{number}</master_id>'
        f"<tracklist>{tracks}</tracklist><identifiers>{codes}</identifiers><videos>{video}</videos>"
        f"<companies>{made}</companies></release>"
    )


if __name__ == "__main__":
    main()
