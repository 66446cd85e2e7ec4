"""Homographs and their pronunciations."""

from __future__ import annotations

NOUN_VERB = """
abuse: AH B Y UW S / AH B Y UW Z
addict: AE D IH K T / AH D IH K T
address: AE D R EH S / AH D R EH S
advocate: AE D V AH K AH T / AE D V AH K EY T
aggregate: AE G R AH G AH T / AE G R AH G EY T
ally: AE L AY / AH L AY
alternate: AO L T ER N AH T / AO L T ER N EY T
animate: AE N AH M AH T / AE N AH M EY T
annex: AE N EH K S / AH N EH K S
appropriate: AH P R OW P R IY AH T / AH P R OW P R IY EY T
approximate: AH P R AA K S AH M AH T / AH P R AA K S AH M EY T
articulate: AA R T IH K Y AH L AH T / AA R T IH K Y AH L EY T
associate: AH S OW S IY AH T / AH S OW S IY EY T
attribute: AE T R AH B Y UW T / AH T R IH B Y UW T
combat: K AA M B AE T / K AH M B AE T
*combine: K AA M B AY N / K AH M B AY N
commune: K AA M Y UW N / K AH M Y UW N
compact: K AA M P AE K T / K AH M P AE K T
compound: K AA M P AW N D / K AH M P AW N D
compress: K AA M P R EH S / K AH M P R EH S
conduct: K AA N D AH K T / K AH N D AH K T
conflict: K AA N F L IH K T / K AH N F L IH K T
console: K AA N S OW L / K AH N S OW L
*construct: K AA N S T R AH K T / K AH N S T R AH K T
contest: K AA N T EH S T / K AH N T EH S T
contract: K AA N T R AE K T / K AH N T R AE K T
contrast: K AA N T R AE S T / K AH N T R AE S T
converse: K AA N V ER S / K AH N V ER S
*convert: K AA N V ER T / K AH N V ER T
convict: K AA N V IH K T / K AH N V IH K T
coordinate: K OW AO R D AH N AH T / K OW AO R D AH N EY T
decrease: D IY K R IY S / D IH K R IY S
defect: D IY F EH K T / D IH F EH K T
delegate: D EH L AH G AH T / D EH L AH G EY T
deliberate: D IH L IH B ER AH T / D IH L IH B ER EY T
desert: D EH Z ER T / D IH Z ER T
diffuse: D IH F Y UW S / D IH F Y UW Z
duplicate: D UW P L AH K AH T / D UW P L AH K EY T
elaborate: IH L AE B R AH T / IH L AE B ER EY T
estimate: EH S T AH M AH T / EH S T AH M EY T
excuse: IH K S K Y UW S / IH K S K Y UW Z
extract: EH K S T R AE K T / IH K S T R AE K T
frequent: F R IY K W AH N T / F R IY K W EH N T
graduate: G R AE JH AH W AH T / G R AE JH AH W EY T
house: HH AW S / HH AW Z
intimate: IH N T AH M AH T / IH N T AH M EY T
misuse: M IH S Y UW S / M IH S Y UW Z
moderate: M AA D ER AH T / M AA D ER EY T
mouth: M AW TH / M AW DH
object: AA B JH EH K T / AH B JH EH K T
perfect: P ER F IH K T / P ER F EH K T
present: P R EH Z AH N T / P R IY Z EH N T
*produce: P R OW D UW S / P R AH D UW S
progress: P R AA G R EH S / P R AH G R EH S
project: P R AA JH EH K T / P R AH JH EH K T
protest: P R OW T EH S T / P R AH T EH S T
rebel: R EH B AH L / R IH B EH L
record: R EH K ER D / R IH K AO R D
refund: R IY F AH N D / R IH F AH N D
*refuse: R EH F Y UW Z / R AH F Y UW Z
*reject: R IY JH EH K T / R IH JH EH K T
*resume: R EH Z AH M EY / R IH Z UW M
separate: S EH P R AH T / S EH P ER EY T
*sow: S AW / S OW
subject: S AH B JH IH K T / S AH B JH EH K T
syndicate: S IH N D IH K AH T / S IH N D AH K EY T
traverse: T R AE V ER S / T R AH V ER S
use: Y UW S / Y UW Z
wind: W IH N D / W AY N D
"""
"""A word, how it is said as a noun or adjective, and how as a verb; a star marks those that are mostly verbs."""

OTHERS = {
    "aged": ("EY JH D", "EY JH IH D"),
    "analyses": ("AH N AE L AH S IY Z", "AE N AH L AY Z AH Z"),
    "axes": ("AE K S IH Z", "AE K S IY Z"),
    "bases": ("B EY S AH Z", "B EY S IY Z"),
    "bass": ("B EY S", "B AE S"),
    "blessed": ("B L EH S T", "B L EH S IH D"),
    "bow": ("B OW", "B AW"),
    "bows": ("B OW Z", "B AW Z"),
    "buffet": ("B AH F AH T", "B AH F EY"),
    "close": ("K L OW S", "K L OW Z"),
    "content": ("K AA N T EH N T", "K AH N T EH N T"),
    "does": ("D AH Z", "D OW Z"),
    "dove": ("D AH V", "D OW V"),
    "invalid": ("IH N V AE L AH D", "IH N V AH L AH D"),
    "job": ("JH AA B", "JH OW B"),
    "lead": ("L IY D", "L EH D"),
    "learned": ("L ER N D", "L ER N IH D"),
    "live": ("L IH V", "L AY V"),
    "lives": ("L IH V Z", "L AY V Z"),
    "minute": ("M IH N AH T", "M AY N UW T"),
    "nice": ("N AY S", "N IY S"),
    "polish": ("P AA L IH SH", "P OW L IH SH"),
    "proceeds": ("P R AH S IY D Z", "P R OW S IY D Z"),
    "read": ("R IY D", "R EH D"),
    "reading": ("R IY D IH NG", "R EH D IH NG"),
    "row": ("R OW", "R AW"),
    "tear": ("T IH R", "T EH R"),
    "tears": ("T IH R Z", "T EH R Z"),
    "used": ("Y UW Z D", "Y UW S T"),
    "winds": ("W IH N D Z", "W AY N D Z"),
    "wound": ("W UW N D", "W AW N D"),
}
"""Words with a rule of their own (:mod:`avsynth.text.english.homographs.rules`): the usual pronunciation, and the one
where the rule holds."""
