/** Where this backend stands: at the top of its host, or where a proxy has put it. */
const BASE = new URL('..', import.meta.url);

export const addressOf = (path) => new URL(path, BASE).href;

/** Posts JSON as this page's administrator, and gives the answer, whatever its status. */
export async function send(path, body) {
  const headers = { 'content-type': 'application/json', 'x-csrftoken': csrfToken() };
  const response = await fetch(addressOf(path), { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

export function csrfToken() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? '';
}

export async function get(path) {
  const response = await fetch(addressOf(path));
  return response.json();
}

/** What a person reads when no answer came at all. */
export const NO_ANSWER = 'The backend does not answer.';
