"""What browsers tell of pages: what a page tried that its policy forbids."""
