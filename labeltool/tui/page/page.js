"use strict";

// The token has done its work: out of the address bar and of what textual.js reads from it.
if (location.search) history.replaceState(null, "", location.pathname);

// textual.js starts the terminal on load and measures its cells once: the font must be there first.
const start = window.onload;
window.onload = async (event) => {
  await Promise.allSettled([
    document.fonts.load("16px 'Roboto Mono'"),
    document.fonts.load("bold 16px 'Roboto Mono'"),
  ]);
  document.getElementById("again").addEventListener("click", () => location.reload());
  new MutationObserver((changes, observer) => {
    if (!document.body.classList.contains("-first-byte")) return;
    observer.disconnect();
    // Only now: the app takes itself for unfocused until it has been told, and it is told on focus.
    document.querySelector(".xterm-helper-textarea").focus();
  }).observe(document.body, { attributeFilter: ["class"] });
  start(event);
};
