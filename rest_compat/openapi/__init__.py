"""The description of the REST routes, OpenAPI 3.1: made from what the routes themselves are made from."""
