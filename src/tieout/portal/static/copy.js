// Copy fields: <div class="copy"><input readonly><button data-copy data-copied="Copied">Copy link</button></div>.
// Works on plain http too, where browsers have no clipboard interface; the field can always be copied by hand.
async function copy(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button || button.dataset.label) return;
  const field = button.closest(".copy").querySelector("input, textarea");
  if (!(await copy(field))) return;
  button.focus();
  button.dataset.label = button.textContent;
  button.textContent = button.dataset.copied;
  const live = document.getElementById("live");
  if (live) live.textContent = button.dataset.copied;
  setTimeout(() => {
    button.textContent = button.dataset.label;
    delete button.dataset.label;
  }, 2000);
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches(".copy input[readonly]")) target.select();
});
