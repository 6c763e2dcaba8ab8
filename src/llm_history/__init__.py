"""llm-history: the history of large language models as sourced data, rendered as a site.

Data flows one way, and nothing later is imported by anything earlier::

    content/ ─load─▶ records ─link─▶ History ─plan─▶ pages ─render─▶ bytes ─publish─▶ site/
                │               │
                └─ diagnostics ─┴─▶ shown to a person

=================  ==========================================================
room               holds
=================  ==========================================================
``cli``            the commands and their options
``checking``       ``check``: what is wrong told, mended, counted, exported
``live``           the watcher and the preview server
``build``          one build from start to end, and the next one after it
``ahead``          the page of what was just edited, before the rest
``cache``          what a build leaves for the next process
``staging``        files that are written and not yet published
``publish``        the only writer of ``site/``
``pages``          the page inventory, the views, the templates, the exports
``history``        the linked whole: references, lineage, mentions, checks
``content``        YAML, dates, quantities, facts, record types, Markdown
``settings``       ``content/site.yaml``
``folders``        the folders of a site, and how it is asked to be built
``report``         what came of a build
``forking``        work shared among processes
``diagnostics``    what is wrong, where, and how to mend it
=================  ==========================================================
"""

__version__ = "0.1.0"
