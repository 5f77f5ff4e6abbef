"""Requests for money: the queue, and what approving one would change."""
