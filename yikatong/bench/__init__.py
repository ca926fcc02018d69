"""Measurements: each file offers `run(arguments)` and prints sizes and medians. Never asserted in a timed test."""
