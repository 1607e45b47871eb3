"""PAdES signatures: sealing, time stamps, a development PKI, and the verdict on a signed file.

`seal.sign_pdf` writes a B-T signature as an incremental update, `verify.verify_pdf` judges one in a confined child.
endesive makes the CMS, pyHanko judges it: two code bases, so that a mistake of one is seen by the other.
Nothing here is imported eagerly, because both libraries are slow to load.
"""
