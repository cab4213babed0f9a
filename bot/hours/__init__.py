"""When the municipality's integration services work: hours as data, and Finland's holidays."""
