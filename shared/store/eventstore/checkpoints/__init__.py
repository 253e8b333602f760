"""Signed checkpoints of the log: whoever holds one can tell, for all time, whether the log up to it is the same.

The chains of hashes in the log show a clumsy change. Who owns the database can compute all of them anew, cut the end
off, or put an older backup back, and every chain is right. A checkpoint is a signature over a tree of all hashes, by a
key that lies elsewhere, and is carried away: then none of it can be done unseen.
"""
