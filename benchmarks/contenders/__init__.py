"""Those who answer the same questions about the same desk: the gateway, SQL by hand, a plain gateway."""
