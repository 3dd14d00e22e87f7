import base64, hmac, json, os, re, sqlite3, time
from datetime import datetime, timezone

ACCOUNT = os.environ.get("OPENING_BELL_ACCOUNT", "zerodha")  # the name you give the account in the extension
FILE = os.environ.get("OPENING_BELL_FILE", "opening-bell.db")  # what was answered; all processes of a server share it
KEY = base64.b64decode(os.environ.get("OPENING_BELL_SECRET", "")[len("whsec_"):])
if len(KEY) < 24: raise SystemExit("OPENING_BELL_SECRET must be whsec_ and 32 random bytes in base64")
STATUS = {"bad_request": 400, "bad_signature": 401, "stale_timestamp": 401, "wrong_account": 409,
          "superseded": 409, "token_spent": 410, "configuration": 422, "unavailable": 503}
NONE = {"state": "none", **dict.fromkeys(["delivery", "user", "exchanged_at", "verified_at", "expires_at"])}

class Refused(Exception): pass

def exchange(token):  # YOURS: trade the token at the broker, try what you get with one call, and keep it
    # raise Refused("token_spent") where it calls the token used or expired, Refused("configuration") where it
    # refuses your key; after any other error the same token comes again
    return "AB1234", time.time() + 8 * 3600  # the broker's user id, and when the session ends

def receive(headers, body):  # of a POST, its body as raw bytes; gives the status, headers and text to answer with
    id, at, signature = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    id = id if re.fullmatch("[A-Za-z0-9_-]{1,64}", id) else ""  # it comes back in a signed answer
    db = sqlite3.connect(FILE, timeout=30, isolation_level=None)
    db.execute("CREATE TABLE IF NOT EXISTS kept (name PRIMARY KEY, value)")
    try:
        reply = handle(db, id, at, signature, body)
    except Exception as error:
        reply = {"type": "session.refused", "reason": str(error) if isinstance(error, Refused) else "unavailable"}
    text = json.dumps({"session": kept(db, "session", NONE), **reply, "id": id, "server_time": iso()}).encode()
    db.close()
    now = str(int(time.time()))
    signed = {"webhook-id": id, "webhook-timestamp": now, "webhook-signature": sign(id, now, text)}
    return STATUS.get(reply.get("reason"), 200), {"content-type": "application/json", **signed}, text

def handle(db, id, at, signature, body):
    if not id or not hmac.compare_digest(signature.encode(), sign(id, at, body).encode()): raise Refused("bad_signature")
    if not re.fullmatch("[0-9]{1,12}", at) or abs(time.time() - int(at)) > 300: raise Refused("stale_timestamp")
    message = json.loads(body) if len(body) <= 8192 else {}
    if message.get("version") != 1: raise Refused("bad_request")
    if message["account"] != ACCOUNT: raise Refused("wrong_account")
    if message["type"] == "session.check": return {"type": "session.report", "account": ACCOUNT}
    if message.get("dry_run"): return {"type": "session.applied", "status": "dry_run"}
    # a clock that was wrong once must not make every later login the older one
    if message["captured_at"] > iso(time.time() + 300): raise Refused("stale_timestamp")
    token = hmac.digest(KEY, message["token"]["value"].encode(), "sha256").hex()  # an id stands for one token
    db.execute("BEGIN IMMEDIATE")  # one delivery after the other, in all processes; what only failed leaves nothing
    if answered := kept(db, f"answer:{id}"):
        if answered[0] != token: raise Refused("bad_request")
        return answered[1]
    user, captured_at = kept(db, "last", [message["expected_user"], ""])
    try:
        if message["captured_at"] < captured_at: raise Refused("superseded")
        shown, ends = exchange(message["token"]["value"])
        if shown != (message["expected_user"] or user or shown): raise Refused("wrong_account")
        keep(db, "last", [shown, message["captured_at"]])
        keep(db, "session", {"state": "verified", "delivery": id, "user": shown[:2] + "****",
                             "exchanged_at": iso(), "verified_at": iso(), "expires_at": iso(ends)})
        reply = {"type": "session.applied", "status": "applied"}
        keep(db, f"answer:{id}", [token, {**reply, "status": "replayed"}])
    except Refused as final:
        if str(final) == "configuration": raise  # not for good: once your key is mended, the same token comes again
        reply = {"type": "session.refused", "reason": str(final)}
        keep(db, f"answer:{id}", [token, reply])
    db.execute("COMMIT")
    return reply

def kept(db, name, otherwise=None):
    row = db.execute("SELECT value FROM kept WHERE name = ?", [name]).fetchone()
    return json.loads(row[0]) if row else otherwise

def keep(db, name, value):
    db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", [name, json.dumps(value)])
    return value

def sign(id, at, body): return "v1," + base64.b64encode(hmac.digest(KEY, f"{id}.{at}.".encode() + body, "sha256")).decode()
def iso(at=None): return datetime.fromtimestamp(at or time.time(), timezone.utc).isoformat(timespec="milliseconds")[:-6] + "Z"
