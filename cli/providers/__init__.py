"""Providers of channels that run on this machine and speak the real protocols: for tests, for the demo, by hand.

They reach nobody: what is sent by them is kept and shown, and what comes by them somebody has made up.
"""
