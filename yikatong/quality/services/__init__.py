"""What may be done with lists to compare, with differences and with figures; every service takes the act first."""
