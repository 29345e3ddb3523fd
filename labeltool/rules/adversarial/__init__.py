"""Changes to a case's input that a good system answers as well as the case itself, or differently
for a stated reason. Seeded and offline: the same case, kind and seed give the same change.
"""
