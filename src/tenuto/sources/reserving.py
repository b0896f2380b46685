"""Words beside a licence that may take back what it grants: a notice that only names a holder has none of them."""

import re

__all__ = ["takes_back"]

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
