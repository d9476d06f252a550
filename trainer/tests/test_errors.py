"""The trainer and the platform's catalogue contain the same errors."""

from __future__ import annotations

import re
from pathlib import Path

from millrace_trainer.errors import CODES

CATALOGUE = Path(__file__).parents[2] / "errors" / "training.ts"


def test_every_code_stands_in_the_catalogue_with_the_same_remedy() -> None:
    entry = re.compile(r"^  ([A-Z_]+): \{.*?remedy:\s*(['\"])(.*?)\2,\n  \},", re.S | re.M)
    catalogue = {m[1]: m[3] for m in entry.finditer(CATALOGUE.read_text())}
    assert catalogue == {code: remedy for code, (_, remedy) in CODES.items()}
