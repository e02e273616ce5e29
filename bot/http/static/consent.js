// Lets WeChat draw its own subscribe button. Without it the page still says where progress can be seen.

const consent = document.getElementById("consent");
const show = (outcome) => {
  for (const words of consent.querySelectorAll("[data-outcome]")) words.hidden = words.dataset.outcome !== outcome;
};

// A phone on which the button cannot be drawn.
document.addEventListener("WeixinOpenTagsError", () => show("old"));

const button = consent.querySelector("wx-open-subscribe");
button.addEventListener("success", () => show("told"));
button.addEventListener("error", () => show("failed"));

if (window.wx) {
  wx.error(() => show("failed"));
  wx.config({
    appId: consent.dataset.appId,
    timestamp: Number(consent.dataset.timestamp),
    nonceStr: consent.dataset.nonce,
    signature: consent.dataset.signature,
    jsApiList: ["checkJsApi"],
    openTagList: ["wx-open-subscribe"],
  });
} else {
  show("failed");
}
