"""Outlines of communes: `in_use` loads those that the maps show, `import_outlines` takes the real
ones that an office sends.
"""
