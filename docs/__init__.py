"""What draws pages and pictures of the docs from the code."""
