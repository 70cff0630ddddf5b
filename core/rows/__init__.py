"""The second wall: PostgreSQL itself shows a walled table's rows only to whom they concern (adr/0046).

walls     what a model declares beside its constraints: who sees its rows, and which jobs
sights    what an account sees by its rights: the people, doctors and insurers, each asked by one queryset
viewers   who looks at this moment, and who looks for a moment at a little more
upgrades  which walls go up only while nobody is served
backend   Django's PostgreSQL, which tells each transaction that reads walled rows who its viewer is
"""
