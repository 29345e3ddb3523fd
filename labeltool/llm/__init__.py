"""Calls to models, and to nothing else: the client, its limits, its retries, its replies."""
