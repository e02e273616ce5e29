// Scripts: chosen, played through or step by step; each step shows what was said, expected and got.

import { call, toast } from "./phone.js";

const PAUSE = 700; // milliseconds between steps, so that people can read along
let play = null;
let running = false;
let text = null;

function make(tag, className, words) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = words;
  return element;
}

function told(step) {
  return [make("b", "", step.said), ...step.expected.map((one) => make("div", "hint", `应当：${one}`))];
}

function drawn(step) {
  const item = document.createElement("li");
  item.append(...told(step));
  return item;
}

async function begin() {
  const script = document.getElementById("script").value;
  play = await call("/plays", text === null ? { script } : { text });
  play.at = 0;
  play.failed = 0;
  document.getElementById("steps").replaceChildren(...play.steps.map(drawn));
  document.getElementById("score").textContent = `共 ${play.steps.length} 步`;
}

async function step(meet) {
  if (!play || play.at >= play.steps.length) await begin();
  const item = document.getElementById("steps").children[play.at];
  item.className = "now";
  item.scrollIntoView({ block: "nearest" });
  const done = await call(`/plays/${play.id}/step`, {});
  play.at = done.n;
  meet({ openid: done.openid, name: done.name });
  item.className = done.ok ? "good" : "bad";
  item.replaceChildren(...told(done));
  if (done.got) item.append(make("div", "got", done.got));
  if (done.why) {
    play.failed += 1;
    item.append(make("div", "why", `没有做到：${done.why}`));
  }
  const left = play.steps.length - play.at;
  const score = play.failed ? `${play.failed} 步没有做到` : "都对";
  document.getElementById("score").textContent = left ? `还有 ${left} 步` : `放完了，${score}`;
  return left > 0;
}

// One thing at a time: what was clicked meanwhile is left.
async function alone(work) {
  if (running) { running = false; return; }
  running = true;
  document.getElementById("play").textContent = "停";
  try {
    await work();
  } catch (error) {
    toast(error.message);
  }
  running = false;
  document.getElementById("play").textContent = "播放";
}

async function toTheEnd(meet) {
  while (await step(meet)) {
    await new Promise((go) => { setTimeout(go, PAUSE); });
    if (!running) return;
  }
}

export async function wirePlays(meet) {
  const choice = document.getElementById("script");
  document.getElementById("play").addEventListener("click", () => alone(() => toTheEnd(meet)));
  document.getElementById("step").addEventListener("click", () => { if (!running) alone(() => step(meet)); });
  document.getElementById("again").addEventListener("click", () => { if (!running) alone(begin); });
  choice.addEventListener("change", () => { text = null; if (!running) alone(begin); });
  document.getElementById("script-file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    text = await file.text();
    event.target.value = "";
    alone(begin);
  });
  const { scripts } = await call("/scripts");
  choice.append(...scripts.map((one) => new Option(one.title, one.name)));
  await alone(begin);
}
