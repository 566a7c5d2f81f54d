"""Names that every part of the classifier shares; nothing heavy is imported here."""

GUIDE = "tracks-guide-1"
"""The definition that the shipped model was trained on."""
COLUMNS = ("ml_role", "cv", "nlp", "seq")
"""The label columns, in the order of HEADS; a track counts as asked for when it is 1 or 2."""
HEADS = ("ml_role", "computer_vision", "nlp", "sequence_modeling")
"""What the network answers, in the order of its outputs."""
