"""Settings to running parts, once, the same in every app.

`settings.load` reads the environment for an app; `parts.open_parts` builds what the app needs.
"""
