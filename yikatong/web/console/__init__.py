"""The staff window: task pages over the services of the floors below."""
