"""The training step as compiled loops: many updates a call, other threads run meanwhile.

`load` compiles the loops, or fetches them from disk where an earlier start left them. Until it has
returned, and where Numba is missing, `program_for` returns None and the caller trains with
`bp_gui.engine.propagation`, whose numbers these are to twelve digits. Importing this package does
not import Numba.

==============  =========================================================================
module          holds
==============  =========================================================================
task            what is asked for and what comes back
loading         compiling or loading once, and where compiled code is kept
program         a task made ready: its memory laid out, its settings as numbers
storage         that memory
kernel          the loop over updates, compiled once for all networks
products        the three matrix products of a layer
activations     functions and derivatives over blocks of numbers
costs           cost of a block and error of the output layer
optimizers      the change of θ, in place
elementary      exponentials that compile to vector code
part            how all of them are compiled
codes           which registry entries have a compiled form
lanes           eight numbers at a time
pointers        bare pointers for the kernels
blas            NumPy's own matrix product, for large layers
==============  =========================================================================
"""

from __future__ import annotations

from bp_gui.engine.compiled.loading import is_ready, load, program_for
from bp_gui.engine.compiled.task import Result, Task, is_recorded

__all__ = ["Result", "Task", "is_ready", "is_recorded", "load", "program_for"]
