// The page works without this file. With it the answer appears in place, is announced, and its link can be copied.
"use strict";

const content = () => document.getElementById("content");

async function show(address, push) {
  const reply = await fetch(address, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const found = page.getElementById("content");
  if (!found) throw new Error("no page");
  content().replaceWith(document.importNode(found, true));
  document.title = page.title;
  if (push) history.pushState(null, "", address);
  prepare();
  const result = document.getElementById("result") || document.getElementById("errors-title");
  const heard = document.getElementById("said");
  if (result && heard) heard.textContent = result.textContent;
  const target = document.querySelector("[aria-invalid]") || result;
  if (push && target) target.focus();
}

function go(address, push) {
  show(address, push).catch(() => location.assign(address));
}

function prepare() {
  const form = document.getElementById("ask");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = [...new FormData(form)].filter(([, value]) => value !== "");
    go("/?" + new URLSearchParams(asked), true);
  });
  for (const button of document.querySelectorAll("button.copy")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(new URL(button.dataset.link, location.href).href);
      document.getElementById("said").textContent = "The link is copied";
      button.textContent = "Copied";
    });
  }
}

addEventListener("popstate", () => go(location.pathname + location.search, false));
prepare();
