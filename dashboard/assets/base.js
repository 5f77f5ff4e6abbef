// Where Streamlit's server is: without this, its start page asks under each page's own path first and logs a 404.
"use strict";
window.__streamlit = { BACKEND_BASE_URL: location.origin + "/" };

// One locale for the whole page: the words are English, so the grid's numbers are written in the reader's English too.
// Streamlit tells the server what it reads here, and the server writes tiles and charts in the same.
const LANGUAGE = (navigator.languages || []).find((tag) => /^en\b/i.test(tag)) || "en";
for (const [name, value] of [["language", LANGUAGE], ["languages", Object.freeze([LANGUAGE])]]) {
  Object.defineProperty(Navigator.prototype, name, { configurable: true, get: () => value });
}

// The server closes an open page with this code when its sign-in has ended. Streamlit would reconnect as nobody and leave
// on the screen what nobody may see; the page is loaded again instead.
const SIGN_IN_ENDED = 4001;
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("close", (event) => { if (event.code === SIGN_IN_ENDED) window.location.reload(); });
  }
};
