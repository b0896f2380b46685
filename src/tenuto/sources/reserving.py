"""Words beside a licence that may take back what it grants: a notice that only names a holder has none of them."""

import re

__all__ = ["reserves", "takes_back"]

_WORD = re.compile(
    r"all rights\b|rights reserved|reserv(?:ed|ados|és|ati)\b|vorbehalten|\bnot\b|n't\b|\bcannot\b|\bno longer\b"
    r"|\bno (?:licen[cs]e|redistribut|distribut|commercial|use|permission)|\bexcept|\bexclud|\bonly\b|\bunless\b"
    r"|\bwithout (?:the )?(?:express |prior |written )*permission|\bby permission|with (?:kind )?permission"
    r"|prohibit|forbid|forbidden|revok|withdraw|terminat|proprietary|non-?free|non-?commercial|unauthori[sz]ed"
    r"|restrict|confidential|\bexpired?\b|запрещ|защищен|禁止|無断|verboten|interdit|prohibid|vietat",
    re.IGNORECASE,
)


def takes_back(text: str) -> bool:
    """Tell whether a text has words that may reserve, forbid, except or revoke; it may turn out not to."""
    return _WORD.search(text) is not None


_CLEAR = re.compile(
    r"all rights\b|rights reserved|vorbehalten|\bexcept(?:ing|ion)?\b|\bexclud|prohibit|forbid|revok|withdraw"
    r"|proprietary|\b(?:may|must|can|shall|should|do|does) ?(?:not|n't) (?:be )?(?:\w+ )?"
    r"(?:redistribut|distribut|cop(?:y|ied)|shared?|used?|sell|sold|licen[cs]ed|covered|permit|allow)"
    r"|\b(?:is|are|was|were) ?(?:not|n't) (?:\w+ )?(?:licen[cs]ed|covered|free\b|permitted|allowed)"
    r"|\bno longer\b|unauthori[sz]ed|permission (?:of|from|is required)|with (?:kind )?permission"
    r"|\bpersonal use|non-?commercial (?:use )?only|запрещ|защищен|禁止|無断|verboten|interdit|prohibid|vietat",
    re.IGNORECASE,
)


def reserves(text: str) -> bool:
    """Tell whether a remark has words that clearly reserve, forbid, except or revoke: remarks say `not` of anything."""
    return _CLEAR.search(text) is not None
