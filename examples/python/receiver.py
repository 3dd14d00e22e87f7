import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from opening_bell import receive

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(abs(int(self.headers["content-length"])), 8193))
        status, headers, text = receive(self.headers, body)
        self.send_response(status)
        for name, value in headers.items(): self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8787"))), Receiver).serve_forever()
