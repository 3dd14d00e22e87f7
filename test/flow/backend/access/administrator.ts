/** The administrator of a backend as a browser would be: keeps its cookies, sends the CSRF token. */
export interface Administrator {
  signIn(password: string): Promise<Response>;
  get(path: string): Promise<Response>;
  post(path: string, body: object, headers?: Record<string, string>): Promise<Response>;
  postForm(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  cookies: Map<string, string>;
}

export function createAdministrator(url: string): Administrator {
  const cookies = new Map<string, string>();

  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, ...(init.headers as Record<string, string>) };
    const response = await fetch(url + path, { redirect: 'manual', ...init, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/max-age=0/i.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const csrf = (): Record<string, string> => ({ 'x-csrftoken': cookies.get('csrftoken') ?? '' });
  const postForm: Administrator['postForm'] = (path, fields, headers = csrf()) =>
    call(path, { method: 'POST', headers, body: new URLSearchParams(fields) });

  return {
    cookies,
    get: (path) => call(path, {}),
    post: (path, body, headers = csrf()) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    postForm,
    async signIn(password) {
      await call('/admin/login', {});
      return postForm('/admin/login', { password, csrfmiddlewaretoken: cookies.get('csrftoken') ?? '' }, {});
    },
  };
}
