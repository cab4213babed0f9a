"""What every messaging app shares: queue, limits, choices, order, retries. Knows no vendor."""
