// Ctrl+Enter (or ⌘Enter) in a field with data-ask sends its form. Enter in the name that it is saved under saves. A table's name that is pressed lands where the cursor is.
addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("textarea[data-ask]");
  if (!field) return;
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    field.form.requestSubmit();
  });
  const save = field.form.querySelector("button[formaction]");
  field.form.elements.name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    field.form.requestSubmit(save);
  });
  field.form.addEventListener("submit", (event) => {
    if (event.submitter !== save) document.getElementById("live").textContent = field.dataset.ask;
  });
  for (const button of document.querySelectorAll("button[data-put]")) {
    button.addEventListener("click", () => {
      field.focus();
      field.setRangeText(button.dataset.put, field.selectionStart, field.selectionEnd, "end");
    });
  }
});
