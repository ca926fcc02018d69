"""A synthetic city whose residents act through the same services as everyone else."""
