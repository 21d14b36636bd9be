// A list of ticks with data-find gets a field that leaves those standing whose words match. What is ticked stays ticked.
addEventListener("DOMContentLoaded", () => {
  for (const input of document.querySelectorAll("input[data-find]")) {
    const list = input.closest("div[id]") || input.closest("ul");
    if (!list || list.dataset.found) continue;
    list.dataset.found = "1";
    const rows = [...list.querySelectorAll("label")].map((label) => label.closest("div:not([id]), li") || label);
    if (rows.length < 12) continue;
    const field = Object.assign(document.createElement("input"), { type: "search", placeholder: input.dataset.find });
    field.setAttribute("aria-label", input.dataset.find);
    field.addEventListener("input", () => {
      const asked = field.value.trim().toLocaleLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLocaleLowerCase().includes(asked);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    list.before(field);
  }
});
