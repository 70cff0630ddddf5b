"""What the pages of the reviewers' room read.

queue     the open claims of some insurers, the nearest term first, page after page by key
case      one claim with everything that hangs on it
matching  whom a guest's notice may be about
figures   received, decided, in time, refused and why
"""
