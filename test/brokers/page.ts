const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center }
  main { width: min(22rem, 90vw) }
  h1 { font-size: 1.25rem; margin: 0 0 .25rem }
  p { margin: 0 0 1rem; opacity: .75 }
  label { display: block; margin: 0 0 .75rem }
  input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem }
  button { font: inherit; width: 100%; padding: .6rem; cursor: pointer }
`;

export interface Field {
  name: string;
  value: string;
  /** A field without a label is hidden. */
  label?: string;
  type?: 'text' | 'password';
}

/** A page that nobody can take for a real broker's. */
export function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${quoted(title)}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><h1>${quoted(title)}</h1><p>Practice broker, nothing here is real.</p>${content}</main></body></html>`;
}

/** A form for a person, ready to be sent with Enter. */
export function form(action: string, fields: readonly Field[], submit: string): string {
  const focus = (index: number) => (index === fields.findIndex(({ label }) => label !== undefined) ? ' autofocus' : '');
  const inputs = fields.map((field, index) =>
    field.label === undefined ? input(field) : `<label>${quoted(field.label)}${input(field, focus(index))}</label>`,
  );
  return `<form method="post" action="${quoted(action)}">${inputs.join('')}
<button id="login" type="submit">${quoted(submit)}</button></form>`;
}

/** A form that the page sends by itself. */
export function bounce(action: string, fields: readonly Field[], kind?: 'text/plain'): string {
  const inputs = fields.map((field) => input(field)).join('');
  const enctype = kind === undefined ? '' : ` enctype="${kind}"`;
  return `<form id="auto" method="post" action="${quoted(action)}"${enctype}>${inputs}</form>
<script>document.getElementById('auto').submit()</script>`;
}

/** A link that the page follows by itself. */
export function follow(href: string): string {
  return `<a id="auto" href="${quoted(href)}">Continue</a><script>document.getElementById('auto').click()</script>`;
}

function quoted(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function input({ name, value, label, type = 'text' }: Field, extra = ''): string {
  const kind = label === undefined ? 'hidden' : type;
  return `<input type="${kind}" name="${quoted(name)}" value="${quoted(value)}" autocomplete="off"${extra}>`;
}
