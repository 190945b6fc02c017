// Trusted Types: htmx alone may turn text into markup, and that text is an answer of this console (it asks nobody else).
// Nobody may turn text into a script. The policy has no other holder and can be made only once, so a script that got
// into a page by mistake finds no way to write markup.
(() => {
  "use strict";
  const rules = { createHTML: (answer) => answer, createScript: () => "" };
  const policy = window.trustedTypes?.createPolicy("htmx-answers", rules) ?? rules;
  const refuse = function () { throw new TypeError("This console evaluates no text."); };
  htmx.registerExtension("trusted", { init: ({ initSecurity }) => initSecurity(policy, refuse, refuse) });
})();
