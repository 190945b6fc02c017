// Trusted Types: htmx alone may turn text into markup, and that text is an answer of this console (it asks nobody else).
// Nobody may turn text into a script. The policy has no other holder and can be made only once, so a script that got
// into a page by mistake finds no way to write markup.
(() => {
  "use strict";
  const rules = { createHTML: (answer) => answer, createScript: () => "" };
  const policy = window.trustedTypes?.createPolicy("htmx-answers", rules) ?? rules;
  const refuse = function () { throw new TypeError("This console evaluates no text."); };
  const trust = { init: ({ initSecurity }) => initSecurity(policy, refuse, refuse) };
  // This file stands before htmx, which starts by a timer of its own: a file behind it might come too late.
  Object.defineProperty(window, "htmx", {
    configurable: true,
    set(htmx) {
      Object.defineProperty(window, "htmx", { value: htmx, writable: true, configurable: true, enumerable: true });
      htmx.registerExtension("trusted", trust);
    },
  });
})();
