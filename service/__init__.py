"""The composition root, the HTTP service, its pages, trends and the command line."""
