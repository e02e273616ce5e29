// Pages of the console work without this: keys for lists and the queue, how many cases are chosen, the menu.
// What the focus is in is where one is, so that keys, Tab and screen readers agree.

const rows = () => [...document.querySelectorAll("[data-row]")];
const here = () => document.activeElement.closest("[data-row]");
const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select") || element.closest("dialog[open]");

function go(step) {
  const all = rows();
  const at = all.indexOf(here());
  const to = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (!to) return;
  to.querySelector("[data-open]").focus();
  to.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => here()?.querySelector("[data-open]").click(),
  x: () => here()?.querySelector("input[type=checkbox]")?.click(),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const choice = /^[1-3]$/.test(event.key) && here()?.querySelector(`[data-key="${event.key}"]`);
  const act = choice ? () => choice.click() : KEYS[event.key];
  if (!act || event.repeat && choice) return;
  event.preventDefault();
  act();
});

function count() {
  const said = document.querySelector("[data-picked]");
  if (!said) return;
  const picked = document.querySelectorAll("input[name=case]:checked").length;
  said.textContent = picked ? `已选 ${picked} 件` : "";
}
document.addEventListener("change", count);
addEventListener("pageshow", count);

// The menu under 更多 closes when one goes elsewhere.
const menu = document.querySelector("[data-menu]");
for (const kind of ["click", "focusin"])
  document.addEventListener(kind, (event) => { if (menu && !menu.contains(event.target)) menu.open = false; });
menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
