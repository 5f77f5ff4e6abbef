"""Who is at the door: accounts, cookies, headers, limits. Knows no Streamlit; imports settings alone."""
