"""The only rooms that touch the world outside: folders, networks, gateways.

A wire moves bytes under a name. It knows nothing of cards or people; what the bytes mean is the business of the
package that writes and reads them.
"""
