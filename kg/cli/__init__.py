"""The command line: read flags, call one function, print what it returned.

A module for each kind of work; `app` has what all of them share. The help lists the commands in the
order in which they are registered here.
"""

from __future__ import annotations

from kg.cli import (
    asking,
    checking,
    extracting,
    indexing,
    keeping,
    linking,
    reviewing,
    serving,
    telling,
)
from kg.cli.app import app as app

app.callback(invoke_without_command=True)(keeping.main)
app.command()(keeping.init)
app.command()(keeping.add)
app.command()(keeping.build)
app.command()(extracting.extract)
app.command()(extracting.score)
app.command(cls=asking.Thing)(linking.link)
app.command()(reviewing.review)
app.command()(indexing.index)
app.command()(checking.validate)
app.command(
    cls=asking.Query,
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    options_metavar="[--PARAMETER VALUE]... [OPTIONS]",
)(asking.query)
app.command(cls=asking.Thing)(telling.show)
app.command(cls=asking.Thing)(telling.export)
app.command()(serving.serve)
