// An element with data-poll="address" and data-every="seconds" is replaced by what the address answers, until the
// answer no longer has data-poll. What [data-say] inside it says is announced when it changes. While somebody is in it (the focus, an open menu), it waits.
const live = () => document.getElementById("live");

function announce(before, after) {
  const now = after.querySelector("[data-say]")?.textContent.trim();
  if (now && now !== before.querySelector("[data-say]")?.textContent.trim() && live()) live().textContent = now;
}

// The answer may be the element alone, or the whole page with it (found by its id, or by data-polled).
function parse(html, id) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const found = id ? parsed.getElementById(id) : parsed.querySelector("[data-polled]");
  return found || parsed.body.firstElementChild;
}

// Somebody is at work in it: don't take the ground from under them.
function isBusy(element) {
  return document.hidden || element.contains(document.activeElement) || element.querySelector("details[open]");
}

async function renew(element) {
  const answer = await fetch(element.dataset.poll, { headers: { "X-Requested-With": "poll" }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) return location.reload();
  if (!answer.ok) return follow(element);
  const fresh = document.importNode(parse(await answer.text(), element.id), true);
  if (isBusy(element)) return follow(element);
  announce(element, fresh);
  element.replaceWith(fresh);
  follow(fresh);
}

function follow(element) {
  if (!element.dataset?.poll) return;
  const wait = (Number(element.dataset.every) || 3) * 1000;
  setTimeout(() => {
    if (!element.isConnected) return;
    if (isBusy(element)) follow(element);
    else renew(element).catch(() => follow(element));
  }, wait);
}

addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-poll]").forEach(follow));
