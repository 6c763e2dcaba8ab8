"""What one build leaves for the next, in ``.cache/llm-history``.

Nothing here is ever needed: a cache that is missing, old or broken costs time and no more.
"""
