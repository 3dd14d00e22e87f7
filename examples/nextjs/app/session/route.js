import { receive } from '../../opening-bell.js';

export async function POST(request) {
  const isShort = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY) <= 8_192;
  const body = Buffer.from(isShort ? await request.arrayBuffer() : []);
  const { status, headers, text } = await receive((name) => request.headers.get(name), body);
  return new Response(text, { status, headers });
}
