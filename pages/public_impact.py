"""Public impact: what did the program achieve? From the publication alone."""

from dashboard.parts import page_parts
from dashboard.site.published import current
from dashboard.subjects.public import panel
from dashboard.subjects.public.panel import require

require()
now = current()
chosen = panel.choose(now)
panel.show_ignored(now)
page_parts.heading(now.publication.title, panel.finding(now, chosen), panel.second(now, chosen))
page_parts.headline_numbers(panel.headlines(now, chosen))
panel.show_map(now, chosen)
panel.show_promises(now)
panel.show_trend(now, chosen)
panel.show_rest(now)
panel.footer(now)
