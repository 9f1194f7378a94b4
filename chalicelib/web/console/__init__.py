"""The console: pages on which staff do their whole work, made on the server."""
