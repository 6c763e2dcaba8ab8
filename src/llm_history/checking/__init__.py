"""Checking the content: the rules explained, what was found in many forms, fixes, links, audits."""
