"""What the command line printed before a change, to the letter: `python -m tests.goldens compare` says what differs.

The program is known here by its command line alone, so that its modules may be renamed and moved freely.
"""
