"""One script run: who looks, what they ask, which page."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboard import navigation, settings
from dashboard.asking import access, cached, filters
from dashboard.checkup.words import fault_words
from dashboard.parts import account, own_program, page_parts
from dashboard.settings.databases import explained, works
from dashboard.words.numbers import take_locale_from
from data_access.database.connecting import DatabaseError
from data_access.database.engine import NoReleaseError

st.set_page_config(
    page_title="Uplift", page_icon=str(page_parts.FAVICON), layout="wide", menu_items={"About": page_parts.ABOUT}
)
take_locale_from(lambda: st.context.locale)
st.logo(str(page_parts.FAVICON), size="large")
filters.remember_across_pages()
try:
    cached.look_at_version(access.who_looks().scope)
except NoReleaseError as nothing_yet:
    page_parts.no_database("Nothing to show yet", "Nothing was released yet.", str(nothing_yet))
    with st.sidebar:
        access.choose_viewer(access.who_looks(), {})
    st.stop()
except (DatabaseError, SQLAlchemyError) as problem:
    fault = explained(problem, settings.current())
    if fault is None:
        raise
    page_parts.no_database("What cannot be shown", fault.outside, fault_words(fault, access.is_this_machine()))
    st.stop()
works(settings.current())

viewer = access.current_viewer()
access.note_session()
entry, page = navigation.choose_page(viewer)
requested = filters.read(viewer, entry.heeded, people=entry.people)
with st.sidebar:
    account.account_panel(viewer)
    filters.sidebar(requested)
    access.choose_viewer(viewer, dict(requested.offered.values["team"]))
account.explain_account(viewer)
filters.show_ignored(requested)
own_program.notice(viewer, entry.title)
page.run()
page_parts.footer()
