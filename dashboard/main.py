"""One script run: who looks, what they ask, which page."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import navigation
from dashboard.asking import access, cached, filters
from dashboard.parts import account, own_program, page_parts, views
from dashboard.words.numbers import take_locale_from
from data_access.database.connecting import DatabaseError
from data_access.database.engine import NoReleaseError

page_parts.configure("Uplift")
take_locale_from(lambda: st.context.locale)
st.logo(str(page_parts.FAVICON), size="large")
filters.remember_across_pages()
try:
    cached.look_at_version(access.who_looks().scope)
except (DatabaseError, SQLAlchemyError) as problem:
    page_parts.no_database(problem)
    if isinstance(problem, NoReleaseError):
        with st.sidebar:
            access.choose_viewer(access.who_looks(), {})
    st.stop()

viewer = access.current_viewer()
access.note_session()
entry, page, open_to_them = navigation.choose_page(viewer)
st.set_page_config(page_title=navigation.tab_title(entry, cached.program(viewer.scope).name))
requested = filters.read(viewer, entry.heeded, people=entry.people)
with st.sidebar:
    account.account_panel(viewer)
    filters.sidebar(requested)
    views.menu(viewer, entry.url_path, open_to_them)
    access.choose_viewer(viewer, dict(requested.offered.values["team"]))
account.explain_account(viewer)
filters.show_ignored(requested)
own_program.notice(viewer, entry.title)
page.run()
page_parts.footer()
