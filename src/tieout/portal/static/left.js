// Who signs out in one tab has left them all, and a page is not shown for longer than an unused session lasts (people/middleware.py).
const SIGN_IN = "/accounts/login/";
const LONGEST = (24 * 60 + 1) * 60_000;
const tabs = new BroadcastChannel("tieout");

// Whoever is signed in after all is led straight back.
const leave = () => location.replace(`${SIGN_IN}?next=${encodeURIComponent(location.pathname + location.search)}`);

if (document.documentElement.dataset.person) {
  tabs.onmessage = leave;
  setTimeout(leave, LONGEST);
} else if (location.pathname === SIGN_IN) tabs.postMessage("nobody is signed in");
