// Choosing many documents at once; one by one it works without this.
"use strict";

(() => {
  const form = document.querySelector("[data-choosing]");
  const told = form && form.querySelector("[data-chosen]");
  if (!told) return;
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const prepare = form.querySelector("[data-prepare]");

  function count() {
    const chosen = boxes.filter((box) => box.checked).length;
    told.textContent = told.dataset.words.replace("{count}", chosen);
    prepare.disabled = chosen === 0;
  }

  for (const [name, on] of [["all", true], ["none", false]]) {
    const button = form.querySelector(`[data-${name}]`);
    button.hidden = false;
    button.addEventListener("click", () => { for (const box of boxes) box.checked = on; count(); });
  }
  form.addEventListener("change", count);
  count();
})();
