"""How a mail looks: a few sentences and at most one button, as text and as HTML that follows the reader's theme.

What strangers can type, such as a name, is in none: nobody can have us send their words to others.
"""

from dataclasses import dataclass
from html import escape

from app.project import NAME

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 32px 16px; background: #f6f6f4; color: #1d1d1b; }}
.sheet {{ max-width: 480px; margin: 0 auto; padding: 32px; border-radius: 12px; background: #ffffff; }}
.quiet {{ color: #6b6b66; font-size: 14px; }}
.button {{ background: #1d1d1b; color: #ffffff; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #161615; color: #ececea; }}
  .sheet {{ background: #222220; }}
  .quiet {{ color: #a3a39d; }}
  .button {{ background: #ececea; color: #1d1d1b; }}
}}
</style>
</head>
<body>
<div class="sheet" style="font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', sans-serif">
<p class="quiet">{name}</p>
<h1 style="margin: 0 0 16px; font-size: 20px; line-height: 1.3">{subject}</h1>
{body}
</div>
</body>
</html>
"""
_BUTTON = (
    '<p style="margin: 24px 0"><a class="button" href="{url}" style="display: inline-block; padding: 12px 20px; '
    'border-radius: 8px; text-decoration: none; font-weight: 600">{label}</a></p>\n'
    '<p class="quiet" style="overflow-wrap: anywhere">If the button does nothing, open this address:<br>{url}</p>'
)


@dataclass(frozen=True)
class Button:
    """Where a mail leads."""

    label: str
    url: str


@dataclass(frozen=True)
class Letter:
    """What a mail says."""

    subject: str
    before: tuple[str, ...]
    """Its sentences, each a paragraph."""
    button: Button | None = None
    after: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """For those who read mail as it is."""
        button = (f"{self.button.label}:\n{self.button.url}",) if self.button else ()
        return "\n\n".join((*self.before, *button, *self.after, f"-- \n{NAME}")) + "\n"

    @property
    def html(self) -> str:
        """The same for everybody else."""
        button = _BUTTON.format(url=escape(self.button.url), label=escape(self.button.label)) if self.button else ""
        before = (f"<p>{escape(line)}</p>" for line in self.before)
        after = (f'<p class="quiet">{escape(line)}</p>' for line in self.after)
        body = "\n".join(part for part in (*before, button, *after) if part)
        return _PAGE.format(subject=escape(self.subject), name=escape(NAME), body=body)
