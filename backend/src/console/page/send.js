/** Posts JSON as this page's administrator, and gives the answer, whatever its status. */
export async function send(path, body) {
  const headers = { 'content-type': 'application/json', 'x-csrftoken': csrfToken() };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

export function csrfToken() {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? '';
}

export async function get(path) {
  const response = await fetch(path);
  return response.json();
}

/** What a person reads when no answer came at all. */
export const NO_ANSWER = 'The backend does not answer.';
