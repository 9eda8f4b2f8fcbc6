"""`sapwood run`, `workflow`, `runs`, `schedule`, `worker` and `scheduler`."""
