"""Pages of the views: one function per list, read by an index wherever the page begins.

Each is one statement with all of its filters; those that are null fold away when it is planned
(``plan_cache_mode = force_custom_plan`` in every request's transaction).
"""
