"""BagIt bags: named, planned, hashed in one read, written whole or not at all, and verified strictly."""

from tenuto.packages.attribution import Exclusion, packable
from tenuto.packages.bag import BagOptions, bag_names, read_receipt, write_bag
from tenuto.packages.hashing import digest_file, digest_many
from tenuto.packages.plan import DEFAULT_LIMIT, BagPlan, PlannedFile, plan_bags, unpacked
from tenuto.packages.verify import BagReport, verify_bag

__all__ = [
    "DEFAULT_LIMIT",
    "BagOptions",
    "BagPlan",
    "BagReport",
    "Exclusion",
    "PlannedFile",
    "bag_names",
    "digest_file",
    "digest_many",
    "packable",
    "plan_bags",
    "read_receipt",
    "unpacked",
    "verify_bag",
    "write_bag",
]
