// Keys and the view of a page. Everything also works without this: it adds no content and asks nobody for anything.
"use strict";

(() => {
  const typing = (element) => element && (element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName));

  // A key that an element names stands for clicking it, or for going into it where it is a field.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
    for (const element of document.querySelectorAll("[data-key]")) {
      if (element.dataset.key !== event.key) continue;
      event.preventDefault();
      if (typing(element)) { element.focus(); element.select(); } else { element.click(); }
      return;
    }
  });

  // j and k go through what was found.
  function walk(step) {
    const hits = [...document.querySelectorAll("[data-hit]")];
    if (!hits.length) return;
    const at = hits.indexOf(document.activeElement);
    hits[Math.min(Math.max(at + step, 0), hits.length - 1)].focus();
  }

  const sheet = document.querySelector(".sheet");
  if (!sheet) return;
  const zooms = 6;
  let zoom = 2, turn = 0;

  function show() {
    for (let each = 0; each < zooms; each += 1) sheet.classList.toggle(`zoom${each}`, each === zoom);
    for (let each = 1; each < 4; each += 1) sheet.classList.toggle(`turn${each}`, each === turn);
    const image = sheet.querySelector("image");
    if (zoom > 2 && image.dataset.large) { image.setAttribute("href", image.dataset.large); delete image.dataset.large; }
  }

  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => { zoom = Math.min(Math.max(zoom + Number(button.dataset.zoom), 0), zooms - 1); show(); });
  }
  const turning = document.querySelector("[data-turn]");
  if (turning) turning.addEventListener("click", () => { turn = (turn + 1) % 4; show(); });
  show();

  // Who goes into a field sees where it stands on the page.
  for (const place of sheet.querySelectorAll("[data-of]")) {
    const field = document.getElementById(place.dataset.of);
    const look = (on) => { place.classList.toggle("looked", on); if (on) bring(place); };
    field.addEventListener("focus", () => look(true));
    field.addEventListener("blur", () => look(false));
    if (field === document.activeElement) look(true);
  }

  function bring(place) {
    const view = document.querySelector("[data-view]");
    view.scrollTop += place.getBoundingClientRect().top - view.getBoundingClientRect().top - view.clientHeight / 3;
  }

  // Another kind has the document read as one, unless something was typed already.
  const kind = document.querySelector("[data-reads]");
  if (kind) kind.addEventListener("change", () => {
    if ([...kind.form.querySelectorAll("input[maxlength]")].some((input) => input.value !== input.defaultValue)) return;
    const address = new URL(location.href);
    address.searchParams.set("kind", kind.value);
    location.assign(address);
  });

  // What was found comes into sight, within the view: the head of the page stays where it is.
  const found = sheet.querySelector("polygon");
  if (found) bring(found);
})();
