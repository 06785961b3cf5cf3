// Switches above a page: its code, and the intervals of its large tables. Without this script both
// can be read: code behind a bar of its own, intervals below their numbers.
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("article.bd-article");
  const title = article && article.querySelector("h1");
  if (!title) return;
  const bar = document.createElement("p");
  bar.className = "switches";
  const addSwitch = (name, words, apply) => {
    const button = document.createElement("button");
    button.type = "button";
    const set = (on) => {
      document.documentElement.classList.toggle(`show-${name}`, on);
      button.setAttribute("aria-pressed", on);
      button.textContent = `${on ? "Hide" : "Show"} ${words}`;
      apply(on);
      try { localStorage.setItem(`show-${name}`, on); } catch { /* private windows */ }
    };
    button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
    bar.append(button);
    let stored = null;
    try { stored = localStorage.getItem(`show-${name}`); } catch { /* private windows */ }
    set(stored === "true");
  };
  const code = article.querySelectorAll("details.above-input");
  if (code.length) addSwitch("code", "code", (on) => code.forEach((one) => { one.open = on; }));
  const hidden = article.querySelector(".on-demand .interval") ? "intervals" : "ranges of seeds";
  if (article.querySelector(".on-demand .interval, .interval .seeds")) {
    addSwitch("intervals", hidden, () => {});
  }
  if (bar.children.length) title.after(bar);

  // a link to what a closed tab holds opens it
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const content = target && target.closest(".sd-tab-content");
    if (!content) return;
    content.previousElementSibling.previousElementSibling.checked = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  window.addEventListener("load", reveal);

  // the drawing itself is the file: the page does not carry it twice
  for (const figure of article.querySelectorAll("figure.drawn")) {
    const link = document.createElement("a");
    link.download = link.textContent = `${figure.id}.svg`;
    link.href = `#${figure.id}`;
    link.addEventListener("click", () => {
      const svg = figure.querySelector("svg").outerHTML.replaceAll("currentColor", "#000000");
      link.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    });
    figure.querySelector("p.csv").prepend(link, " · ");
  }

  for (const table of article.querySelectorAll(".searchable .results-table")) {
    const rows = [...table.querySelectorAll("tbody tr")];
    if (rows.length < 10) continue;
    const search = document.createElement("input");
    search.type = "search";
    search.placeholder = `Find among ${rows.length} rows`;
    search.setAttribute("aria-label", search.placeholder);
    search.addEventListener("input", () => {
      const wanted = search.value.toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    table.before(search);
  }

  // docutils calls its citations a list, whose items they are not
  for (const list of article.querySelectorAll(".citation-list")) list.removeAttribute("role");

  // what is wider than its place says so, and is scrolled with the keyboard too
  const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    const isWide = target.scrollWidth > target.clientWidth;
    target.classList.toggle("scrolls", isWide);
    if (isWide) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }));
  for (const place of article.querySelectorAll(".results-table, .drawing")) watch.observe(place);
});
