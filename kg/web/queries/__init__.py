"""Stored queries over HTTP: what is asked of them, and their answers as JSON, tables and charts.

Here are also the description of their API (OpenAPI) and of what stands beside it.
"""
