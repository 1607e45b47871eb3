// Fills in how far a hand-over is while the server tells of it. Without this the page looks again every five seconds.
"use strict";

(() => {
  const place = document.querySelector("[data-follow]");
  if (!place) return;
  const told = new EventSource(place.dataset.follow);

  function cell(text, name) {
    const made = document.createElement("td");
    made.textContent = text;
    if (name) made.className = name;
    return made;
  }

  told.addEventListener("message", (event) => {
    const now = JSON.parse(event.data);
    for (const each of place.querySelectorAll("[data-fill]")) {
      if (each.textContent !== now[each.dataset.fill]) each.textContent = now[each.dataset.fill];
    }
    place.querySelector("[role=status]").className = `total ${now.tone}`;
    const bar = place.querySelector("[data-progress]");
    bar.max = now.pages || 1;
    bar.value = now.read;
    place.querySelector("[data-rows]").replaceChildren(...now.rows.map((row) => {
      const line = document.createElement("tr");
      line.append(cell(row.name), cell(row.page, "number"), cell(row.verdict, row.tone), cell(row.why));
      return line;
    }));
    if (now.over) told.close();
  });
})();
