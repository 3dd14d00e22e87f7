import type { IncomingMessage, ServerResponse } from 'node:http';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

/** A handler whose caller may be gone before its request is whole: a background that is killed, a tab that closes. */
export function answering(handler: Handler): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) =>
    void handler(request, response).catch((error: unknown) => {
      if (request.complete) throw error;
      response.destroy();
    });
}
