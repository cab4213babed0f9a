"""What messaging apps share: queue, limits, choices, order, retries. Knows no single channel."""
