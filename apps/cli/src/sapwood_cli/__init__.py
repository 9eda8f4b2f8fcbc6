"""The `sapwood` command: each subcommand is one module, loaded when it runs."""
