"""What follows from the states of a run, and a runner that keeps them in memory."""

from sapwood_workflows.engine.inputs import run_input, written_input
from sapwood_workflows.engine.memory import MemoryRunner, RunResult
from sapwood_workflows.engine.plan import Decision, Plan
from sapwood_workflows.engine.states import Outcome, RunState, StepState

__all__ = [
    "Decision", "MemoryRunner", "Outcome", "Plan", "RunResult", "RunState", "StepState", "run_input",
    "written_input",
]  # fmt: skip
