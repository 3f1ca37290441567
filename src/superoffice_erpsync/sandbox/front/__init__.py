"""What IIS does in front of the services: it lets in whom it knows, by a Windows login or by HTTP Basic."""
