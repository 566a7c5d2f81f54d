"""What spaCy's entry point loads: importing this module registers the component (spaCy looks its name up afterwards)."""

from nlp.pipeline import create_skills, register

__all__ = ["create_skills"]

register()
