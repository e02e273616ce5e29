// Above the phones: the simulated clock, trouble at a click, and the notices that everybody received.

import { call, toast } from "./phone.js";

const HOUR = 3600;
const KEPT = 30;
const FAULTS = [
  ["系统繁忙 3 次", { calls: [{ errcode: -1, times: 3 }] }],
  ["40001 凭证失效", { tokens: "revoke" }],
  ["40164 IP 不在白名单", { tokens: "revoke", calls: [{ path: "token", errcode: 40164, times: 3 }] }],
  ["45015 客服消息超时限", { calls: [{ path: "custom/send", errcode: 45015, times: 3 }] }],
  ["43101 拒收订阅通知", { calls: [{ path: "bizsend", errcode: 43101, times: 3 }] }],
  ["45009 当天次数用完", { quota: "used_up" }],
  ["接口 500 三次", { calls: [{ status: 500, times: 3 }] }],
  ["接口 429 三次", { calls: [{ status: 429, times: 3 }] }],
  ["接口慢 8 秒", { calls: [{ delay: 8, times: 3 }] }],
  ["发出去没有回音", { calls: [{ path: "custom/send", status: 0, after: true }] }],
  ["下一条推送两遍", { push: { duplicate: 1 } }],
  ["下一条推送晚到", { push: { hold: 1 } }],
  ["网页登录为快照页", { snapshot: true }],
  ["恢复正常", { clear: true }],
];
const PATHS = { "custom/send": "客服消息", bizsend: "订阅通知", token: "取凭证" };
let ahead = 0;

export function keepTime(now) {
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

function arranged(faults) {
  const told = faults.calls.map((fault) => {
    const what = fault.errcode || (fault.delay ? `慢 ${fault.delay} 秒` : fault.status || "断开");
    return `${PATHS[fault.path] || fault.path || "全部接口"} ${what} ×${fault.times ?? "∞"}`;
  });
  if (faults.quota_used_up) told.push("当天次数用完");
  if (faults.push.duplicate) told.push(`推送两遍 ×${faults.push.duplicate}`);
  if (faults.push.hold) told.push(`推送晚到 ×${faults.push.hold}`);
  document.getElementById("arranged").textContent = told.join("；") || "现在没有故障";
}

function line(entry, name) {
  const item = document.createElement("li");
  const head = document.createElement("b");
  head.textContent = entry.extra.title || entry.kind;
  const when = document.createElement("span");
  when.className = "hint";
  const at = new Date(entry.at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
  when.textContent = ` ${name} · ${entry.kind === "subscribe" ? "订阅通知" : "模板消息"} · ${at}`;
  item.append(head, when);
  for (const [label, value] of entry.extra.rows || []) {
    const row = document.createElement("div");
    row.textContent = `${label}：${value}`;
    item.append(row);
  }
  return item;
}

// A notice that came just now; without a name the phone's own heading says whose it is.
export function received(entry, name = "") {
  if (entry.kind !== "subscribe" && entry.kind !== "template") return;
  const list = document.getElementById("received");
  if (list.dataset.empty) list.replaceChildren();
  delete list.dataset.empty;
  list.prepend(line(entry, name));
  while (list.children.length > KEPT) list.lastChild.remove();
}

async function loadNotices() {
  const list = document.getElementById("received");
  const { entries } = await call("/notices");
  list.replaceChildren(...entries.map((entry) => line(entry, entry.name)));
  if (entries.length) return;
  list.dataset.empty = "yes";
  const none = document.createElement("li");
  none.className = "hint";
  none.textContent = "还没有。先“同意接收通知”，把时间拨快 48 小时以上，再让办理有进展。";
  list.append(none);
}

export function wireTools() {
  for (const button of document.querySelectorAll("[data-hours]")) {
    button.addEventListener("click", () => move({ advance_seconds: Number(button.dataset.hours) * HOUR }));
  }
  document.querySelector("[data-workday]").addEventListener("click", () => move({ next_workday: true }));
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
  document.getElementById("tools").addEventListener("toggle", async () => arranged(await call("/faults")));
  document.getElementById("notices").addEventListener("toggle", (event) => { if (event.target.open) loadNotices(); });
  setInterval(tick, 1000);
}
