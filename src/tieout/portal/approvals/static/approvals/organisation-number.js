// Says while an organisation number is typed whether its check digit agrees (modulus 11). The server asks once more.
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

function agrees(digits) {
  const rest = WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11;
  return rest !== 1 && Number(digits[8]) === (11 - rest) % 11;
}

function say(field) {
  const digits = field.value.toUpperCase().replace(/^\s*NO|MVA\s*$|[\s.\u00a0-]/g, "");
  const note = field.parentElement.querySelector("[data-note]") ?? field.insertAdjacentElement("afterend", document.createElement("p"));
  note.dataset.note = "";
  note.setAttribute("role", "status");
  const whole = /^\d{9}$/.test(digits);
  const right = whole && agrees(digits);
  note.className = right ? "valid" : "errors";
  note.textContent = !whole ? "" : right ? `✓ ${field.dataset.valid}` : field.dataset.invalid;
  note.hidden = !whole;
}

document.querySelectorAll("[data-organisation-number]").forEach((field) => {
  field.addEventListener("input", () => say(field));
  if (field.value && !field.hasAttribute("aria-invalid")) say(field);
});
