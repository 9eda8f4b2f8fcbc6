"""What a table holds, in at most two scans: figures, pictures and warnings in plain words.

`service.profile` makes it, `service.Profiler` remembers it, `model.Profile` is what comes out, `html.page`
shows it.
"""
