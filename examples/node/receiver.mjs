// A receiver without a framework: `node receiver.mjs`, with your functions in trading.mjs beside it.
import { createServer } from 'node:http';
import { respond, start, trouble } from './opening-bell.mjs';
import './trading.mjs'; // yours: it names exchange, verify and the rest

if (trouble()) {
  console.error(trouble());
  process.exit(1);
}
start();
// A connection on which nothing comes is closed.
createServer({ headersTimeout: 15_000, requestTimeout: 15_000, connectionsCheckingInterval: 5_000 }, respond).listen(
  Number(process.env.PORT ?? 8787),
  '127.0.0.1',
);
