"""The project's own errors. Each class means one action for the caller; the message is one line for the user."""


class SkillDemandError(Exception):
    """What the user can mend; the command line prints the message as one line and exits with status 1."""


class InputError(SkillDemandError):
    """A file, a line or a field is wrong: the message names it and says what to do."""


class StoreError(SkillDemandError):
    """The store can't be read or written as it is: missing, damaged, or not permitted."""


class EmptyError(SkillDemandError):
    """There is nothing to work on: no postings, no taggings, or a filter that leaves none."""


class CrawlError(SkillDemandError):
    """A crawl could not start, or boards failed; what was obtained is stored."""


class ModelError(SkillDemandError):
    """A model or its training data can't be used; the incumbent model is untouched."""
