import { createServer } from 'node:http';
import { receive } from './opening-bell.js';

const server = createServer(async (request, response) => {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= 16_384) chunks.push(chunk); // more than the contract's 8 KiB is only counted
  }
  const { status, headers, text } = await receive((name) => request.headers[name], Buffer.concat(chunks));
  response.writeHead(status, headers).end(text);
});
server.listen(Number(process.env.PORT ?? 8787), '127.0.0.1');
