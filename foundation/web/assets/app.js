// Everything works without this file; it adds: answers sent in place and again when the network fails, the time an item was on
// screen, questions before grave steps, copying, printing. Forms and buttons ask for it by data attributes.
"use strict";
(() => {
  const say = (name, form) => (form && form.dataset[name]) || document.body.dataset[name] || "";
  const page = () => document.getElementById("main");
  let shown = performance.now();
  let unsent = false;

  function status(text) {
    const line = document.getElementById("status");
    if (line) line.textContent = text;
  }

  // Controls that need a script are in the page as hidden.
  function reveal(root) {
    for (const element of root.querySelectorAll("[data-scripted], [data-print], [data-copy]")) element.hidden = false;
  }

  function focusFirst(root) {
    const target = root.querySelector(".error-summary") || root.querySelector("h1");
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    root.scrollIntoView();
  }

  function show(html, address) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const main = parsed.getElementById("main");
    if (!main) return false;
    page().replaceWith(document.adoptNode(main));
    if (parsed.title) document.title = parsed.title;
    if (address) {
      history.replaceState(null, "", address);
      const back = document.querySelector(".languages [name=return_to]");
      if (back) back.value = address;
    }
    shown = performance.now();
    reveal(main);
    focusFirst(main);
    return true;
  }

  // Resolves with the answer, however often the network fails; waits 1, 2, 4 … 30 s, less when the device comes back online.
  async function send(form, address, body) {
    for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
      let response;
      try {
        const headers = { "x-melek-fragment": "1", accept: "text/html" };
        response = await fetch(address, { method: "POST", body, headers, signal: AbortSignal.timeout?.(20000) });
        if (![502, 503, 504].includes(response.status)) return [response, await response.text()];
      } catch {
        response = null;
      }
      unsent = true;
      status(say("unsent", form));
      const asked = response && Number(response.headers.get("retry-after")) * 1000;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, asked || wait);
        addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
      });
    }
  }

  async function submit(form, submitter) {
    form.setAttribute("aria-busy", "true");
    const elapsed = form.querySelector("input[name=elapsed]");
    if (elapsed) elapsed.value = Math.round(performance.now() - shown);
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    const slow = setTimeout(() => status(say("sending", form)), 700);
    const address = (submitter && submitter.getAttribute("formaction")) || form.action;
    const [response, html] = await send(form, address, new URLSearchParams(data));
    clearTimeout(slow);
    unsent = false;
    status("");
    const go = response.headers.get("x-melek-go");
    const at = response.headers.get("x-melek-at") || (response.redirected ? response.url : "");
    if (go) location.assign(go);
    else if (!show(html, at)) location.assign(at || location.href);
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    const submitter = event.submitter;
    const question = (submitter && submitter.dataset.confirm) || form.dataset.confirm;
    // A form that is on its way is not sent a second time.
    if (form.getAttribute("aria-busy") === "true" || (question && !confirm(question))) return event.preventDefault();
    if ("fragment" in form.dataset) {
      event.preventDefault();
      submit(form, submitter);
    } else if (form.method === "post" && !form.target) {
      // Until the next page comes; a file for saving comes without one.
      form.setAttribute("aria-busy", "true");
      setTimeout(() => form.removeAttribute("aria-busy"), 8000);
    }
  });

  addEventListener("beforeunload", (event) => {
    if (unsent) event.preventDefault();
  });

  // Coming back by the browser's own button shows a form that can be sent again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) form.removeAttribute("aria-busy");
  });

  addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) return print();
    const source = document.querySelector(button.dataset.copy);
    const text = source && (source.value || source.textContent).trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without HTTPS there is no clipboard; the text is selected for copying by hand.
      getSelection().selectAllChildren(source);
      if (source.select) source.select();
      if (!document.execCommand("copy")) return;
    }
    status(button.dataset.copied || say("copied"));
    setTimeout(() => status(""), 3000);
  });

  reveal(document);
  document.querySelector(".error-summary")?.focus();
})();
