// Where Streamlit's server is: without this, its start page asks under each page's own path first and logs a 404.
"use strict";
window.__streamlit = { BACKEND_BASE_URL: location.origin + "/" };

// The server closes an open page with this code when its sign-in has ended. Streamlit would reconnect as nobody and leave
// on the screen what nobody may see; the page is loaded anew instead.
const SIGN_IN_ENDED = 4001;
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("close", (event) => { if (event.code === SIGN_IN_ENDED) window.location.reload(); });
  }
};
