"""Other ways to read a claim that is false as it is read first."""

from __future__ import annotations

from autograd_mini.derivation.evaluating.point import Reading
from autograd_mini.derivation.meaning import nodes as m

from .claim import Claim
from .model import Model

__all__ = ["readings_of"]


def readings_of(model: Model, claim: Claim) -> list[Reading]:
    """The readings that a claim allows beside the plain one.

    In h_T a size may stand for itself or for any index; a sum without bounds may go as far as the
    document has it go elsewhere.
    """
    both = (claim.left, claim.right)
    letters = m.letters_in(both)
    found = []
    sizes = sorted(letters & model.symbols(claim.scope).dimensions)
    if sizes:
        names = ", ".join(f"`{size}`" for size in sizes)
        says = f"read with {names} as the size, not as any index"
        found.append(Reading(sizes_fixed=True, says=says))
    open_sums = {
        letter
        for part in m.walk(both)
        if isinstance(part, m.Big) and part.lower is None and part.upper is None
        for letter in part.letters
    }
    spans = {x: model.spans[x] for x in sorted(open_sums) if x in model.spans}
    if spans:
        names = ", ".join(f"`{letter}`" for letter in spans)
        says = f"the sum over {names} read with the bounds that the document has elsewhere"
        found.append(Reading(spans=spans, says=says))
    return found
