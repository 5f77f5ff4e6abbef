// Where Streamlit's server is: without this, its start page asks under each page's own path first and logs a 404.
"use strict";
window.__streamlit = { BACKEND_BASE_URL: location.origin + "/" };
