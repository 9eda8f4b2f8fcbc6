"""The processes that do the steps of workflows, and look after them."""
