"""The closed word lists of the record, spelled as they are stored and exported."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Laterality of a site; disease on both sides is two sites, never a value here."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"


class SiteLevel(StrEnum):
    """What kind of place a site is: a region holds joints, a joint holds bones."""

    REGION = "region"
    JOINT = "joint"
    BONE = "bone"


class Sex(StrEnum):
    """Sex as recorded by the clinic."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "X"
    UNKNOWN = "unknown"


class OnsetMode(StrEnum):
    """How the pain of an episode began."""

    ACUTE = "acute"
    INSIDIOUS = "insidious"


class Instrument(StrEnum):
    """Pain instrument: numeric rating scale 0-10, or visual analogue scale 0-100 mm."""

    NRS = "nrs"
    VAS = "vas"


class Aspect(StrEnum):
    """What the patient was asked to score."""

    OVERALL = "overall"
    LOAD = "load"
    REST = "rest"
    NIGHT = "night"


class MissingReason(StrEnum):
    """Why a value that was asked for is not there."""

    NOT_ASKED = "not_asked"
    NOT_DONE = "not_done"
    REFUSED = "refused"
    UNABLE = "unable"
    UNKNOWN = "unknown"


class Modality(StrEnum):
    """Imaging modality."""

    MRI = "mri"
    XRAY = "xray"
    CT = "ct"
    DECT = "dect"
    SCINTIGRAPHY = "scintigraphy"
    DXA = "dxa"


class Finding(StrEnum):
    """An imaging sign at one site; `abnormality` is the whole-image statement."""

    EDEMA = "edema"
    RADIOLUCENCY = "radiolucency"
    EFFUSION = "effusion"
    SOFT_TISSUE_EDEMA = "soft_tissue_edema"
    UPTAKE = "uptake"
    SUBCHONDRAL_LINE = "subchondral_line"
    FRACTURE_LINE = "fracture_line"
    AVN_SIGN = "avn_sign"
    ABNORMALITY = "abnormality"


class Presence(StrEnum):
    """Absence is a finding only if somebody looked."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_EXAMINED = "not_examined"


class EdemaGrade(IntEnum):
    """Edema extent as a share of the bone; cut-offs are numbers of the course edition."""

    NONE = 0
    SMALL = 1
    MEDIUM = 2
    LARGE = 3


class EdemaPattern(StrEnum):
    """Shape of the edema on fluid-sensitive images."""

    PATCHY = "patchy"
    DIFFUSE = "diffuse"
    ILL_DEFINED = "ill_defined"


class VitaminDUnit(StrEnum):
    """Unit of a 25-OH-vitamin D result, as the laboratory reported it."""

    NG_ML = "ng/mL"
    NMOL_L = "nmol/L"
    UG_L = "ug/L"


class Comparator(StrEnum):
    """A laboratory value reported as below or above a limit."""

    BELOW = "<"
    ABOVE = ">"


class Phase(StrEnum):
    """Where on a course a day lies; `persistent` is pain that has stopped falling above the resolution level."""

    BEFORE_ONSET = "before_onset"
    RISE = "rise"
    PLATEAU = "plateau"
    REGRESSION = "regression"
    PERSISTENT = "persistent"
    RESOLVED = "resolved"


class LabJudgement(StrEnum):
    """What a report says of a laboratory result instead of, or beside, its number."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    LOW = "low"
    HIGH = "high"


class DoseUnit(StrEnum):
    """Unit of a dose: of a drug, of a load that is allowed, or of a course of sessions."""

    UG = "ug"
    MG = "mg"
    G = "g"
    IU = "IU"
    ML = "mL"
    KG = "kg"
    SESSIONS = "sessions"


class CauseState(StrEnum):
    """How far a cause of marrow edema has been settled; only `excluded` closes it."""

    EXCLUDED = "excluded"
    NOT_EXCLUDED = "not_excluded"
    PENDING = "pending"
    PRESENT = "present"


class Checklist(StrEnum):
    """A list of items that are gone through together."""

    CRPS = "crps"
    BIOPSY = "biopsy"
    RISK = "risk"


class FlagDecisionWord(StrEnum):
    """What staff said of a raised flag; dismissing one takes a reason."""

    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    REOPENED = "reopened"


class PregnancyState(StrEnum):
    """What was said about pregnancy on a day; `ended` is an end other than a delivery."""

    PREGNANT = "pregnant"
    DELIVERED = "delivered"
    ENDED = "ended"
    NOT_PREGNANT = "not_pregnant"


class ExportKind(StrEnum):
    """What left the record; `identified` holds codes, dates and words, and needs a reason."""

    DE_IDENTIFIED = "de-identified"
    IDENTIFIED = "identified"
    CASE_REPORT = "case report"
