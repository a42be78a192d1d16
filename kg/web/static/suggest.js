// Suggestions under a box as one types in it: a combobox with a list (ARIA 1.2).

const WAIT = 120; // milliseconds after the last key: faster than one reads, slower than one types

/**
 * Suggest things for what is typed, by their names and of the kind that the box asks for.
 * `path` is where they are looked up; `take` gets the one that is chosen, and the address it came from.
 */
export function suggest(input, path, take) {
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  input.after(list);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-expanded", "false"],
    ["aria-controls", list.id],
    ["aria-autocomplete", "list"],
  ]) input.setAttribute(name, value);

  const things = new Map(); // by their lines in the list
  let timer = 0;
  let asked = null;

  const address = () => {
    const found = new URL(path, document.baseURI);
    found.search = new URLSearchParams({ q: input.value.trim(), limit: "8", names: "1" });
    if (input.dataset.kind) found.searchParams.set("kind", input.dataset.kind);
    return found;
  };
  const selected = () => list.querySelector('[aria-selected="true"]');
  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const select = (option) => {
    selected()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const choose = (option) => {
    close();
    take(things.get(option), address());
  };

  async function ask() {
    asked?.abort();
    if (!input.value.trim()) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(address(), { headers: { Accept: "application/json" }, signal: asked.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).results);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(results) {
    things.clear();
    results.forEach((found, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("b");
      name.textContent = found.name;
      const kind = document.createElement("span");
      kind.textContent = found.what;
      option.append(name, " ", kind);
      things.set(option, found);
    });
    list.replaceChildren(...things.keys());
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const options = [...list.children];
    const at = options.indexOf(selected());
    if (event.key === "ArrowDown") select(options[(at + 1) % options.length]);
    else if (event.key === "ArrowUp") select(options[(at < 0 ? options.length : at) - 1] ?? options.at(-1));
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) choose(options[at]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("li");
    event.preventDefault(); // the box keeps the focus
    if (option && event.button === 0) choose(option);
  });
  input.addEventListener("blur", close);
}
