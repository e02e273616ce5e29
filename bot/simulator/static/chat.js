// The page: phones side by side, live entries, the simulated clock and the faults.

import { Phone, call, prefix, toast } from "./phone.js";

const SHOWN = 3;
const HOUR = 3600;
const phones = new Map();
let buttons = [];
let ahead = 0;

const FAULTS = [
  ["系统繁忙 3 次", { calls: [{ errcode: -1, times: 3 }] }],
  ["接口凭证失效", { tokens: "revoke" }],
  ["IP 不在白名单 3 次", { tokens: "revoke", calls: [{ path: "token", errcode: 40164, times: 3 }] }],
  ["客服消息超时限 3 次", { calls: [{ path: "custom/send", errcode: 45015, times: 3 }] }],
  ["拒收订阅通知 3 次", { calls: [{ path: "bizsend", errcode: 43101, times: 3 }] }],
  ["接口 500 三次", { calls: [{ status: 500, times: 3 }] }],
  ["下一条推送两遍", { push: { duplicate: 1 } }],
  ["下一条推送晚到", { push: { hold: 1 } }],
  ["网页登录为快照页", { snapshot: true }],
  ["恢复正常", { clear: true }],
];

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
    if (current) phone.toEnd();
  }
}

function keepTime(now) {
  ahead = new Date(now).getTime() - Date.now();
  tick();
}

function tick() {
  const form = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", year: "numeric", month: "numeric", day: "numeric", weekday: "short",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });
  document.getElementById("clock").textContent = form.format(new Date(Date.now() + ahead)).replace("周", " 周");
}

async function move(body) {
  try {
    keepTime((await call("/clock", body)).now);
  } catch (error) {
    toast(error.message);
  }
}

function nextWorkday() {
  const day = new Date(Date.now() + ahead + 8 * HOUR * 1000).getUTCDay();
  return { 5: 3, 6: 2 }[day] || 1;
}

function arranged(faults) {
  const calls = faults.calls.map((fault) => `${fault.path || "全部接口"} ${fault.errcode || fault.status} ×${fault.times ?? "∞"}`);
  const push = [];
  if (faults.push.duplicate) push.push(`推送两遍 ×${faults.push.duplicate}`);
  if (faults.push.hold) push.push(`推送晚到 ×${faults.push.hold}`);
  document.getElementById("arranged").textContent = [...calls, ...push].join("；") || "现在没有故障";
}

function wire() {
  for (const button of document.querySelectorAll("[data-hours]")) {
    button.addEventListener("click", () => move({ advance_seconds: Number(button.dataset.hours) * HOUR }));
  }
  document.querySelector("[data-workday]").addEventListener("click", () => move({ advance_seconds: nextWorkday() * 24 * HOUR }));
  document.getElementById("set-clock").addEventListener("submit", (event) => {
    event.preventDefault();
    move({ now: `${event.target.at.value}:00+08:00` });
  });
  for (const [label, fault] of FAULTS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", async () => { arranged(await call("/faults", fault)); toast(label); });
    document.getElementById("faults").append(button);
  }
  document.getElementById("add").addEventListener("click", async () => {
    const citizen = await call("/citizens", {});
    show(citizen);
    focus(citizen.openid);
  });
  document.getElementById("tools").addEventListener("toggle", async () => arranged(await call("/faults")));
}

function listen() {
  const source = new EventSource(`${prefix}/events`);
  const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("entry", (entry) => phones.get(entry.openid)?.add(entry));
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
listen();
buttons = (await call("/menu")).button;
(await call("/citizens")).citizens.slice(0, SHOWN).forEach(show);
setInterval(tick, 1000);
