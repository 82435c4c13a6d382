"""The procrastinate app with everything that jobs run: ``procrastinate --app=aias.app.app worker``."""

from aias.jobs import app

__all__ = ["app"]

# imported when a worker starts or a task is looked up by name, so that `import aias.app` stays cheap
app.import_paths = ["aias.workflows"]
