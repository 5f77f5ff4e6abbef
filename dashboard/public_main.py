"""One script run for the public: the publication, and the one page there is."""

import streamlit as st

from dashboard.parts import page_parts
from dashboard.site import published
from dashboard.words.numbers import take_locale_from
from data_access.publishing.reader import PublicationError

page_parts.configure("Impact")
take_locale_from(lambda: st.context.locale)
page = st.navigation([st.Page(published.PAGE, title="Impact", default=True)], position="hidden")
try:
    published.current()
except PublicationError:
    page_parts.heading("What did the program achieve?", "Nothing is published here at the moment.")
    st.stop()
page.run()
