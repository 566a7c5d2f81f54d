"""What spaCy's entry point loads: importing this module registers the component, whose name is looked up then."""

from nlp.pipeline import create_skills, register

__all__ = ["create_skills"]

register()
