// Pictures that can be looked at closely: buttons, wheel with Ctrl, pinching, dragging, arrow keys.
// A network is enlarged as it is; of a timeline a shorter time is spread over the same width.
// Without this script the pictures are whole, and their links work.

// A classic script: modules do not run in pages that are opened as files.
"use strict";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SVG = "http://www.w3.org/2000/svg";
const DAY = 86400000;
const FIRST = -62135683200000; // the day before 1 January of the year 1, whose number is 1
const STEP = 1.4;
// Names of some 11 pixels are of 8 then, about the least that one reads.
const LEGIBLE = 0.75;

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

/** A network: zooming changes the part of the drawing that is shown. */
class Plane {
  constructor(svg) {
    this.svg = svg;
    const { x, y, width, height } = svg.viewBox.baseVal;
    this.whole = { x, y, width, height };
    this.most = 8;
    this.reset();
  }

  reset() {
    this.scale = 1;
    this.x = this.whole.x;
    this.y = this.whole.y;
    this.show();
  }

  zoom(factor, atX = 0.5, atY = 0.5) {
    const scale = clamp(this.scale * factor, 1, this.most);
    const { width, height } = this.whole;
    this.x += atX * (width / this.scale - width / scale);
    this.y += atY * (height / this.scale - height / scale);
    this.scale = scale;
    this.show();
  }

  pan(right, down) {
    this.x += right * (this.whole.width / this.scale);
    this.y += down * (this.whole.height / this.scale);
    this.show();
  }

  show() {
    const width = this.whole.width / this.scale;
    const height = this.whole.height / this.scale;
    this.x = clamp(this.x, this.whole.x, this.whole.x + this.whole.width - width);
    this.y = clamp(this.y, this.whole.y, this.whole.y + this.whole.height - height);
    this.svg.setAttribute("viewBox", `${this.x} ${this.y} ${width} ${height}`);
  }
}

/** A timeline: zooming spreads a shorter time over the width; names and heights stay as they are. */
class Time {
  constructor(svg) {
    this.svg = svg;
    const number = (name) => Number(svg.dataset[name]);
    this.start = number("start");
    this.end = number("end");
    this.left = number("left");
    this.right = number("right");
    this.ticks = svg.querySelector(".ticks");
    this.first = this.ticks.innerHTML;
    this.most = Math.max((this.end - this.start) / 3, 1);
    this.items = [...svg.querySelectorAll("a.item")].map((link) => ({
      link,
      focus: link.querySelector(".focus"),
      joint: link.querySelector(".joint"),
      words: [...link.querySelectorAll("[data-at]")],
      marks: [...link.querySelectorAll("[data-from]")],
      opens: [...link.querySelectorAll("[data-edge]")],
    }));
    this.reset();
  }

  reset() {
    this.scale = 1;
    this.from = 0;
    this.show();
  }

  /** Where most of what is seen lies, as a part of the width. */
  middle() {
    const until = this.from + 1 / this.scale;
    const begins = this.items
      .flatMap((item) => item.marks.map((mark) => Number(mark.dataset.from)))
      .filter((from) => from > 0 && from >= this.from && from <= until)
      .sort((one, other) => one - other);
    return begins.length ? this.at(begins[begins.length >> 1]) / 1200 : 0.5;
  }

  /** Where a narrow frame shows most: between the marks and the middle of their names. */
  best() {
    const boxes = this.items.map((item) => item.words[0].getBBox());
    const places = boxes.map((box) => box.x + box.width / 2).sort((one, other) => one - other);
    return places.length ? (places[places.length >> 1] / 1200 + this.middle()) / 2 : 0.5;
  }

  zoom(factor, at = this.middle()) {
    const scale = clamp(this.scale * factor, 1, this.most);
    const inner = clamp((at * 1200 - this.left) / (this.right - this.left), 0, 1);
    this.from += inner * (1 / this.scale - 1 / scale);
    this.scale = scale;
    this.show();
  }

  pan(right) {
    this.from += right / this.scale;
    this.show();
  }

  at(part) {
    return this.left + (part - this.from) * this.scale * (this.right - this.left);
  }

  show() {
    this.from = clamp(this.from, 0, 1 - 1 / this.scale);
    for (const item of this.items) this.place(item);
    if (this.scale === 1) this.ticks.innerHTML = this.first;
    else this.mark();
  }

  place(item) {
    const until = this.from + 1 / this.scale;
    const seen = item.marks.some((m) => Number(m.dataset.from) <= until && Number(m.dataset.to) >= this.from);
    item.link.classList.toggle("away", !seen);
    if (!seen) return;
    const begins = [];
    for (const mark of item.marks) {
      const from = this.at(Number(mark.dataset.from));
      const to = this.at(Number(mark.dataset.to));
      const left = Math.max(from, this.left - 20);
      const begin = mark.tagName === "circle" ? (from + to) / 2 : mark.dataset.from === "0.000000" ? to : from;
      begins.push([begin, mark.dataset.y]);
      const right = Math.min(to, this.right + 20);
      if (mark.tagName === "circle") {
        mark.setAttribute("cx", (from + to) / 2);
      } else {
        const wide = Math.max(right - left, 10);
        const x = right - left < 10 ? (from + to - wide) / 2 : left;
        mark.setAttribute("x", x);
        mark.setAttribute("width", wide);
      }
    }
    item.joint?.setAttribute("points", begins.map((point) => point.join(",")).join(" "));
    for (const words of item.words) {
      const flush = words.getAttribute("text-anchor") === "end";
      const x = this.at(Number(words.dataset.at)) + Number(words.dataset.shift ?? 0);
      // The name of a bar that begins outside stands at the edge.
      words.setAttribute("x", flush ? Math.min(x, this.right) : Math.max(x, this.left));
    }
    for (const arrow of item.opens) {
      arrow.classList.toggle("away", arrow.dataset.edge === "0" ? this.from > 0 : until < 1);
    }
    const box = item.words[0].getBBox();
    item.focus.setAttribute("x", box.x - 4);
    item.focus.setAttribute("width", box.width + 8);
  }

  mark() {
    const days = this.end - this.start;
    const first = this.start + this.from * days;
    const last = first + days / this.scale;
    const nodes = [this.line("axis", this.left, 44, this.right, 44)];
    let before = -1;
    let year = "";
    for (const tick of ticks(first, last, 10)) {
      const x = this.at((tick.day - this.start) / days);
      if (x < before || x < this.left || x > this.right) continue;
      before = x + 56;
      nodes.push(this.line("grid", x, 39, x, this.ticks.dataset.bottom));
      if (tick.year !== year) nodes.push(this.text(x, 16, tick.year));
      year = tick.year;
      if (tick.label) nodes.push(this.text(x, 33, tick.label));
    }
    this.ticks.replaceChildren(...nodes);
  }

  line(style, x1, y1, x2, y2) {
    return made("line", { class: style, x1, y1, x2, y2 });
  }

  text(x, y, words) {
    const node = made("text", { class: "tick", x, y, "text-anchor": "middle" });
    node.textContent = words;
    return node;
  }
}

function made(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** The ticks between two days, in the smallest step of which no more than `fit` are needed. */
function ticks(first, last, fit) {
  const found = [];
  const day = (year, month, number) => {
    const date = new Date(Date.UTC(2000, month, number));
    date.setUTCFullYear(year, month, number);
    return Math.round((date.getTime() - FIRST) / DAY);
  };
  const said = (year) => (year < 1 ? `${1 - year} BC` : String(year));
  const civil = (number) => new Date(FIRST + number * DAY);
  for (const step of [1, 2, 5, 10]) {
    if ((last - first) / step > fit) continue;
    for (let at = Math.ceil(first); at <= last; at += 1) {
      const date = civil(at);
      if (at % step) continue;
      found.push({ day: at, label: `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`, year: said(date.getUTCFullYear()) });
    }
    return found;
  }
  const from = civil(first).getUTCFullYear();
  const to = civil(last).getUTCFullYear();
  for (const step of [1, 3, 6]) {
    if ((last - first) / (step * 30.44) > fit) continue;
    for (let year = from; year <= to; year += 1) {
      for (let month = 0; month < 12; month += step) {
        found.push({ day: day(year, month, 1), label: MONTHS[month], year: said(year) });
      }
    }
    return found.filter((tick) => tick.day >= first && tick.day <= last);
  }
  let step = 1;
  while ((last - first) / (step * 365.2425) > fit) step = String(step)[0] === "2" ? step * 2.5 : step * 2;
  for (let year = Math.ceil(from / step) * step; year <= to; year += step) {
    found.push({ day: day(year, 0, 1), label: said(year), year: "" });
  }
  return found.filter((tick) => tick.day >= first && tick.day <= last);
}

/** What is linked with the node in hand stands out from the rest. */
function highlight(svg) {
  const edges = [...svg.querySelectorAll(".edge")];
  const nodes = new Map([...svg.querySelectorAll(".node")].map((node) => [node.dataset.node, node]));
  const choose = (chosen) => {
    for (const lit of svg.querySelectorAll(".lit")) lit.classList.remove("lit");
    svg.classList.toggle("chosen", Boolean(chosen));
    if (!chosen) return;
    chosen.classList.add("lit");
    for (const edge of edges) {
      const { source, about } = edge.dataset;
      if (edge !== chosen && source !== chosen.dataset.node && about !== chosen.dataset.node) continue;
      edge.classList.add("lit");
      nodes.get(source)?.classList.add("lit");
      nodes.get(about)?.classList.add("lit");
    }
  };
  const of = (event) => event.target.closest?.(".node, .edge");
  svg.addEventListener("pointerover", (event) => choose(of(event)));
  svg.addEventListener("pointerleave", () => choose(null));
  svg.addEventListener("focusin", (event) => choose(of(event)));
  svg.addEventListener("focusout", () => choose(null));
}

/** A picture in its frame, which may be narrower: then the picture is made smaller, or scrolled. */
class Framed {
  constructor(svg, scroller) {
    this.svg = svg;
    this.scroller = scroller;
    this.view = svg.dataset.zoom === "time" ? new Time(svg) : new Plane(svg);
    this.size = 1;
    if (this.fit >= LEGIBLE) this.resize(this.fit);
    else this.centre(this.view instanceof Time ? this.view.best() : 0.5);
    addEventListener("resize", () => this.size < 1 && this.resize(this.fit));
  }

  /** How much smaller the picture has to be to be seen whole. */
  get fit() {
    const natural = this.svg.getBoundingClientRect().width / this.size;
    return Math.min(this.scroller.clientWidth / natural, 1);
  }

  /** How much larger all is than where the whole is seen. */
  get scale() {
    return (this.view.scale * this.size) / this.fit;
  }

  /** What part of the width stands in the middle of the frame. */
  get middle() {
    return (this.scroller.scrollLeft + this.scroller.clientWidth / 2) / this.scroller.scrollWidth;
  }

  centre(part) {
    this.scroller.scrollLeft = part * this.scroller.scrollWidth - this.scroller.clientWidth / 2;
  }

  resize(size) {
    const middle = this.middle;
    this.svg.style.width = this.svg.style.minWidth = "";
    this.size = 1;
    const natural = this.svg.getBoundingClientRect().width;
    this.size = clamp(size, this.fit, 1);
    if (this.size < 1) {
      this.svg.style.minWidth = "0";
      this.svg.style.width = `${natural * this.size}px`;
    }
    this.centre(middle);
  }

  reset() {
    this.view.reset();
    this.resize(0);
  }

  zoom(factor, ...place) {
    const sized = factor < 1 ? this.view.scale === 1 : this.size < 1;
    if (sized) this.resize(this.size * factor);
    else if (place.length || this.fit === 1) this.view.zoom(factor, ...place);
    else this.view.zoom(factor, this.middle);
  }

  /** Scroll as far as that goes; then pan. */
  pan(right, down) {
    const before = this.scroller.scrollLeft;
    this.scroller.scrollLeft += right * this.scroller.clientWidth;
    if (this.scroller.scrollLeft === before) this.view.pan(right, down);
  }

  /** Pan as far as that goes; then scroll: what is held stays in the hand. */
  drag(right, down) {
    const begin = () => this.view.x ?? this.view.from;
    const before = begin();
    this.view.pan(right, down);
    if (begin() === before) this.scroller.scrollLeft += right * this.svg.getBoundingClientRect().width;
  }
}

function control(picture) {
  const svg = picture.querySelector("svg[data-zoom]");
  const scroller = picture.querySelector(".picture__view");
  const tools = document.createElement("div");
  tools.className = "picture__tools";
  const shown = document.createElement("output");
  const view = new Framed(svg, scroller);
  const act = (work) => {
    work();
    picture.classList.toggle("zoomed", view.view.scale > 1);
    shown.textContent = view.scale > 1.001 ? `${view.scale.toFixed(1)} times` : "whole";
  };
  const button = (words, label, work) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.textContent = words;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => act(work));
    tools.append(made);
  };
  button("+", "Closer", () => view.zoom(STEP));
  button("−", "Further away", () => view.zoom(1 / STEP));
  button("←", "To the left", () => view.pan(-0.25, 0));
  button("→", "To the right", () => view.pan(0.25, 0));
  button("Whole", "The whole picture", () => view.reset());
  const hint = document.createElement("span");
  hint.className = "quiet";
  hint.textContent = "Also: keys + − 0 and arrows, Ctrl with the wheel, dragging";
  tools.append(shown, hint);
  picture.prepend(tools);
  act(() => {});

  scroller.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      "+": () => view.zoom(STEP),
      "=": () => view.zoom(STEP),
      "-": () => view.zoom(1 / STEP),
      0: () => view.reset(),
      ArrowLeft: () => view.pan(-0.15, 0),
      ArrowRight: () => view.pan(0.15, 0),
    };
    if (view.view instanceof Plane) {
      keys.ArrowUp = () => view.pan(0, -0.15);
      keys.ArrowDown = () => view.pan(0, 0.15);
    }
    const work = keys[event.key];
    if (!work || (view.view.scale === 1 && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    act(work);
  });

  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      act(() => view.zoom(Math.exp(-event.deltaY / 300), ...place(event)));
    },
    { passive: false },
  );

  const held = new Map();
  let moved = false;
  svg.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, place(event));
    moved = false;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    if (held.size === 2) {
      const [other] = [...held].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const far = (at) => Math.hypot(at[0] - other[0], at[1] - other[1]) || 0.01;
      act(() => view.zoom(far(now) / far(before), ...other));
      moved = true;
    } else if (view.view.scale > 1) {
      if (!moved && Math.hypot(now[0] - before[0], now[1] - before[1]) < 0.006) return;
      moved = true;
      svg.setPointerCapture(event.pointerId);
      picture.classList.add("dragged");
      act(() => view.drag(before[0] - now[0], before[1] - now[1]));
    }
    held.set(event.pointerId, now);
  });
  const release = (event) => {
    held.delete(event.pointerId);
    picture.classList.remove("dragged");
  };
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(name, release);
  // Who drags does not want to follow a link.
  svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  if (view.view instanceof Plane) highlight(svg);
}

for (const picture of document.querySelectorAll("[data-picture]")) control(picture);
