"""A receiver without a framework: `python3 receiver.py`, with your functions in trading.py beside it."""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import trading  # yours: it names exchange, verify and the rest
from opening_bell import receive, start, trouble

class Receiver(BaseHTTPRequestHandler):
    timeout = 15  # a connection on which nothing comes is closed

    def do_POST(self):
        status, headers, text = receive(self.headers, self.body())
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(text))}.items(): self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def body(self):
        """At most 8193 bytes: more is no message of the contract."""
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            length = self.headers.get("content-length", "")
            return self.rfile.read(min(int(length), 8193)) if length.isdigit() else b""
        body = b""
        while len(body) < 8193:
            size = int(self.rfile.readline(20).split(b";")[0], 16)
            body += self.rfile.read(min(size, 8193)) + self.rfile.readline(3)[:0]
            if size == 0 or size > 8193: break
        return body

if trouble(): raise SystemExit(trouble())
start()
ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8787"))), Receiver).serve_forever()
