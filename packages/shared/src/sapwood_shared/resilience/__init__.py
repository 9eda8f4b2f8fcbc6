"""What to do when a dependency is slow, flaky or gone: wait no longer than so, try again, stop asking.

Stacked as `breaker.call(lambda: retry.call(once))`, so that one outage is one failure to the breaker.
"""

from sapwood_shared.resilience.breaker import BreakerState, BreakerView, CircuitBreaker
from sapwood_shared.resilience.retry import Retry, worth_another_try
from sapwood_shared.resilience.timeout import time_limit

__all__ = ["BreakerState", "BreakerView", "CircuitBreaker", "Retry", "time_limit", "worth_another_try"]
