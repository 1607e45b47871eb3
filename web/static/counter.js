// Papers dropped onto the form, and what was chosen, by name. The form works without this.
"use strict";

(() => {
  const form = document.querySelector("[data-handing]");
  if (!form) return;
  const drop = form.querySelector("[data-drop]"), input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]"), sending = form.querySelector("[data-sending]");

  function size(bytes) {
    const large = bytes >= 1048576;
    const number = (bytes / (large ? 1048576 : 1024)).toLocaleString("vi", { maximumFractionDigits: 1 });
    return `${number} ${large ? "MB" : "KB"}`;
  }

  function show() {
    chosen.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} · ${size(file.size)}`;
      return line;
    }));
    chosen.hidden = !input.files.length;
  }

  input.addEventListener("change", show);
  for (const kind of ["dragover", "dragenter"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); }
  });
  form.addEventListener("submit", () => {
    sending.hidden = false;
    form.querySelector("button").disabled = true;
  });
  addEventListener("pageshow", () => { sending.hidden = true; form.querySelector("button").disabled = false; });
})();
