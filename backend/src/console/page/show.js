/** An element with attributes and children; text is always text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.map((child) => child ?? ''));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Fills a message line; `kind` is good, warn or bad. */
export function say(id, text, kind = '') {
  const line = byId(id);
  // Its place on the page is a class of its own.
  line.classList.remove('good', 'warn', 'bad');
  if (kind !== '') line.classList.add(kind);
  line.textContent = text;
}

/** A definition list of names and values. */
export function pairs(entries) {
  return entries.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
}

const IN_INDIA = { timeZone: 'Asia/Kolkata', dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' };

/** `29 Nov 2026, 21:05 IST`: the hours as the popup counts them, and whose they are. */
export function clock(iso) {
  return iso === null ? '–' : `${new Date(iso).toLocaleString('en-GB', IN_INDIA)} IST`;
}
