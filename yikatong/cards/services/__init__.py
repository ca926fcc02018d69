"""What may be done with orders, batches and cards. One file a stage of their lives; each service takes the act first."""
