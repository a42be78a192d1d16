// In the text of an article: goes to #char=START,END (RFC 5147) wherever that is, and shows which
// words a claim rests on, and which claims rest on words. The page reads and links without it.
// A classic script: modules do not run in pages that are opened as files.
"use strict";

const text = document.getElementById("text");
const claims = document.querySelector(".claims");

if (text) {
  addEventListener("hashchange", go);
  go();
  for (const [part, key] of [[text, "claims"], [claims, "claim"]]) {
    for (const kind of ["pointerover", "focusin"]) {
      part?.addEventListener(kind, (event) => {
        const numbers = named(event.target, key);
        light(numbers);
        if (part === text) follow(numbers);
      });
    }
    part?.addEventListener("pointerleave", () => light());
    part?.addEventListener("focusout", () => light());
  }
}

// Show what a fragment names. Where a stretch has an id of its own the browser has scrolled already.
function go() {
  const found = /^#char=(\d+),(\d+)$/.exec(decodeURIComponent(location.hash));
  for (const words of text.querySelectorAll(".target")) words.classList.remove("target");
  globalThis.CSS?.highlights?.delete("place");
  if (!found) return;
  const range = mark(Number(found[1]), Number(found[2]));
  if (!range) return;
  globalThis.CSS?.highlights?.set("place", new Highlight(range));
  range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
}

// The range from one place in the text to another, which count code points; what is marked there for
// other reasons becomes the target as well.
function mark(start, end) {
  const range = new Range();
  let begun = false;
  for (const line of lines(start, end)) {
    let place = Number(line.dataset.at);
    const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      if (node.parentElement.closest(".refs")) continue;
      const points = [...node.data];
      const next = place + points.length;
      if (next > start && place < end) {
        const from = points.slice(0, Math.max(0, start - place)).join("").length;
        const to = points.slice(0, end - place).join("").length;
        if (!begun) range.setStart(node, from);
        range.setEnd(node, to);
        begun = true;
        if (node.parentElement !== line && place >= start && next <= end) node.parentElement.classList.add("target");
      }
      place = next;
    }
  }
  return begun ? range : null;
}

// The lines of the text that a stretch may reach into.
function lines(start, end) {
  const all = [...text.querySelectorAll("[data-at]")];
  return all.filter((line, i) => {
    const following = all[i + 1];
    return Number(line.dataset.at) < end && (!following || Number(following.dataset.at) > start);
  });
}

// The numbers of the claims that a place on the page belongs to; a reference is that of its own claim.
function named(node, key) {
  const reference = node.closest?.(".refs a");
  return reference ? reference.hash.slice("#claim-".length) : node.closest?.(`[data-${key}]`)?.dataset[key];
}

// Where the list of claims scrolls by itself, show in it the first of those that are lit.
function follow(numbers) {
  const claim = numbers && document.getElementById(`claim-${numbers.split(" ")[0]}`);
  const list = claims?.closest(".said");
  if (!claim || getComputedStyle(list).overflowY !== "auto" || list.scrollHeight <= list.clientHeight) return;
  const [whole, one] = [list.getBoundingClientRect(), claim.getBoundingClientRect()];
  if (one.top >= whole.top && one.bottom <= whole.bottom) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = list.scrollTop + one.top - whole.top - Math.max((whole.height - one.height) / 2, 0);
  list.scrollTo({ top, behavior: still ? "instant" : "smooth" });
}

// Light up claims by their numbers, and the words that they rest on.
function light(numbers) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  for (const number of numbers?.split(" ") ?? []) {
    document.getElementById(`claim-${number}`)?.classList.add("lit");
    for (const words of text.querySelectorAll(`[data-claims~="${CSS.escape(number)}"]`)) words.classList.add("lit");
  }
}
