"""What a page sequence is: documents, their kinds and their fields, by readable rules kept as data.

Everything here is pure: values in, values out; the only input is the rule files packaged beside the code.
"""
