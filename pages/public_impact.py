"""Public impact: what did the program achieve? From the publication alone."""

from dashboard import page_parts, public_panel
from dashboard.published import current, require

require()
now = current()
chosen = public_panel.choose(now)
public_panel.tell_ignored(now)
page_parts.heading(now.publication.title, public_panel.finding(now, chosen), public_panel.second(now, chosen))
page_parts.headline_numbers(public_panel.headlines(now, chosen))
public_panel.show_map(now, chosen)
public_panel.show_promises(now)
public_panel.show_trend(now, chosen)
public_panel.show_rest(now)
public_panel.footer(now)
