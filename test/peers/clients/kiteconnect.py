"""Stands in for Kite's official Python client, which no package of Debian has: the calls that the examples make."""
import base64, hashlib, http.client, json, os, socket, ssl, struct, threading
from urllib.parse import urlencode

PORTS = json.loads(os.environ["PRACTICE_BROKERS"])

def trusting():
    context = ssl.create_default_context(cafile=os.environ["NODE_EXTRA_CA_CERTS"])
    context.check_hostname = False
    return context

class TokenException(Exception): pass
class InputException(Exception): pass
class NetworkException(Exception): pass
KINDS = {kind.__name__: kind for kind in (TokenException, InputException, NetworkException)}

class KiteConnect:
    def __init__(self, api_key, access_token=None): self.key, self.access = api_key, access_token

    def ask(self, method, path, form=None):
        connection = http.client.HTTPSConnection("127.0.0.1", PORTS["api.kite.trade"], context=trusting(), timeout=10)
        headers = {"Host": "api.kite.trade", "X-Kite-Version": "3", "Authorization": f"token {self.key}:{self.access}"}
        if form: headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(form) if form else None, headers)
        said = json.loads(connection.getresponse().read())
        if said["status"] == "error": raise KINDS.get(said["error_type"], NetworkException)(said["message"])
        return said["data"]

    def generate_session(self, request_token, api_secret):
        checksum = hashlib.sha256((self.key + request_token + api_secret).encode()).hexdigest()
        return self.ask("POST", "/session/token", {"api_key": self.key, "request_token": request_token, "checksum": checksum})

    def profile(self): return self.ask("GET", "/user/profile")
    def quote(self, *names): return self.ask("GET", "/quote?" + urlencode([("i", name) for name in names]))

def ticks_in(message):
    """The token and the price of each packet, which has its length in front; https://kite.trade/docs/connect/v3/websocket/."""
    ticks, rest = [], message[2:]
    while rest:
        size, token, paise = struct.unpack_from(">Hii", rest)
        ticks, rest = [*ticks, {"instrument_token": token, "last_price": paise / 100}], rest[2 + size:]
    return ticks

class KiteTicker:
    def __init__(self, api_key, access_token):
        self.query = urlencode({"api_key": api_key, "access_token": access_token})
        self.on_connect = self.on_ticks = self.on_error = lambda *args: None

    def connect(self, threaded): threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        try:
            raw = socket.create_connection(("127.0.0.1", PORTS["ws.kite.trade"]), timeout=10)
            self.socket = trusting().wrap_socket(raw, server_hostname="ws.kite.trade")
            key = base64.b64encode(os.urandom(16)).decode()
            self.socket.sendall(f"GET /?{self.query} HTTP/1.1\r\nHost: ws.kite.trade\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
            stream = self.socket.makefile("rb")
            status = int(stream.readline().split()[1])
            while stream.readline().strip(): pass
            if status != 101: return self.on_error(self, status, "the upgrade was refused")
            self.on_connect(self, None)
            while True:
                kind, size = stream.read(2)
                if size == 126: size = struct.unpack(">H", stream.read(2))[0]
                packet = stream.read(size)
                if kind & 15 == 2 and size > 1: self.on_ticks(self, ticks_in(packet))
        except (OSError, ValueError) as error: self.on_error(self, None, str(error))

    def subscribe(self, tokens):
        text = json.dumps({"a": "subscribe", "v": tokens}).encode()
        self.socket.sendall(bytes([129, 128 + len(text)]) + bytes(4) + text)

    def close(self): self.socket.close()
