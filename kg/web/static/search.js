// The search box leads straight to what one chooses; a box for a name takes its id. Without this
// script both are plain fields of forms that lead to the same things.

import { suggest } from "./suggest.js";

for (const input of document.querySelectorAll("input[data-suggest]"))
  suggest(input, input.dataset.suggest, (found, address) => location.assign(new URL(found.page, address)));

for (const input of document.querySelectorAll("input[data-names]"))
  suggest(input, input.dataset.names, (found) => {
    input.value = found.id;
  });
