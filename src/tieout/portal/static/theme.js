// The theme switch: remembers a choice in this browser, and on the server for a person who is signed in.
const root = document.documentElement;
const stored = localStorage.getItem("theme");
if (stored && !root.dataset.person) root.dataset.theme = stored;

function show(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}

function remember(theme, field) {
  localStorage.setItem("theme", theme);
  if (!field.dataset.save) return;
  const body = new URLSearchParams({ theme, csrfmiddlewaretoken: field.dataset.token });
  fetch(field.dataset.save, { method: "POST", body });
}

addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector(".theme");
  if (!field) return;
  const current = field.querySelector(`input[value="${root.dataset.theme || "system"}"]`);
  if (current) current.checked = true;
  field.addEventListener("change", ({ target }) => {
    show(target.value);
    remember(target.value, field);
  });
});
