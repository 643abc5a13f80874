"""How the functions are compiled that the loop over updates is made of."""

from __future__ import annotations

from numba import njit

# `contract` lets a product and a sum become one instruction. Nothing is ever reordered, and NaN and
# infinities mean what they mean everywhere.
FAST = {"contract"}

# Every part becomes a piece of the one function `train`. Left to itself the compiler would make
# functions of the larger ones, two of each: one from compiling the part by itself, the other from
# compiling `train`. They may contract other products, and which one is called would depend on
# whether this process has compiled them or loaded `train` from disk.
part = njit(fastmath=FAST, error_model="numpy", forceinline=True)

# The same for parts that are made of parts, without compiling them by themselves, which takes long.
outer_part = njit(fastmath=FAST, error_model="numpy", inline="always")

# The same for sums that may be taken in pieces side by side: for one length always the same pieces.
part_in_any_order = njit(fastmath=FAST | {"reassoc"}, error_model="numpy", forceinline=True)
