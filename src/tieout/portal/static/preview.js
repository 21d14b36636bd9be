// <div data-preview="address" data-of="id of a field">: what the address answers for the field's new value, told aloud too.
addEventListener("DOMContentLoaded", () => {
  for (const shown of document.querySelectorAll("[data-preview]")) {
    const field = document.getElementById(shown.dataset.of);
    field?.addEventListener("change", async () => {
      const wanted = field.value;
      const query = new URLSearchParams({ [field.name]: wanted });
      const answer = await fetch(`${shown.dataset.preview}?${query}`, { redirect: "manual" }).catch(() => null);
      if (!answer?.ok || field.value !== wanted) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      shown.replaceChildren(...document.importNode(parsed.body, true).childNodes);
      const live = document.getElementById("live");
      if (live) live.textContent = shown.textContent.replace(/\s+/g, " ").trim();
    });
  }
});
