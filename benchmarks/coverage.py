"""How much of what annotators mark the taxonomy knows.

Run: PYTHONPATH=. python benchmarks/coverage.py ../shared/data/gold/skills.jsonl
Prints, for the half of the postings that nothing was harvested from (by the SHA-1 of the id) and for the other half:
  named    gold surfaces that are, as they stand, a name in the taxonomy
  touched  gold surfaces of which such a name makes up at least half
each counted once per posting, and how many skills and names there are.
"""

import hashlib
import json
import sys
from pathlib import Path

from nlp.matcher import Matcher
from nlp.taxonomy import load_taxonomy


def held_out(posting_id: str) -> bool:
    """Whether a gold posting was kept aside when the taxonomy was made."""
    return int(hashlib.sha1(posting_id.encode()).hexdigest(), 16) % 2 == 1


def cover(matcher: Matcher, surface: str) -> tuple[bool, bool]:
    """Whether a name in the taxonomy is the surface, and whether one makes up half of it, context aside."""
    tokens = matcher.trie.cut(surface)
    spans = [(i, stop) for i in range(len(tokens)) for stop, _ in matcher.trie.at(tokens, i)]
    longest = max((tokens.ends[stop - 1] - tokens.starts[i] for i, stop in spans), default=0)
    return (0, len(tokens)) in spans, 2 * longest >= len(surface)


def main(gold: Path) -> None:
    """Print the figures of a gold file."""
    taxonomy = load_taxonomy()
    matcher = Matcher(taxonomy)
    names = sum(len(skill.surfaces) for skill in taxonomy.skills.values())
    print(f"{len(taxonomy.skills):,} skills, {names:,} names, fingerprint {taxonomy.fingerprint}")
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    for half, kept in (("kept aside", True), ("harvested", False)):
        chosen = [row for row in rows if held_out(row["id"]) is kept]
        surfaces = [surface for row in chosen for surface in {skill["surface"].casefold() for skill in row["skills"]}]
        found = [cover(matcher, surface) for surface in surfaces]
        named, touched = (sum(one[i] for one in found) / max(1, len(found)) for i in (0, 1))
        print(f"{half:10}: {len(chosen)} postings, {len(surfaces)} surfaces, named {named:.1%}, touched {touched:.1%}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
