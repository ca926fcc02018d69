"""The rules of the audit: each file looks at a document understood and yields what it found."""
