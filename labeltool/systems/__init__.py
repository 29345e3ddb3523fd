"""The things under test, one file per kind: each turns a case into an answer and states its
fingerprint.
"""
