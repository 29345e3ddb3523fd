"""What must not be written down: keys, cards, personal data.

`scan(text)` says where they stand, `Redactor(salt)` puts stable placeholders in their place.
`keys.py` is the light part that errors and debug lines pass through.
"""
