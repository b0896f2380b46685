"""Rights: a licence statement in any spelling becomes a canonical licence, and the evidence for a record a verdict."""

from tenuto.rights.judge import attribution, judge
from tenuto.rights.licences import all_licences, by_url, licence, spdx_expression
from tenuto.rights.policies import RightsOptions
from tenuto.rights.statement import Statement, StatementKind, read_statement

__all__ = [
    "RightsOptions",
    "Statement",
    "StatementKind",
    "all_licences",
    "attribution",
    "by_url",
    "judge",
    "licence",
    "read_statement",
    "spdx_expression",
]
