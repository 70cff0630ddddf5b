"""The reviewers' room, behind the second factor. Each page of a claim is opened for a reason that the claimant reads.

doors       who comes in, as what, and the reason for opening a file
queue       the queue, taking and handing over, absences
case        one claim, notes, setting aside
matching    a guest's notice finds its contract
documents   the checklist and its files
clock       authorities, criminal cases, extensions
payout      how an amount comes about, and «what if»
decision    proposing, the letter beforehand, approving
objections  answers to objections
letters     what was sent, and what became of it
figures     what is counted, and files of it
"""
