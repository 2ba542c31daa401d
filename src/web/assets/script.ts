/**
 * The page's small script: counts deadlines down, follows what happens, copies the code. Everything works without it.
 * A string, because the build is tsc alone and copies no other files.
 */
export const script = `"use strict";
(() => {
  const main = () => document.querySelector("main");
  const ends = new WeakMap();

  function dress() {
    for (const left of document.querySelectorAll("[data-left]"))
      ends.set(left, performance.now() + Number(left.dataset.left) * 1000);
    for (const copy of document.querySelectorAll("[data-copy]")) copy.hidden = !navigator.clipboard;
  }

  function countDown() {
    for (const left of document.querySelectorAll("[data-left]")) {
      const seconds = Math.max(0, Math.ceil((ends.get(left) - performance.now()) / 1000));
      const minutes = Math.floor(seconds / 60);
      left.textContent = "(" + (minutes > 0 ? minutes + " min " : "") + (seconds % 60) + " s left)";
      left.classList.toggle("soon", seconds < 60);
    }
  }

  // Swaps main only when the server says that something changed, and keeps the focus where it was.
  function show(page) {
    const [old, fresh] = [main(), document.adoptNode(page.querySelector("main"))];
    if (fresh.dataset.state === old.dataset.state) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id || "title" : null;
    const details = [...old.querySelectorAll("details")];
    const typed = old.querySelector("#typed");
    old.replaceWith(fresh);
    document.querySelector("footer").replaceWith(document.adoptNode(page.querySelector("footer")));
    for (const { id, open } of details) if (document.getElementById(id)) document.getElementById(id).open = open;
    if (typed && fresh.querySelector("#typed")) fresh.querySelector("#typed").value = typed.value;
    const target = focused && (document.getElementById(focused) || document.getElementById("title"));
    if (target) target.focus();
    document.getElementById("announce").textContent = fresh.dataset.say || "";
    dress();
    countDown();
  }

  async function follow() {
    const contact = document.getElementById("contact");
    try {
      const answer = await fetch(location.pathname + "?auto=1");
      if (answer.redirected) return location.assign(answer.url);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      contact.textContent = "";
      document.title = page.title;
      show(page);
    } catch {
      contact.textContent = "Home Steward does not answer. What runs goes on; this page keeps trying.";
    }
    later();
  }

  function later() {
    const seconds = Number(main().dataset.poll);
    if (seconds > 0) setTimeout(follow, seconds * 1000);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    document.getElementById("announce").textContent = "Copied.";
    button.textContent = "Copied";
  });

  dress();
  countDown();
  setInterval(countDown, 1000);
  later();
})();
`;
