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
  byId(id).className = `message ${kind}`;
  byId(id).textContent = text;
}

/** A definition list of names and values. */
export function pairs(entries) {
  return entries.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
}

export function clock(iso) {
  return iso === null
    ? '–'
    : new Date(iso).toLocaleString('en-IN', { timeZone: 'Asia/Kolkata', dateStyle: 'medium', timeStyle: 'short' });
}
