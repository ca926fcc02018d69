"""What stands under the program before Django is loaded: folders, the embedded PostgreSQL, front-end files, processes.

Nothing here imports Django, so that the commands can prepare the environment which the settings then read.
"""
