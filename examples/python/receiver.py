import base64, hmac, json, os, re, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCOUNT = "zerodha"  # the name you give the account in the extension
PORT = int(os.environ.get("PORT", "8787"))
KEY = base64.b64decode(os.environ["OPENING_BELL_SECRET"][len("whsec_"):])
assert len(KEY) >= 24, "OPENING_BELL_SECRET must be whsec_ and 32 random bytes in base64"
STATUS = {"bad_signature": 401, "stale_timestamp": 401, "wrong_account": 409, "superseded": 409,
          "token_spent": 410, "configuration": 422, "unavailable": 503}
session = {"state": "none", **dict.fromkeys(["delivery", "user", "exchanged_at", "verified_at", "expires_at"])}
kept, answers, turn = {"captured_at": ""}, {}, threading.Lock()  # memory only: in earnest, use your database

class Refused(Exception): pass

def exchange(token):  # YOURS: trade the token at the broker, and try what you get with one call
    # raise Refused("token_spent") where it calls the token used or expired, Refused("configuration") where it
    # refuses your key; after any other error the same token comes again
    return "AB1234", f"made from {token}", time.time() + 8 * 3600  # user id, access token, when it ends

def handle(id, at, signature, body):
    if not id or not hmac.compare_digest(signature.encode(), sign(id, at, body).encode()): raise Refused("bad_signature")
    if abs(time.time() - int(at)) > 300: raise Refused("stale_timestamp")
    message = json.loads(body)
    if message["account"] != ACCOUNT: raise Refused("wrong_account")
    if message["type"] == "session.check": return {"type": "session.report", "account": ACCOUNT}
    if message.get("dry_run"): return {"type": "session.applied", "status": "dry_run"}
    if id in answers: return answers[id]
    if message["captured_at"] < kept["captured_at"]: raise Refused("superseded")
    try:
        user, access_token, ends = exchange(message["token"]["value"])
        if user != (message["expected_user"] or kept.get("user", user)): raise Refused("wrong_account")
    except Refused as final:
        answers[id] = {"type": "session.refused", "reason": str(final)}
        raise
    kept.update(user=user, access_token=access_token, captured_at=message["captured_at"])
    session.update(state="verified", delivery=id, user=user[:2] + "****",
                   exchanged_at=iso(), verified_at=iso(), expires_at=iso(ends))
    answers[id] = {"type": "session.applied", "status": "replayed"}
    return {"type": "session.applied", "status": "applied"}

def sign(id, at, body):
    return "v1," + base64.b64encode(hmac.digest(KEY, f"{id}.{at}.".encode() + body, "sha256")).decode()

def iso(at=None):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        id, at, signature = (self.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        id = id if re.fullmatch("[A-Za-z0-9_-]{1,64}", id) else ""  # it comes back in a signed answer
        body = self.rfile.read(min(abs(int(self.headers["content-length"])), 8192))
        try:
            with turn: reply = handle(id, at, signature, body)
        except Exception as error:
            reply = {"type": "session.refused", "reason": str(error) if isinstance(error, Refused) else "unavailable"}
        text = json.dumps({**reply, "session": session, "id": id, "server_time": iso()}).encode()
        now = str(int(time.time()))
        self.send_response(STATUS[reply["reason"]] if "reason" in reply else 200)
        for name, value in {"id": id, "timestamp": now, "signature": sign(id, now, text)}.items():
            self.send_header(f"webhook-{name}", value)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(text)

ThreadingHTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
