"""Benches: the product beside a floor, the least that does the same work. `make bench NAME=activation`, `make bench` for all.

One file a bench, its floor beside it. A bench has CONTESTS; the framework runs them:

  contest   what is compared, the goal, rounds until they agree
  sides     how a side runs: a web server, or a worker process that is told to prepare, work and check
  bare      Django without middleware, for floors that are one view
  measure   CPU, memory and statements from outside, so that neither side is changed by being watched
  report    the table, the last line, the block in README.md
  town      the people and policies that every bench finds

Benches are no tests: pytest does not collect them. Query budgets, which no noise reaches, are tests.
"""
