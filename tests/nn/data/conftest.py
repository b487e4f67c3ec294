"""Keeps the script that needs PyTorch out of the tests."""

collect_ignore = ["record.py"]
