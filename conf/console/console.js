// Every page reads the same without scripts. Data from the server goes into the page as text, never as markup.
"use strict";
(() => {
  const body = document.body, words = body.dataset;
  const offset = Number(words.offset) * 3600e3;

  const shownTime = text => new Date(Date.parse(text) + offset).toISOString().slice(0, 23).replace("T", " ");
  const number = new Intl.NumberFormat(words.language);
  const oneDecimal = new Intl.NumberFormat(words.language, {minimumFractionDigits: 1, maximumFractionDigits: 1});

  // Commands, ready to be copied.
  for (const button of document.querySelectorAll("button.copy")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
  }

  // "/" leads to the search, as in many programs.
  document.addEventListener("keydown", event => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    const field = document.querySelector("form[role=search] input:not([type=hidden])");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  if (!words.live || !window.EventSource) return;
  const state = document.getElementById("live-state"), pause = document.getElementById("live-pause");
  const table = document.querySelector("table[data-table=hits] tbody");
  const mostRows = 200;
  let paused = false, waiting = [];

  const keep = new URLSearchParams();
  for (const name of ["lang", "tz"]) {
    const value = new URLSearchParams(location.search).get(name);
    if (value) keep.set(name, value);
  }
  const address = (path, parameters) => {
    const query = new URLSearchParams(parameters);
    for (const [name, value] of keep) query.set(name, value);
    return path + "?" + query;
  };
  const heads = [...document.querySelectorAll("table[data-table=hits] thead th")].map(head => head.textContent);

  function cell(row, tag, text, href, time) {
    const to = document.createElement(tag), inner = document.createElement(href ? "a" : time ? "time" : "bdi");
    inner.textContent = text || "–";
    if (href) inner.setAttribute("href", href);
    if (time) inner.setAttribute("datetime", time);
    if (tag === "th") to.scope = "row";
    to.dataset.head = heads[row.children.length] || "";
    to.append(inner);
    row.append(to);
  }

  function show(hit) {
    const row = document.createElement("tr");
    row.className = "fresh";
    cell(row, "th", shownTime(hit.time), null, hit.time);
    cell(row, "td", hit.action, address("/hits", {action: hit.action}));
    cell(row, "td", hit.client, hit.client && address("/hits", {client: hit.client}));
    cell(row, "td", hit.region, hit.region && address("/hits", {region: hit.region}));
    cell(row, "td", hit.qname, address("/name", {name: hit.qname}));
    cell(row, "td", hit.qtype, address("/hits", {type: hit.qtype}));
    cell(row, "td", hit.listed === hit.qname ? "=" : hit.listed, address("/name", {name: hit.listed}));
    cell(row, "td", hit.order, hit.order && address("/order", {id: hit.order}));
    table.prepend(row);
    while (table.rows.length > mostRows) table.lastElementChild.remove();
  }

  const events = new EventSource(words.live);
  events.addEventListener("open", () => {
    state.textContent = table ? words.on : words.moving;
    if (table) pause.hidden = false;
  });
  events.addEventListener("error", () => { state.textContent = words.lost; });
  events.addEventListener("hit", event => {
    const hit = JSON.parse(event.data);
    if (!table) return;
    if (!paused) return show(hit);
    waiting.push(hit);
    if (waiting.length > mostRows) waiting.shift();
    state.textContent = words.new.replace("{n}", number.format(waiting.length));
  });
  events.addEventListener("more", event => {
    if (!paused) state.textContent = words.more.replace("{n}", number.format(JSON.parse(event.data).hits));
  });
  events.addEventListener("now", event => {
    const now = JSON.parse(event.data);
    for (const figure of document.querySelectorAll("[data-figure]"))
      if (now[figure.dataset.figure] !== undefined)
        (figure.querySelector("bdi") || figure).textContent = oneDecimal.format(now[figure.dataset.figure]);
  });
  if (pause) pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? words.resume : words.pause;
    pause.setAttribute("aria-pressed", String(paused));
    if (paused) return;
    for (const hit of waiting) show(hit);
    waiting = [];
    state.textContent = words.on;
  });
})();
