"""Figures: where every line, mark and label of a drawing goes. Templates write them as SVG."""
