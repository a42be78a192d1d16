"""The reconciliation services: what they are asked, what they are over, and what they find."""
