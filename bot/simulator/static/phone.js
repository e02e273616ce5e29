// One citizen's phone: draws the entries of the transcript and sends what the citizen does.

export const prefix = document.body.dataset.prefix;

export async function call(path, body) {
  const how = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const response = await fetch(prefix + path, how);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || `出错了（${response.status}）`);
  return answer;
}

export function toast(words) {
  const place = document.getElementById("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { place.hidden = true; }, 4000);
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

const KINDS = { reply: "自动回复", service: "客服消息", template: "模板消息", subscribe: "订阅通知" };

export class Phone {
  constructor(citizen) {
    this.openid = citizen.openid;
    this.name = citizen.name;
    this.last = 0;
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.chat = this.root.querySelector(".chat");
    this.state = this.root.querySelector(".state");
    this.root.querySelector(".who").textContent = citizen.name;
    this.wire();
  }

  async load() {
    const { entries } = await call(`/transcript?openid=${this.openid}`);
    entries.forEach((entry) => this.add(entry));
  }

  wire() {
    const form = this.root.querySelector("form");
    const plus = this.root.querySelector(".plus");
    const extras = this.root.querySelector(".extras");
    const send = () => {
      const text = form.text.value;
      if (!text.trim()) return;
      form.text.value = "";
      this.say({ text });
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
    form.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    });
    plus.addEventListener("click", () => {
      extras.hidden = !extras.hidden;
      plus.setAttribute("aria-expanded", String(!extras.hidden));
      this.toEnd();
    });
    for (const button of extras.querySelectorAll("button")) {
      button.addEventListener("click", () => this.say({ [button.dataset.send]: true }));
    }
    this.empty = this.chat.querySelector(".empty");
    this.empty.querySelector("button").addEventListener("click", () => this.do("follow"));
    this.root.querySelector(".record").href = `${prefix}/record?openid=${this.openid}`;
    const more = this.root.querySelector(".more");
    more.addEventListener("click", (event) => {
      const act = event.target.dataset.act;
      if (!act) return;
      more.open = false;
      this.do(act);
    });
  }

  async say(what) {
    try {
      const done = await call("/say", { openid: this.openid, ...what });
      if (done.status === "held") toast("这一条推送被扣住，下一条之后才到");
    } catch (error) {
      toast(error.message);
    }
  }

  async do(act) {
    if (act === "follow") return this.say({ event: "subscribe" });
    if (act === "unfollow") return this.say({ event: "unsubscribe" });
    try {
      if (act === "repeat") {
        const done = await call("/repeat", { openid: this.openid });
        toast(`已重复推送：${done.status === "replied" ? "又收到回复（聊天里不显示）" : done.status}`);
      } else {
        await call("/consent", { openid: this.openid, answer: act });
      }
    } catch (error) {
      toast(error.message);
    }
    return undefined;
  }

  typing(on) {
    this.state.textContent = on ? "对方正在输入…" : "";
    clearTimeout(this.typingTimer);
    if (on) this.typingTimer = setTimeout(() => this.typing(false), 15000);
  }

  add(entry) {
    if (entry.seq <= this.last) return;
    this.last = entry.seq;
    this.empty.remove();
    if (entry.side === "account") this.typing(false);
    const line = make("li", entry.side);
    line.append(...this.drawn(entry));
    this.chat.append(line);
    this.toEnd();
  }

  toEnd() {
    this.chat.scrollTop = this.chat.scrollHeight;
  }

  drawn(entry) {
    if (entry.side === "platform") {
      const place = make("div", entry.kind === "tip" ? "tip" : "note", entry.text);
      return entry.extra.reason ? [place, make("div", "meta", `原因：${entry.extra.reason}`)] : [place];
    }
    const shown = entry.extra.rows ? this.card(entry) : this.bubble(entry);
    if (entry.side === "citizen") return [shown];
    const took = entry.extra.seconds === undefined ? "" : ` · ${entry.extra.seconds.toFixed(2)} 秒`;
    return [shown, make("div", "meta", (KINDS[entry.kind] || entry.kind) + took)];
  }

  bubble(entry) {
    const bubble = make("div", "bubble");
    if (entry.kind === "image" && entry.extra.media) {
      bubble.classList.add("picture");
      const picture = make("img");
      picture.src = `${prefix}/media/${encodeURIComponent(entry.extra.media)}`;
      picture.alt = "市民发来的照片";
      picture.addEventListener("load", () => this.toEnd());
      bubble.append(picture);
      return bubble;
    }
    if (entry.side === "citizen") bubble.textContent = entry.text;
    else bubble.append(...entry.parts.map((part) => this.part(part)));
    return bubble;
  }

  part(part) {
    if (part.word) {
      const option = make("button", "option", part.text);
      option.type = "button";
      option.addEventListener("click", () => this.say({ text: part.word, menu_id: part.menu_id || "0" }));
      return option;
    }
    return part.url ? this.link(part.text, part.url) : document.createTextNode(part.text);
  }

  link(text, url) {
    if (!/^https?:\/\//i.test(url)) return document.createTextNode(text);
    const link = make("a", "", text);
    link.href = this.browse(url);
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }

  browse(url) {
    return `${prefix}/browse?openid=${this.openid}&url=${encodeURIComponent(url)}`;
  }

  card(entry) {
    const card = make("div", "card");
    card.append(make("h3", "", entry.extra.title));
    const rows = make("dl");
    for (const [label, value] of entry.extra.rows) {
      rows.append(make("dt", "", label), make("dd", "", value));
    }
    card.append(rows);
    if (entry.extra.url) card.append(this.link("查看详情", entry.extra.url));
    return card;
  }

  menu(buttons) {
    const place = this.root.querySelector(".menu");
    place.replaceChildren(...buttons.map((button) => this.menuButton(button)));
    place.hidden = buttons.length === 0;
    this.toEnd();
  }

  menuButton(button) {
    const cell = make("div");
    const below = button.sub_button || [];
    const top = make("button", "", below.length ? `≡ ${button.name}` : button.name);
    top.type = "button";
    cell.append(top);
    if (!below.length) {
      top.addEventListener("click", () => this.press(button));
      return cell;
    }
    const list = make("div", "below");
    list.hidden = true;
    for (const inner of below) {
      const item = make("button", "", inner.name);
      item.type = "button";
      item.addEventListener("click", () => { list.hidden = true; this.press(inner); });
      list.append(item);
    }
    top.addEventListener("click", () => {
      const opens = list.hidden;
      for (const other of this.root.querySelectorAll(".below")) other.hidden = true;
      list.hidden = !opens;
    });
    cell.append(list);
    return cell;
  }

  press(button) {
    if (button.type === "view") {
      window.open(this.browse(button.url), "_blank", "noopener");
      return this.say({ event: "VIEW", url: button.url });
    }
    return this.say({ event: "CLICK", key: button.key, name: button.name });
  }
}
