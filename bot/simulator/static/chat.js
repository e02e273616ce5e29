// The page: phones side by side and live entries; the tools above them stand in files of their own.

import { Phone, call, prefix } from "./phone.js";
import { wirePlays } from "./plays.js";
import { keepTime, received, wireTools } from "./tools.js";

const SHOWN = 3;
const phones = new Map();
let buttons = [];

function show(citizen) {
  if (phones.has(citizen.openid)) return;
  const phone = new Phone(citizen);
  phones.set(citizen.openid, phone);
  document.getElementById("phones").append(phone.root);
  const tab = document.createElement("button");
  tab.type = "button";
  tab.textContent = citizen.name;
  tab.addEventListener("click", () => focus(citizen.openid));
  phone.tab = tab;
  document.getElementById("tabs").append(tab);
  phone.menu(buttons);
  phone.load();
  if (phones.size === 1) focus(citizen.openid);
}

function focus(openid) {
  for (const phone of phones.values()) {
    const current = phone.openid === openid;
    phone.root.classList.toggle("current", current);
    phone.tab.setAttribute("aria-current", String(current));
    if (current) {
      phone.root.scrollIntoView({ inline: "end", block: "nearest" });
      phone.toEnd();
    }
  }
}

function wire() {
  document.getElementById("add").addEventListener("click", async () => {
    const citizen = await call("/citizens", {});
    show(citizen);
    focus(citizen.openid);
  });
  for (const panel of document.querySelectorAll(".tools")) {
    panel.addEventListener("toggle", () => {
      if (panel.open) for (const other of document.querySelectorAll(".tools")) if (other !== panel) other.open = false;
    });
  }
}

function listen() {
  const source = new EventSource(`${prefix}/events`);
  const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("entry", (entry) => {
    phones.get(entry.openid)?.add(entry);
    received(entry);
  });
  on("typing", (facts) => phones.get(facts.openid)?.typing(facts.on));
  on("clock", (facts) => keepTime(facts.now));
  on("menu", (facts) => {
    buttons = facts.button;
    for (const phone of phones.values()) phone.menu(buttons);
  });
  source.addEventListener("open", async () => {
    keepTime((await call("/clock")).now);
    for (const phone of phones.values()) phone.load();
  });
}

wire();
wireTools();
wirePlays((citizen) => { show(citizen); focus(citizen.openid); });
listen();
buttons = (await call("/menu")).button;
(await call("/citizens")).citizens.slice(0, SHOWN).forEach(show);
