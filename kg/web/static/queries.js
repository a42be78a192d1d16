// Questions: the list gets narrower as one types, an answer has a link to copy.
// All of it is an addition: lists, forms and answers are there without it.

// ---- the list ----------------------------------------------------------------------------------

for (const box of document.querySelectorAll("[data-narrow]")) {
  const input = box.querySelector("input");
  const count = box.querySelector("[data-narrow-count]");
  const items = [...document.querySelectorAll("[data-narrow-item]")];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = new Map(items.map((item) => [item, fold(`${item.dataset.narrowItem} ${item.textContent}`)]));
  box.hidden = false;
  input.addEventListener("input", () => {
    const wanted = fold(input.value).split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !wanted.every((word) => words.get(item).includes(word));
    for (const group of document.querySelectorAll("[data-narrow-group]"))
      group.hidden = !group.querySelector("[data-narrow-item]:not([hidden])");
    const left = items.filter((item) => !item.hidden).length;
    count.textContent = wanted.length ? `${left} of ${items.length}` : "";
  });
}

// ---- forms -------------------------------------------------------------------------------------

for (const form of document.querySelectorAll("form[data-ask]")) {
  // An address without what was left empty is one to hand on.
  form.addEventListener("submit", () => {
    for (const input of form.elements) if (input.name && !input.value.trim()) input.disabled = true;
  });
  // Who comes back to the page finds the boxes open again.
  addEventListener("pageshow", () => {
    for (const input of form.elements) input.disabled = false;
  });
}

// ---- answers -----------------------------------------------------------------------------------

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue; // browsers have it on this machine and over https only
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    button.textContent = "Copied";
  });
}
