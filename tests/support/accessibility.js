// What a checker of accessibility would find on the page that is open: text without contrast (WCAG 2.1, 1.4.3), what has no
// name, headings that skip a level, tables without heads, targets too small for a finger. A list of complaints.
(() => {
  const found = [];
  const say = (what, element) => found.push(what + ": " + element.outerHTML.slice(0, 120));
  const seen = element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 1 && box.height > 1 && box.right > 0;
  };
  const colour = text => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const c = colour(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !seen(element)) continue;
    const style = getComputedStyle(element), svg = element.namespaceURI.includes("svg");
    const [a, b] = [light(colour(svg ? style.fill : style.color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) say("contrast " + ratio.toFixed(2), element);
  }
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const its = Number(heading.tagName[1]);
    if (its > level + 1) say("a heading skips a level", heading);
    level = its;
    if (!heading.textContent.trim()) say("an empty heading", heading);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select")) {
    if (!field.labels || ![...field.labels].some(label => label.textContent.trim())) say("a field without a label", field);
  }
  for (const target of document.querySelectorAll("a, button, summary")) {
    if (!seen(target)) continue;
    if (!(target.textContent.trim() || target.getAttribute("aria-label"))) say("no name", target);
    const box = target.getBoundingClientRect();
    if (innerWidth < 500 && target.closest("header, form, .links") && box.height < 24) say("too small for a finger", target);
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption || !table.querySelector("thead th[scope=col]")) say("a table without heads or caption", table);
    for (const row of table.tBodies[0].rows) if (row.cells[0].tagName !== "TH") say("a row without a head", row);
  }
  for (const region of document.querySelectorAll("[role=region], nav, [aria-labelledby]")) {
    const by = region.getAttribute("aria-labelledby");
    if (!(region.getAttribute("aria-label") || (by && by.split(" ").every(id => document.getElementById(id))))) say("a region without a name", region);
  }
  for (const picture of document.querySelectorAll("svg")) {
    if (picture.getAttribute("aria-hidden") !== "true" && !(picture.getAttribute("role") === "img" && picture.querySelector("title"))) say("a picture without words", picture);
  }
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) found.push("an id that comes twice: " + id);
  if (document.querySelectorAll("main").length !== 1 || !document.documentElement.lang || !document.title) found.push("no main, language or title");
  return found;
})()
