// What allauth tells of a passkey that was not used, said where somebody reads it.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const place of document.querySelectorAll("[data-passkey-error]")) place.hidden = false;
});
