"""When to compute a value again before it expires, so that nobody waits for it.

XFetch (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015):
a hit is due early with a chance that rises towards the expiry, the sooner the longer a value takes.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EarlyRefresh:
    """`beta` above 1 refreshes earlier, below 1 later."""

    beta: float = 1.0
    draw: Callable[[], float] = random.random

    def is_due(self, *, expires_in_s: float, cost_s: float) -> bool:
        """Whether this hit should start a refresh; `cost_s` is what computing the value took last."""
        # 1 - draw() lies in (0, 1], where a logarithm exists.
        return -cost_s * self.beta * math.log(1.0 - self.draw()) >= expires_in_s
