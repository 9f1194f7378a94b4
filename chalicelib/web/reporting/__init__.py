"""A report as people read it (6.1): `document.as_html`. The table of its closures: `domain.supervision.spreadsheet`."""
