"""HTTP as requests and answers have it, whatever they are about.

Negotiation, formats and result formats, problem details, and what is read of requests.
"""
