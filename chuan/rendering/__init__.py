"""One description of an official paper, and the mechanisms that make PDF, Word, Excel and QR codes from it."""
