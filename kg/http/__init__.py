"""Requests over HTTP in bounds: of time, of size, and of where they lead.

What asks for pages and what asks services share how a connection is made, watched and cut
(`kg.http.exchange`); what they ask and what they make of an answer is theirs.
"""
