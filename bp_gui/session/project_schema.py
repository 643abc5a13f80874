"""The sections of a project file and their limits; msgspec checks keys and types by them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from bp_gui.explain.numbers import MAX_DIGITS, MIN_DIGITS
from bp_gui.session.edits import MAX_SEED
from bp_gui.session.project import MAX_NOTES, MAX_ZOOM
from bp_gui.session.project_numbers import NOTHING, Memory, Numbers

FORMAT: Final = "backprop-explorer"
LISTS_VERSION = 1
PACKED_VERSION = 2  # of files with an array too long for a list
MAX_BYTES = 64_000_000  # the largest network, with what Adam and the last update remember
MAX_BYTES_OF_LISTS = 150_000_000  # the same as version 1 wrote it
MAX_NUMBERS = 1_000_000
MAX_LAYERS = 8
MAX_UNITS = 256
MAX_HISTORY = 10_000
MAX_TIMELINE_BYTES = 4_000_000
MAX_TEXT = 11_000_000  # of one word, which holds 1,000,000 numbers
MAX_SETTINGS = 16
MAX_BRANCHES = 1000
MAX_MOMENTS = 10_000  # of one branch
MAX_LABEL = 200  # characters

NO_TEXT: Final = msgspec.Raw()

Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
Seed = Annotated[int, msgspec.Meta(ge=0, le=MAX_SEED)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]
Sizes = Annotated[
    list[Annotated[int, msgspec.Meta(ge=1, le=MAX_UNITS)]],
    msgspec.Meta(min_length=2, max_length=MAX_LAYERS + 1),
]


class Section(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=False):
    """An object of the file; a key it does not know is an error that names it."""


class NetworkSection(Section):
    """Shape and parameters."""

    sizes: Sizes
    activations: list[str]
    W: list[Numbers]
    b: list[Numbers]
    bias_policy: Literal["fixed", "per_neuron", "shared"] = "fixed"
    locked: list[str] = []


class OriginSection(Section):
    """Which data set the samples were drawn from."""

    name: str
    samples: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBERS)]
    noise: NotNegative
    seed: Seed
    test_share: Annotated[float, msgspec.Meta(ge=0, lt=1)]


class ScalingSection(Section):
    """What is done to inputs before the network sees them."""

    mean: list[float]
    deviation: list[Positive]


class DataSection(Section, omit_defaults=True):
    """Samples, in the units of the data."""

    x: Numbers
    t: Numbers
    x_test: Numbers = NOTHING
    t_test: Numbers = NOTHING
    scaling: ScalingSection | None = None
    input_names: list[str] = []
    target_names: list[str] = []
    origin: OriginSection | None = None


class TrainingSection(Section):
    """How training goes."""

    optimizer: str = "gradient_descent"
    settings: Annotated[dict[str, float], msgspec.Meta(max_length=MAX_SETTINGS)] = {}
    eta: NotNegative = 0.5
    batch_size: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBERS)] | None = None
    shuffle: bool = False
    shuffle_seed: Seed = 0
    l1: NotNegative = 0.0
    l2: NotNegative = 0.0
    clip: Positive | None = None
    initializer: str = "xavier"
    initializer_setting: float | None = None
    seed: Seed = 0


class LastUpdateSection(Section):
    """What the last update did; ``after`` is left out of packed ones where it is θ."""

    before: Numbers
    gradient: Numbers
    after: Numbers | msgspec.UnsetType = msgspec.UNSET
    compiled: bool = False


class HistorySection(Section, omit_defaults=True):
    """Costs of earlier states."""

    updates: list[Count]
    costs: list[float]
    test_costs: list[float | None] = []


class ProgressSection(Section):
    """How far training has come."""

    updates: Count
    start: Numbers
    optimizer_state: list[Memory] = []
    optimizer_updates: Count = 0
    last_update: LastUpdateSection | None = None
    history: HistorySection | None = None


class SettingsSection(Section):
    """What a network is like and how it is trained, without its numbers."""

    sizes: Sizes
    activations: list[str]
    bias_policy: Literal["fixed", "per_neuron", "shared"]
    locked: list[str]
    cost: str
    training: TrainingSection


class CostsSection(Section, omit_defaults=True):
    """A cost history: the beginning of another one, and what comes behind it."""

    updates: bytes
    costs: bytes
    test_costs: bytes = b""
    of: Count = 0
    shared: Count = 0


class MomentLastUpdateSection(Section, omit_defaults=True):
    """The last update before a moment, by the numbers of its vectors."""

    before: Count
    gradient: Count
    after: Count
    compiled: bool = False


class MomentSection(Section, omit_defaults=True):
    """A kept state; what it shares with others is told by number."""

    updates: Count
    theta: Count
    start: Count
    label: Annotated[str, msgspec.Meta(max_length=MAX_LABEL)] = ""
    settings: Count = 0
    data: Count = 0
    optimizer_state: Annotated[list[Count], msgspec.Meta(max_length=MAX_SETTINGS)] = []
    optimizer_updates: Count = 0
    last_update: MomentLastUpdateSection | None = None
    history: tuple[Count, Count] = (0, 0)


class BranchSection(Section):
    """One line of moments."""

    number: Annotated[int, msgspec.Meta(ge=0, lt=MAX_SEED)]
    name: str
    parent: int | None
    moments: Annotated[list[MomentSection], msgspec.Meta(min_length=1, max_length=MAX_MOMENTS)]


class PresentSection(Section):
    """Where the present is: behind which moment of which branch, or that moment itself."""

    branch: int
    moment: Count
    kept: bool


class TimelineSection(Section):
    """The moments before and beside the present."""

    present: PresentSection
    branches: Annotated[list[BranchSection], msgspec.Meta(min_length=1, max_length=MAX_BRANCHES)]
    vectors: list[bytes] = []
    settings: Annotated[list[SettingsSection], msgspec.Meta(max_length=MAX_MOMENTS)] = []
    data: Annotated[list[DataSection], msgspec.Meta(max_length=MAX_MOMENTS)] = []
    histories: Annotated[list[CostsSection], msgspec.Meta(max_length=MAX_MOMENTS)] = []


class LayoutSection(Section, omit_defaults=True):
    """How a person looked at the project."""

    page: Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,40}$")] | None = None
    selected: str | None = None
    sample: Annotated[int, msgspec.Meta(ge=1)] | None = None
    digits: Annotated[int, msgspec.Meta(ge=MIN_DIGITS, le=MAX_DIGITS)] | None = None
    decimals: bool | None = None
    parameter_names: Literal["numbered", "indexed"] | None = None
    neuron_names: Literal["lettered", "layered"] | None = None
    zoom: Annotated[float, msgspec.Meta(ge=1, le=MAX_ZOOM)] | None = None
    logarithmic: bool | None = None


class ProjectSection(Section):
    """The whole file."""

    format: Literal["backprop-explorer"]
    version: int
    network: NetworkSection
    cost: str
    data: DataSection
    training: TrainingSection
    progress: ProgressSection | None = None
    timeline: TimelineSection | None = None
    notes: Annotated[str, msgspec.Meta(max_length=MAX_NOTES)] | None = None
    layout: LayoutSection | None = None


class Header(msgspec.Struct):
    """The texts that say what a file is: any other JSON object may have them too."""

    format: msgspec.Raw = NO_TEXT
    version: msgspec.Raw = NO_TEXT


class OutlineNetwork(msgspec.Struct):
    """The shape, and the texts of the rest."""

    sizes: Sizes
    activations: msgspec.Raw = NO_TEXT
    W: msgspec.Raw = NO_TEXT
    b: msgspec.Raw = NO_TEXT
    locked: msgspec.Raw = NO_TEXT


class OutlineData(msgspec.Struct):
    """The texts of samples."""

    x: msgspec.Raw = NO_TEXT
    t: msgspec.Raw = NO_TEXT
    x_test: msgspec.Raw = NO_TEXT
    t_test: msgspec.Raw = NO_TEXT
    input_names: msgspec.Raw = NO_TEXT
    target_names: msgspec.Raw = NO_TEXT
    scaling: msgspec.Raw = NO_TEXT


class OutlineProgress(msgspec.Struct):
    """The texts of vectors and of the history."""

    start: msgspec.Raw = NO_TEXT
    optimizer_state: msgspec.Raw = NO_TEXT
    last_update: msgspec.Raw = NO_TEXT
    history: msgspec.Raw = NO_TEXT


class Outline(msgspec.Struct):
    """What says how much a file may hold, and how much it does."""

    network: OutlineNetwork
    data: OutlineData
    progress: OutlineProgress | None = None
    timeline: msgspec.Raw = NO_TEXT
