"""The other sides of `make bench-streams`: what the streams are compared with, and what writes to them."""
