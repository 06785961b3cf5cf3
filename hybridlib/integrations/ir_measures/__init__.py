"""Language bias in ``ir_measures``: measures over qrels and runs, with the language of each id.

::

    import ir_measures
    from hybridlib.integrations.ir_measures import LPR, TLR, RankDistance, register

    register(document_languages={"d1": "en", ...}, query_languages={"q1": "de", ...})
    ir_measures.calc_aggregate([RankDistance, LPR, TLR @ 20, ir_measures.AP], qrels, run)
"""

from hybridlib.integrations.ir_measures.measures import LPR, TLR, OwnLanguageFirst, RankDistance
from hybridlib.integrations.ir_measures.provider import LanguageProvider, register

__all__ = ["LPR", "TLR", "LanguageProvider", "OwnLanguageFirst", "RankDistance", "register"]
