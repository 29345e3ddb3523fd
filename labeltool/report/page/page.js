"use strict";
(() => {
  const list = document.getElementById("list");
  const cases = Array.from(list.children);
  const worst = ["broken", "failed", "error", "open", "passed"];
  const find = document.getElementById("find");
  const tier = document.getElementById("tier");
  const kind = document.getElementById("kind");
  const shown = document.getElementById("shown");

  function filter() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const one of cases) {
      const data = one.dataset;
      const fits =
        (!tier.value || data.tier === tier.value) &&
        (!kind.value || data.kind === kind.value) &&
        words.every((word) => data.find.includes(word));
      one.hidden = !fits;
      count += fits;
    }
    shown.textContent = count === cases.length ? "" : `${count} of ${cases.length}`;
  }

  const key = {
    id: (data) => data.id,
    tier: (data) => data.tier,
    kind: (data) => worst.indexOf(data.kind),
    score: (data) => (data.score === "" ? Infinity : Number(data.score)),
    ms: (data) => (data.ms === "" ? Infinity : Number(data.ms)),
  };

  function sort(name, down) {
    const of = key[name];
    const keyed = cases.map((one, at) => [of(one.dataset), at, one]);
    const way = down ? -1 : 1;
    keyed.sort(([a, i], [b, j]) => (a < b ? -way : a > b ? way : i - j));
    list.append(...keyed.map((one) => one[2]));
  }

  for (const head of document.querySelectorAll("#heads [data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.setAttribute("aria-pressed", "false");
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.dataset.way === "up";
      for (const other of document.querySelectorAll("#heads [data-sort]")) {
        delete other.dataset.way;
        other.firstChild.setAttribute("aria-pressed", "false");
      }
      head.dataset.way = down ? "down" : "up";
      button.setAttribute("aria-pressed", "true");
      sort(head.dataset.sort, down);
    });
  }

  function open() {
    let id;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const one = document.getElementById(id);
    if (one && one.classList.contains("case")) {
      one.hidden = false;
      one.open = true;
      one.scrollIntoView();
    }
  }

  const filters = document.getElementById("filters");
  filters.hidden = false;
  filters.addEventListener("submit", (event) => event.preventDefault());
  for (const control of [find, tier, kind]) control.addEventListener("input", filter);
  addEventListener("hashchange", open);
  open();
})();
