"""What all of a process shares, whoever uses this package in it: its garbage collector, its forks, and the files that
one process at a time holds."""
