"""Schematic outlines of all communes, computed from facts: centre points, former units, areas."""
