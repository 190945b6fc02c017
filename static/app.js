// Page behaviour that HTML lacks. Everything works without this file; it adds focus, keys, theme and honest toasts.
(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const main = byId("main");

  // --- theme: system, light, dark ---------------------------------------------------------------------------------
  const choices = ["system", "light", "dark"];
  const themeButton = document.querySelector("[data-theme-cycle]");
  const currentTheme = () => root.dataset.theme ?? "system";
  function showTheme() {
    themeButton.dataset.choice = currentTheme();
    themeButton.setAttribute("aria-label", themeButton.dataset["label" + currentTheme()[0].toUpperCase() + currentTheme().slice(1)]);
  }
  function cycleTheme() {
    const next = choices[(choices.indexOf(currentTheme()) + 1) % choices.length];
    if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
    // A cookie, so that the server writes the theme into the page and nothing flashes.
    document.cookie = `theme=${next}; Path=/; Max-Age=31536000; SameSite=Lax`;
    showTheme();
  }
  if (themeButton) {
    themeButton.hidden = false;
    showTheme();
    themeButton.addEventListener("click", cycleTheme);
  }

  // --- dialogs: what arrives in #dialog opens as a modal; focus returns to what opened it ---------------------------
  const host = byId("dialog");
  const toasts = byId("toasts");
  let openerId = null;
  function dialogClosed(event) {
    toasts.append(...event.target.querySelectorAll(".toast"));
    host.replaceChildren();
  }
  function dialogChanged() {
    const dialog = host.querySelector("dialog");
    if (dialog && !dialog.open) {
      openerId = document.activeElement?.id || openerId;
      dialog.addEventListener("close", dialogClosed, { once: true });
      dialog.showModal();
      if (dialog.matches(".menu")) dropFrom(byId(openerId), dialog);
    } else if (!dialog && openerId) {
      const opener = byId(openerId);
      openerId = null;
      if (document.activeElement === document.body) (opener ?? main)?.focus({ preventScroll: true });
    }
  }
  function dropFrom(opener, menu) {
    if (!opener || innerWidth <= 860) return; // a phone shows it as a sheet at the bottom
    const { right, bottom } = opener.getBoundingClientRect();
    menu.style.margin = 0;
    menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
    menu.style.top = `${Math.max(8, Math.min(bottom + 4, innerHeight - menu.offsetHeight - 8))}px`;
  }
  if (host) new MutationObserver(dialogChanged).observe(host, { childList: true });

  // --- focus: when a swap takes the focused element away, its successor has the focus, else the page itself ----------
  let focused = null;
  function keepFocus() {
    if (document.activeElement !== document.body || !focused || focused.isConnected) return;
    ((focused.id && byId(focused.id)) || main)?.focus({ preventScroll: true });
  }
  document.addEventListener("focusin", (event) => { focused = event.target; });
  document.addEventListener("htmx:after:settle", () => setTimeout(keepFocus)); // a dialog that just arrived opens first

  // --- toasts: good news leaves by itself, bad news stays until it is read ------------------------------------------
  function toastsChanged() {
    const modal = host?.querySelector("dialog[open]"); // what lies outside of a modal can be neither seen nor reached
    for (const toast of toasts.querySelectorAll(".toast:not([data-timed])")) {
      toast.dataset.timed = "";
      if (toast.dataset.operation) replaceOlder(toast);
      if (!toast.hasAttribute("data-keep")) setTimeout(leave, toast.querySelector("form") ? 12000 : 6000, toast);
      if (modal) toastsOf(modal).append(toast);
    }
  }
  function leave(toast) { // not from under the hand that is about to use it
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000, toast); else toast.remove();
  }
  function replaceOlder(toast) {
    const { operation, replaces, home } = toast.dataset;
    for (const older of document.querySelectorAll(`.toast[data-operation="${operation}"], .toast[data-operation="${replaces}"]`)) {
      if (older === toast) continue;
      const hadFocus = older.contains(document.activeElement);
      older.remove();
      if (hadFocus) (byId(home) ?? toast.querySelector("a, button"))?.focus({ preventScroll: true });
    }
  }
  function toastsOf(modal) {
    const found = modal.querySelector(".toasts") ?? toasts.cloneNode(false);
    found.removeAttribute("id");
    modal.append(found);
    return found;
  }
  function addToast(kind, requestId) {
    if (!toasts || document.querySelector(`.toast[data-kind="${kind}"]`)) return;
    const toast = byId(`toast-${kind}`).content.firstElementChild.cloneNode(true);
    const slot = toast.querySelector("[data-request-id]");
    if (slot && requestId) slot.textContent = requestId;
    toasts.append(toast);
  }
  function dropToasts(...kinds) {
    const found = kinds.flatMap((kind) => [...document.querySelectorAll(`.toast[data-kind="${kind}"]`)]);
    for (const toast of found) toast.remove();
    return found.length > 0;
  }
  if (toasts) {
    new MutationObserver(toastsChanged).observe(toasts, { childList: true });
    toastsChanged();
  }

  // --- trouble: a control shows what the server last said; what may no longer be true is read again -----------------
  const failing = new Set(); // what asked and got no answer; the toast stays until each of them has one
  const refreshes = (source) => source === main || Boolean(source.getAttribute("hx-trigger")?.includes("every"));
  let unsure = false; // whether the page may show what is no longer true
  let awaited = 0; // requests that somebody made and that are not answered yet
  let asked = 0; // such requests since the page was opened
  let askedBefore = 0;
  let wait = 2000;
  let timer = 0;
  let gone = false;
  let dirty = false;
  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(reread, pause);
  }
  function doubt(source) {
    failing.add(source);
    if (unsure || !main?.hasAttribute("data-reread")) return;
    unsure = true;
    wait = 2000;
    later(0);
  }
  function reread() {
    const unsaved = dirty || document.querySelector("form[data-unsaved], .dragged");
    if (!unsure || unsaved) return; // what somebody did is worth more: the toast offers to reload
    if (awaited) return later(500);
    later(wait);
    wait = Math.min(wait * 2, 30000);
    askedBefore = asked;
    if (!document.hidden && navigator.onLine) htmx.ajax("GET", location.href, { source: main, target: main, swap: "outerMorph", select: "#main", selectOOB: "#nav-groups:outerMorph" });
  }
  function answered(source) {
    failing.delete(source);
    if (source === main) {
      unsure = false;
      clearTimeout(timer);
      for (const each of failing) if (!each.isConnected || !refreshes(each)) failing.delete(each);
    } else if (unsure) later(0);
    if (failing.size) return;
    dropToasts("unread");
    if (dropToasts("offline")) addToast("back");
  }
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, request, text, response: { raw, status } } = event.detail.ctx;
    if (status < 500) {
      answered(sourceElement);
      if (!refreshes(sourceElement)) dropToasts("busy", "error");
      return;
    }
    if (status !== 503) doubt(sourceElement);
    if (text?.includes('hx-target="#toasts"')) return; // the answer brings its own words
    const id = raw.headers.get("X-Request-Id"); // only the console's own answer knows that nothing was saved
    if (status === 503 && !refreshes(sourceElement)) addToast("busy");
    else addToast(request.method === "GET" || !id ? "unread" : "error", id);
  });
  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (gone || !ctx || ctx.response) return;
    addToast("offline");
    doubt(ctx.sourceElement);
  });
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => later(0));
  window.addEventListener("pagehide", () => { gone = true; });
  window.addEventListener("pageshow", () => { gone = false; });

  // A region says that it is being asked for; the stylesheet shows it once that takes longer than a moment.
  document.addEventListener("htmx:before:request", (event) => {
    const { sourceElement, target } = event.detail.ctx;
    if (refreshes(sourceElement)) return;
    asked += 1;
    awaited += 1;
    target?.setAttribute?.("aria-busy", "true");
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement, target } = event.detail.ctx;
    if (refreshes(sourceElement)) return;
    awaited -= 1;
    target?.removeAttribute?.("aria-busy");
  });
  // The page as it was read before somebody asked for more is already old.
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.detail.ctx.sourceElement !== main || asked === askedBefore) return;
    event.preventDefault();
    unsure = true;
    later(0);
  });

  // --- keys and clicks ----------------------------------------------------------------------------------------------
  function closePopovers(except) {
    for (const open of document.querySelectorAll("details[data-popover][open]")) if (open !== except) open.open = false;
  }
  document.addEventListener("click", (event) => {
    const target = event.target;
    closePopovers(target.closest("details[data-popover]"));
    const dialog = target.closest("dialog");
    if (dialog && (target === dialog || target.closest("[data-dialog-close]"))) {
      event.preventDefault();
      dialog.close();
    }
    const dismiss = target.closest("[data-toast-close]");
    if (dismiss) dismiss.closest(".toast").remove();
    target.closest("dialog .hits a")?.closest("dialog").close();
    if (target.closest("[data-reload]")) { event.preventDefault(); location.reload(); }
  });
  // The controls of a long list are plain links and buttons; what they lead to arrives as a part.
  const asking = new WeakSet();
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-parts] :is(.dots, button[formaction])");
    if (!control || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (asking.has(control)) return;
    asking.add(control);
    const method = control.form?.method === "post" ? "POST" : "GET";
    const url = control.getAttribute("formaction") ?? control.getAttribute("href");
    htmx.ajax(method, url, { source: control, target: "#dialog" }).finally(() => asking.delete(control));
  });

  // --- a selection outlives filters: what is chosen and not shown stays in the form that asks for the plan ------------
  const place = `selection ${location.pathname}`;
  const picked = new Set(JSON.parse(sessionStorage.getItem(place) ?? "[]"));
  const boxes = () => [...document.querySelectorAll("tbody [form=bulk]")];
  for (const box of document.querySelectorAll("#bulk [data-kept] :checked, tbody [form=bulk]:checked")) picked.add(box.value);
  function showSelection() {
    const bulk = byId("bulk");
    if (!byId("bulk-count")) return;
    for (const box of boxes()) box.checked = picked.has(box.value);
    const shown = new Set(boxes().map((box) => box.value));
    const others = [...picked].filter((code) => !shown.has(code));
    for (const old of document.querySelectorAll("#bulk [data-kept], #filters [name=code]")) old.remove();
    for (const code of others) {
      const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "code", value: code });
      kept.dataset.kept = "";
      bulk.append(kept);
    }
    byId("bulk-count").style.counterIncrement = `n ${others.length}`;
    byId("bulk-hidden").hidden = !others.length;
    byId("bulk-hidden").querySelector("b").dataset.count = others.length;
  }
  function pick(changed) {
    for (const box of changed) picked[box.checked ? "add" : "delete"](box.value);
    keepSelection();
  }
  function keepSelection() {
    sessionStorage.setItem(place, JSON.stringify([...picked]));
    showSelection();
  }
  document.addEventListener("change", ({ target }) => {
    if (target.id === "select-all") for (const box of boxes()) box.checked = target.checked;
    if (target.id === "select-all" || target.matches("tbody [form=bulk]")) pick(boxes());
  });
  document.addEventListener("reset", ({ target }) => {
    if (target.id !== "bulk") return;
    (boxes().find((box) => box.checked) ?? boxes()[0])?.focus({ preventScroll: true }); // the bar goes, the focus stays
    picked.clear();
    keepSelection();
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.request.method !== "POST" || ctx.response.status >= 300 || !ctx.request.action.includes("/operations/plan?")) return;
    picked.clear();
    keepSelection();
  });
  document.addEventListener("htmx:after:settle", showSelection);
  window.addEventListener("pageshow", showSelection);

  // The answer to a first click may already have turned the control around: the second of a double click is not meant.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("button")?.form?.method === "post") {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closePopovers(null);
      if (location.hash === "#nav") location.hash = "main";
    }
    if (!event.isComposing) shortcut(event);
  });

  // --- drag and drop: an item goes where it is let go; the server arranges, as it does for the buttons beside it ------
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    const item = event.target.closest?.(".arrange li[draggable]");
    if (!item) return;
    dragged = { item, home: item.parentElement, next: item.nextElementSibling, dropped: false };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.id);
    item.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const list = dragged && event.target.closest?.(".arrange")?.querySelector("ol");
    if (!list) return;
    event.preventDefault();
    const over = event.target.closest("li[draggable]");
    if (!over) { if (!list.contains(dragged.item)) list.append(dragged.item); return; }
    if (over === dragged.item) return;
    const box = over.getBoundingClientRect();
    over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged.item);
  });
  document.addEventListener("drop", (event) => {
    if (!dragged || !event.target.closest?.(".arrange")) return;
    event.preventDefault();
    dragged.dropped = true;
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    const { item, home, next, dropped } = dragged;
    dragged = null;
    item.classList.remove("dragged");
    if (!dropped) return home.insertBefore(item, next);
    const at = item.querySelector("[name=at]");
    at.value = at.value.replace(/^\d+/, item.closest("[data-group]").dataset.group);
    const form = item.closest("form");
    form.requestSubmit(form.querySelector("[data-arrange]"));
  });

  // --- shortcuts: never while somebody types, never over an open dialog, never with a modifier that means more -------
  function shortcut(event) {
    if (event.target.matches?.("[data-search-box]")) return searchKey(event);
    if (event.altKey || document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (command && !event.shiftKey && event.key.toLowerCase() === "k") act(event, searchField(), byId("search-open"));
    else if (command || typing) return;
    else if (event.key === "/") act(event, document.querySelector("[data-search]"), byId("search-open"));
    else if (event.key === "?") act(event, null, byId("keyboard-open"));
  }
  function act(event, field, opener) {
    if (!field && !opener) return;
    event.preventDefault();
    if (field) { field.focus(); field.select(); } else opener.click();
  }

  // --- search: the box keeps the focus, the arrows choose among what stands below it, Enter goes ----------------------
  const searchField = () => document.querySelector("[data-search-page]");
  const searchBox = () => document.querySelector("dialog[open] [data-search-box]");
  const options = () => [...document.querySelectorAll("#search-hits [role=option]")];
  const chosen = () => options().find((option) => option.ariaSelected === "true");
  function choose(option) {
    for (const each of options()) each.ariaSelected = String(each === option);
    option?.scrollIntoView({ block: "nearest" });
    if (option) searchBox()?.setAttribute("aria-activedescendant", option.id);
    else searchBox()?.removeAttribute("aria-activedescendant");
  }
  function searchKey(event) {
    const all = options(), at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all.at(at < 1 ? -1 : at - 1));
    else if (event.key === "Escape") event.target.closest("dialog").close(); // at once: the browser would empty the box first
    else if (event.key === "Enter" && at >= 0 && isCurrent(event.target.value)) all[at].click();
    else return;
    event.preventDefault();
  }
  // Enter may come before the answer to the last letters: then the form goes to the page, which finds them.
  const isCurrent = (typed) => byId("search-body").dataset.words === typed.trim().split(/\s+/).join(" ");
  document.addEventListener("htmx:after:swap", () => { if (searchBox()) choose(chosen()); });

  // --- passkeys: the device answers the question of the page, and the form takes the answer along ---------------------
  const knowsPasskeys = Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);
  function showPasskeys() {
    if (knowsPasskeys) for (const hidden of document.querySelectorAll("[data-passkey-form][hidden]")) hidden.hidden = false;
  }
  async function askDevice(button) {
    const { form, dataset } = button;
    const options = JSON.parse(dataset.options);
    const made = dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements[dataset.answer].value = JSON.stringify((await made).toJSON());
    form.submit();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-passkey]");
    if (button) askDevice(button).catch(() => button.focus()); // whoever turned the device away may try again
  });
  document.addEventListener("htmx:after:settle", showPasskeys);
  showPasskeys();

  // A form that leaves unsaved edits behind asks first; one that is submitted does not.
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) dirty = true; });
  document.addEventListener("submit", () => { dirty = false; }, true);
  let leaving = null;
  document.addEventListener("submit", (event) => { leaving = event.defaultPrevented ? null : event.target; });
  window.addEventListener("beforeunload", (event) => {
    const unsaved = document.querySelector("form[data-unsaved]");
    if (dirty || (unsaved && unsaved !== leaving)) event.preventDefault();
  });
})();
