// The SPARQL editor: Yasgui in the place of the plain form, asking this server only.

const place = document.getElementById("yasgui");
const form = document.querySelector("form[data-editing]");
const settings = JSON.parse(place.dataset.settings);
const endpoint = new URL(place.dataset.endpoint, document.baseURI).href;

// Scripts with `defer` have run before modules do; where this one could not be loaded the form stays.
if (window.Yasgui) start(window.Yasgui);

function start(Yasgui) {
  const { Yasqe } = Yasgui;
  // Its own list of prefixes comes from elsewhere, and so do its suggestions of classes and properties.
  Yasqe.forkAutocompleter("prefixes", { name: "workspace", persistenceId: null, get: async () => prefixes() }, false);
  for (const kind of ["class", "property"])
    Yasqe.forkAutocompleter(kind, { name: `own-${kind}`, get: async (_, token) => terms(kind, token) }, false);
  Yasqe.defaults.autocompleters = ["workspace", "variables", "own-class", "own-property"];
  Yasqe.defaults.prefixCcApi = null;
  // Its own links have the query behind a hash, with an endpoint, which nobody should be led to ask.
  Yasgui.Tab.prototype.getShareableLink = function () {
    return share(this.getYasqe());
  };

  place.hidden = false;
  const editor = new Yasgui(place, {
    requestConfig: { endpoint, method: "POST", acceptHeaderGraph: "text/turtle", acceptHeaderSelect: "application/sparql-results+json" },
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [] },
    persistenceId: `kg ${endpoint}`,
    populateFromUrl: false,
    tabName: settings.tab,
    yasqe: { value: form.query.value, prefixCcApi: null, resizeable: true, inputStyle: "contenteditable", screenReaderLabel: "Query" },
    yasr: { prefixes: settings.prefixes },
  });
  const linked = new URLSearchParams(location.hash.slice(1)).get("query");
  if (linked) open(editor, linked);
  else if (settings.given || !editor.getTab()) open(editor, form.query.value);
  name();
  new MutationObserver(name).observe(place, { childList: true, subtree: true });
  const wrong = form.querySelector("[role=alert]");
  if (wrong) place.before(wrong);
  form.hidden = true;
  document.querySelector("[data-answer]")?.remove();
}

// A query in a tab: in the one that has it already, or in a new one.
function open(editor, query) {
  const same = Object.values(editor._tabs).find((tab) => tab.getQuery().trim() === query.trim());
  if (same) editor.selectTabId(same.getId());
  else editor.addTab(true, { name: editor.createTabName(settings.tab), yasqe: { value: query } });
}

// What Yasgui leaves without a name or in the wrong role for screen readers.
function name() {
  place.querySelector(".tabsList .addTab:not([role])")?.setAttribute("role", "tab");
  for (const select of place.querySelectorAll(".tableSizer:not([aria-label])")) select.setAttribute("aria-label", "Rows on a page");
}

function prefixes() {
  return Object.entries(settings.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort();
}

function terms(kind, token) {
  const typed = token?.autocompletionString ?? "";
  return settings.terms[kind].filter((term) => term.startsWith(typed));
}

// Things of the workspace have their pages here, wherever their IRIs lead.
place.addEventListener("click", toPage, true);
place.addEventListener("auxclick", toPage, true);

function toPage(event) {
  const link = event.target.closest("a[href]");
  const inside = `${settings.base}id/`;
  if (link?.href.startsWith(inside)) link.href = new URL(`${place.dataset.page}${link.href.slice(inside.length)}`, document.baseURI);
}

function share(yasqe) {
  const address = new URL(form.action);
  address.search = new URLSearchParams({ query: yasqe.getValue(), edit: "" });
  return address.href;
}
