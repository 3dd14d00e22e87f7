"""Opening Bell in a Python program: one file, nothing but the standard library, Python 3.9 or newer.

Downstairs, `receive` answers the extension's signed messages, as docs/contract.md has them.
Upstairs, `current`, `reads` and `acts` give a trading program its session, and its calls a second try.
All is kept in SQLite files in a folder that only you can read, in clear: the standard library has no cipher.
One process leads: it verifies, runs the feed and the parked calls. It leads by a lock that ends with the process.
"""
import atexit, base64, contextvars, functools, hmac, inspect, json, logging, os, re, secrets, sqlite3, threading, time, traceback
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

WEEK, INDIA = 604_800, timezone(timedelta(hours=5, minutes=30))
# By broker: its tokens' kind and shape, and the hour in India at which its sessions end.
BROKERS = {"zerodha": ("one-time", "[A-Za-z0-9]{16,64}", 6), "icici": ("day", "[A-Za-z0-9]{4,64}", 0)}
STATUS = {"bad_request": 400, "bad_signature": 401, "stale_timestamp": 401, "wrong_account": 409, "superseded": 409,
          "in_progress": 409, "token_spent": 410, "configuration": 422, "rate_limited": 429, "unavailable": 503}
# A report where there is no session, and where there is no feed.
NONE = {"state": "none", **dict.fromkeys(["delivery", "user", "exchanged_at", "verified_at", "expires_at", "problem"])}
OFF = {"state": "off", **dict.fromkeys(["first_tick_at", "last_tick_at", "source", "problem"])}
STATES = ["parked", "queued", "running", "done", "failed", "needs_confirmation", "stale", "cancelled"]
# The official clients say that a session is gone: Kite's by a class, Breeze's by whole sentences.
ENDED = {"AuthRequired", "TokenException", "Invalid session.", "Session key is expired.",
         "Unexpected error: Session key is expired.", "Could not authenticate credentials. Please check session key."}
# By the words or the class of a client's error: what it means for a token, and for the person.
MEANINGS = {**dict.fromkeys(ENDED, ("token_spent", "the broker calls the token used or expired")),
            "Invalid `checksum`.": ("configuration", "the broker refuses the API secret"),
            "InputException": ("configuration", "the broker refuses the API key")}
FEED = {"connecting", "subscribed", "live", "refused", "no_market_data"}  # what `tell` may say
# What Kite refuses in one of these classes was not carried out. Any other error of a call that acts leaves it lost.
REFUSALS = {"InputException", "OrderException", "MarginException", "HoldingException", "PermissionException"}
# Your functions and your calls by name; then this process's part in the work: its thread, its lock, its two signals.
YOURS, CALLS, WORKER, GUARD, STOP, WAKE = {}, {}, {}, threading.Lock(), threading.Event(), threading.Event()
def forked(): globals().update(GUARD=threading.Lock(), STOP=threading.Event(), WAKE=threading.Event())
if hasattr(os, "register_at_fork"): os.register_at_fork(after_in_child=forked)  # another thread may have held them

class Refused(Exception):
    """Refused(reason, words): why a token is not taken, by a reason of the contract, and for the person."""
    def __init__(self, reason, words=""):
        if reason not in STATUS: raise ValueError(f"{reason!r} is no reason of the contract")
        super().__init__(reason, words)

class AuthRequired(Exception):
    """A call waits under `number`; give your page `answer`. Raise it in a call yourself where the session is gone."""
    def __init__(self, number=None):
        super().__init__(f"call {number} waits for a login, or for your confirmation")
        self.number, self.answer = number, {"auth_required": True, "parked": number, "error": str(self)}

class Late(Exception):
    """A function of yours has not come back. The outcome of its work is not known."""

def yours(function):
    """Takes your functions by their names: exchange, verify, and feed if you have one.

    exchange(token) gives a dict with `user`, and `ends` in epoch seconds if you know it. verify(session) raises, or
    gives False, where the broker refuses. feed(session, tell) starts a feed and gives a function that stops it.
    """
    name = function.__name__
    if name not in ("exchange", "verify", "feed"): raise ValueError(f"{name} is none of exchange, verify and feed")
    return YOURS.setdefault(name, plain(function))

def plain(function):
    """Calling an async function, or one that yields, runs nothing of it: it would count as done."""
    kinds = [inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction]
    if any(is_kind(function) for is_kind in kinds): raise TypeError(f"write {function.__name__} without async and yield")
    return function

# Settings are read when they are used: many programs fill their environment after their imports.
def setting(name, otherwise=""): return os.environ.get(f"OPENING_BELL_{name}") or otherwise
def broker(): return setting("BROKER", "zerodha")
def account(): return setting("ACCOUNT", broker())

def trouble():
    """One sentence on what keeps this receiver from answering, or None."""
    secret = setting("SECRET")
    fits = re.fullmatch("whsec_((?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)", secret)
    raw = base64.b64decode(fits[1]) if fits else b""
    if broker() not in BROKERS: return "OPENING_BELL_BROKER must be zerodha or icici"
    if not secret: return "OPENING_BELL_SECRET is not set"
    for name, value in (("SECRET", secret), ("ACCOUNT", account()), ("USER", setting("USER"))):
        if value.strip("\"'` \t\r\n") != value: return f"OPENING_BELL_{name} has quotes or blanks around it"
    if not fits: return 'OPENING_BELL_SECRET is no secret; this makes one: echo "whsec_$(openssl rand -base64 32)"'
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}", account()): return "OPENING_BELL_ACCOUNT is no account's name"
    if not re.fullmatch("([A-Za-z0-9]{2,40})?", setting("USER")): return "OPENING_BELL_USER is no user id of a broker"
    if not re.fullmatch("[1-9][0-9]{0,4}", setting("TIMEOUT", "60")): return "OPENING_BELL_TIMEOUT is no number of seconds"
    return "OPENING_BELL_SECRET is an example's secret" if len(set(raw)) < 12 or b"example" in raw else None

# Downstairs: the contract.

def receive(headers, body):
    """Takes a POST: its headers, its body as raw bytes. Gives the status, the headers and the text to answer with."""
    if isinstance(body, str): body = body.encode()  # the signature tells whether it is still what was sent
    if not isinstance(body, (bytes, bytearray)): raise TypeError(f"body is the raw bytes, and no {type(body).__name__}")
    start()
    given = {name.lower(): value for name, value in headers.items()}  # a dict of headers knows no case
    id, at, signature = (str(given.get(f"webhook-{name}") or "") for name in ("id", "timestamp", "signature"))
    id = id if re.fullmatch("[A-Za-z0-9_-]{1,64}", id) else ""  # it comes back in a signed answer
    fault = trouble()
    try: reply = refusal("configuration", fault) if fault else handle(id, at, signature, body)
    except Refused as refused: reply = refusal(*refused.args)
    except Exception as error: reply = refusal("unavailable", blame("the receiver failed", error, body.decode(errors="replace")))
    text = json.dumps({**reply, "id": id, "server_time": iso()}).encode()
    plain, now = {"content-type": "application/json", "cache-control": "no-store"}, str(int(time.time()))
    if fault: return 503, plain, text  # without a secret nothing can be signed
    signed = {"webhook-id": id, "webhook-timestamp": now, "webhook-signature": sign(id, now, text)}
    return STATUS.get(reply.get("reason"), 200), {**plain, **signed}, text

def refusal(reason, words=""): return {"type": "session.refused", "reason": reason, "message": words[:200]}

def handle(id, at, signature, body):
    if len(body) > 8192: raise Refused("bad_request", "a message has 8 KiB at most")  # the rest was not read
    own = sign(id, at, body).encode()
    if not id or not any([hmac.compare_digest(one.encode(), own) for one in signature.split(" ")]):
        raise Refused("bad_signature", "" if body else "the body came empty: something read it before this route did")
    if not re.fullmatch("[0-9]{1,12}", at) or abs(time.time() - int(at)) > 300: raise Refused("stale_timestamp")
    message = read(body)
    if message["account"] != account(): raise Refused("wrong_account", "this receiver is for another account")
    if message["type"] == "session.check": return report()
    if message["broker"] != broker(): raise Refused("wrong_account", f"this receiver is for {broker()}")
    if message["at"] > time.time() + 300: raise Refused("stale_timestamp", "captured_at lies ahead")
    if message.get("dry_run"): return {"type": "session.applied", "status": "dry_run", "session": shown()}
    if not {"exchange", "verify"} <= YOURS.keys(): raise Refused("configuration", "exchange or verify is not written")
    try: return in_time("exchange", deliver_alone, id, message, seconds=10)  # the extension waits for 15
    except Late as late: raise Refused("in_progress", str(late)) from None

def deliver_alone(id, message):
    with store("exchange", wait=10): return deliver(id, message)  # a lock: one process exchanges at a time

def read(body):
    """The message in a signed body; anything else is a bad request."""
    try:
        message = json.loads(body)
        right = [repr(message["version"]) == "1", isinstance(message["account"], str)]
        if message["type"] != "session.check":
            if message["broker"] not in BROKERS: raise Refused("bad_request", f"unknown broker {message['broker']}"[:60])
            (kind, shape, _), token, user = BROKERS[message["broker"]], message["token"], message["expected_user"]
            message["at"], message["until"] = moment(message["captured_at"]), moment(message["expires_at"])
            right += [message["type"] == "session.captured", token["kind"] == kind, re.fullmatch(shape, token["value"]),
                      user is None or re.fullmatch(".{1,40}", user), message.get("dry_run", False) in (True, False)]
        if all(right): return message
    except (ValueError, TypeError, KeyError, RecursionError): pass
    raise Refused("bad_request", "the message is none of the contract's")

def deliver(id, message):
    """Exchanges a token once, and remembers the final answer."""
    name, kind, token, at = f"answer:{id}", message["token"]["kind"], message["token"]["value"], message["at"]
    before, last = kept(name), kept("last") or {"user": "", "at": 0}
    mark = sign("", "", token.encode())  # an id is for one token
    pins = {user.lower() for user in (setting("USER", last["user"]), message["expected_user"]) if user}
    def final(*refused): return keep(name, {"at": at, "mark": mark, "reply": refusal(*refused)})["reply"]
    if before and before["mark"] != mark: raise Refused("bad_request", "this id is another token's")
    # A day token of a second login is the same token; it is worth an exchange where the first one's session is gone.
    if before and "reply" in before and not (kind == "day" and at > before["at"] and not living()):
        return {**before["reply"], **({"session": shown()} if "status" in before["reply"] else {})}
    # Begun and not ended: that process died, or it would still hold the lock.
    if before and kind == "one-time": return final("token_spent", "the receiver ended while it exchanged this token")
    if at < last["at"]: return final("superseded", "a newer login was applied")
    if len(pins) > 1: return final("wrong_account", "this receiver is for another user")
    if message["until"] < time.time(): return final("token_spent", "the token came too late")
    keep(name, {"at": at, "mark": mark})
    try:
        made = in_time("exchange", YOURS["exchange"], token)
        user, ends = made["user"].strip(), iso(made.get("ends") or next_hour(BROKERS[broker()][2]))
        if not user or moment(ends) < time.time(): raise ValueError("exchange gave no user, or an end that is over")
    except Exception as error:
        reason, words = meaning(error)
        # The broker may have taken a one-time token, or take it still.
        if isinstance(error, Late) and kind == "one-time": reason, words = "token_spent", blame("exchange", error)
        # 2026-11: a busy Breeze calls a token expired that it takes a minute later.
        is_young = kind == "day" and time.time() < at + 300 and not isinstance(error, Refused)
        if reason == "token_spent" and is_young: reason = "unavailable"
        if reason in ("token_spent", "wrong_account"): return final(reason, words)
        keep(name, None)  # it may pass, or be mended
        raise Refused(reason, words or blame("exchange failed", error, token)) from None
    if pins and user.lower() not in pins: return final("wrong_account", "another user has logged in")
    session = {"state": "exchanged", "delivery": id, "user": user[:2] + "*" * max(len(user) - 2, 2),
               "exchanged_at": iso(), "expires_at": ends, "made": made}
    reply = {"type": "session.applied", "status": "applied", "session": shown(session)}
    with store() as db:  # the session and the answer, or neither
        keep("session", session, db)
        keep("last", {"user": user, "at": at}, db)
        keep(name, {"at": at, "mark": mark, "reply": {**reply, "status": "replayed"}}, db)
        db.execute("DELETE FROM kept WHERE name GLOB '*:*' AND changed < ?", [time.time() - WEEK])
    WAKE.set()
    return reply

def meaning(error):
    """What an error means for a token: a reason of the contract, and words where the log need not say more."""
    if isinstance(error, Refused): return error.args[0], error.args[1] or "refused"
    return MEANINGS.get(str(error)) or MEANINGS.get(type(error).__name__) or ("unavailable", "")

def shown(held=None):
    """The session as a report shows it."""
    facts = {name: (held or kept("session") or NONE).get(name) for name in NONE}
    is_over = facts["state"] in ("exchanged", "verified") and moment(facts["expires_at"]) <= time.time()
    return {**facts, "state": "expired"} if is_over else facts

def report():
    every, told, held = calls(), kept("feed"), living()
    counts = {state: sum(one["state"] == state for one in every) for state in STATES}
    latest = [{**{name: one[name] for name in ["state", "parked_at", "finished_at", "took_ms", "problem"]},
               "id": f"call_{one['number']}", "label": f"{one['name']} {one['given']}"[:100]} for one in every[:-21:-1]]
    # A feed that has not begun is about to, and an older session's counts no more.
    feed = {**OFF, "state": "connecting" if held else "off"}
    if told and held and told.get("of") == held["exchanged_at"]: feed = {name: told[name] for name in OFF}
    return {"type": "session.report", "account": account(), "session": shown(),
            **({"queue": {**counts, "latest": latest}} if CALLS or every else {}),
            **({"feed": feed} if "feed" in YOURS else {})}

# Upstairs: a trading program's session and calls.

def current():
    """The living session as `exchange` made it, or None; the same in every process."""
    return (living() or {"made": None})["made"]

def living():
    held = kept("session")
    return held if held and shown(held)["state"] in ("exchanged", "verified") else None

def reads(function):
    """For a function(session, …) that only reads: parked without a session, it runs automatically after the login."""
    return wrap(function, within=WEEK / 7)

def acts(within, look_up=None):
    """For a function(session, key, …) that acts: parked, it runs after `confirm`, once, and not after `within` seconds.

    Where its outcome was lost, look_up(session, key) finds it: any JSON, or None where the broker knows of nothing.
    A call of it takes a key of yours as key=…, which runs once.
    """
    return functools.partial(wrap, within=within, is_act=True, look_up=look_up)

def wrap(function, within, is_act=False, look_up=None):
    name = function.__name__
    if not 0 < within <= WEEK: raise ValueError("within is a week at most, in seconds")  # what is older is forgotten
    if name == "<lambda>": raise ValueError("a call needs a name: write it with def")
    same = CALLS.get(name)  # a parked call finds its function by the name alone
    if same and same.of != whose(function, is_act): raise ValueError(f"two named {name}")
    CALLS[name] = SimpleNamespace(function=plain(function), of=whose(function, is_act),
                                  look_up=plain(look_up or (lambda session, key: None)))
    @functools.wraps(function)
    def call(*args, **named):
        key = named.pop("key", None) if is_act else None
        held, given = living(), json.dumps([args, named])
        one = {"name": name, "given": given, "is_act": is_act, "key": key or secrets.token_hex(10),
               "state": "needs_confirmation" if is_act else "parked", "parked_at": iso(), "until": time.time() + within,
               **dict.fromkeys(["finished_at", "took_ms", "problem", "look_at"]), "tried": held and held["exchanged_at"]}
        # `tried` names the session it was last tried with: a call waits for another one.
        def known(db=None):  # by its key; the same read that waits already, waits once
            alike = [same for same in calls(db) if same["name"] == name and (
                same["key"] == key or not is_act and (same["given"], same["state"]) == (given, "parked"))]
            return alike[0] if alike else None
        before = known()
        if before and before["given"] != given: raise ValueError("this key is another call's")
        if before and before["state"] == "done": return before["result"]
        if before and before["finished_at"]: raise RuntimeError(f"call {before['number']} is {before['state']}")
        try:
            if held and not before: return attempt(one, held, function)
        except AuthRequired: doubt(held)
        with store() as db:
            before = known(db) or save({**one, "number": (calls(db) or [{"number": 0}])[-1]["number"] + 1}, db)
        raise AuthRequired(before["number"])
    return call

def whose(function, is_act):
    """What tells a function from another of its name; two orders of one text may still be for two things."""
    inside = [getattr(function, name, None) for name in ("__defaults__", "__closure__") if is_act]
    return [function.__module__, function.__qualname__, *inside]

def attempt(one, held, function):
    args, named = json.loads(one["given"])
    return ask(function, held["made"], *([one["key"]] if one["is_act"] else []), *args, **named)

def ask(function, *args, **named):
    """Runs a function of yours; AuthRequired where the broker says that the session is gone."""
    try: result = function(*args, **named)
    except Exception as error:
        if meaning(error)[0] == "token_spent": raise AuthRequired() from error
        raise
    if inspect.isawaitable(result) or inspect.isgenerator(result): raise TypeError("async or yield: nothing of it ran")
    # Breeze's client returns its errors, and so does Kite's own JSON.
    if isinstance(result, dict) and not ENDED.isdisjoint(str(result.get(name)) for name in ("Error", "error_type")):
        raise AuthRequired()
    return result

def in_time(name, function, *args, seconds=None):
    """Runs a function of yours in a thread of its own: that one can be left where it never comes back."""
    came, seconds = {}, seconds or int(setting("TIMEOUT", "60"))
    def run():
        try: came["result"] = function(*args)
        except BaseException as error: came["error"] = error
    # In the context of its caller, since Flask keeps its current_app there.
    thread = threading.Thread(target=contextvars.copy_context().run, args=[run], daemon=True)
    thread.start()
    thread.join(seconds)
    if "error" in came: raise came["error"]
    if "result" not in came: raise Late(f"{name} has not come back within {seconds} seconds")
    return came["result"]

def refuses(result):
    """True for a broker's answer that was given back and says that the call failed."""
    if getattr(result, "ok", getattr(result, "is_success", True)) is False: return True  # of requests, of httpx
    if not isinstance(result, dict): return False
    return result.get("status") == "error" or isinstance(result.get("Error"), str) and result["Error"] != ""

def calls(db=None):
    """The calls that were parked, oldest first, as dicts for your page: number, name, given, state, result, …"""
    return select("call:*", db)

def save(one, db): return keep(f"call:{one['number']:09}", one, db)
def lost():
    """What becomes of a call whose outcome is not known. A broker may list an order seconds late: it is looked up then."""
    unknown = "outcome unknown; it is not sent again"
    return {"state": "failed", "problem": unknown, "finished_at": iso(), "look_at": time.time() + 5, "tried": None}

def confirm(number): return decide(number, {"state": "queued", "tried": None})
def cancel(number): return decide(number, {"state": "cancelled", "finished_at": iso()})
def decide(number, facts):
    """A person's word on a call that acts; False where it comes too late, or came before."""
    with store() as db:  # a form's number is a text
        may = [one for one in calls(db) if (str(one["number"]), one["state"]) == (str(number), "needs_confirmation")
               and one["until"] > time.time()]
        for one in may: save({**one, **facts}, db)
    WAKE.set()
    return bool(may)

# The work of the process that leads.

def start():
    """Takes part in the work. The first message calls it; call it yourself to begin with your program."""
    with GUARD:
        if WORKER.get("pid") == os.getpid(): return  # a forked process starts its own
        WORKER["pid"] = os.getpid()
    if trouble(): logging.getLogger("opening_bell").error("Opening Bell answers nothing yet: %s", trouble())
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    atexit.register(lambda: (STOP.set(), WAKE.set(), thread.join(10)))

def work():
    while not STOP.wait(0.5):
        try:
            with store("lead", wait=0): lead(SimpleNamespace(session=None))
        except Refused: pass  # another process leads
        except BaseException as error:  # whatever your functions raise, SystemExit too: nobody else does this work
            blame("the worker failed", error)
            STOP.wait(5)  # else a full disk fills faster

def lead(me):
    """Works until the program ends; `me` holds the session on which the feed runs."""
    with store() as db:  # what was running in a process that died
        for one in calls(db):
            facts = lost() if one["is_act"] else {"state": "parked", "tried": None}
            if one["state"] == "running": save({**one, **facts}, db)
    try:
        while not STOP.is_set():
            prove(living())
            follow(living(), me)
            while not STOP.is_set() and run_next(living()): pass
            WAKE.wait(0.5)
            WAKE.clear()
    finally: follow(None, me)

def prove(held):
    """Asks the broker whether the session lives: when it is new or in doubt, then every five minutes."""
    if not held or 0 < held.get("proof_due", 0) - time.time() < 301: return  # further off after the clock was set back
    try:
        said = in_time("verify", ask, YOURS["verify"], held["made"])
        if said is False: raise AuthRequired()
        if refuses(said): raise RuntimeError(f"verify gave back an error: {said}"[:300])
        change(held, state="verified", verified_at=iso(), problem=None, proof_due=time.time() + 300)
    except AuthRequired: change(held, state="rejected", problem="the broker refuses it")
    except BaseException as error:
        change(held, problem=blame("verify failed", error, held["made"]), proof_due=time.time() + 10)

# In doubt until it is verified again.
def doubt(held): change(held, state="exchanged", proof_due=0)
def change(held, **facts):
    with store() as db:
        now = kept("session", db)
        if now["exchanged_at"] == held["exchanged_at"]: keep("session", {**now, **facts}, db)
    WAKE.set()

def follow(held, me):
    """Stops the feed of another session, or one that was refused half a minute ago, and starts it on this session."""
    old = me.session
    is_refused = old and me.told["state"] == "refused" and time.monotonic() > me.at + 30
    if old and (not held or old["exchanged_at"] != held["exchanged_at"] or is_refused):
        me.session = keep("feed", None)
        try: in_time("the function that stops the feed", me.stop)
        except BaseException as error: blame("the feed could not be stopped", error, old["made"])
    if not held or me.session or "feed" not in YOURS: return
    me.session, me.told, me.at, me.stop = held, {**OFF, "of": held["exchanged_at"]}, 0, lambda: None
    def tell(state, problem=None):
        if state not in FEED: raise ValueError(f"tell says {' or '.join(sorted(FEED))}, and no {state!r}")
        if me.session is not held or state == me.told["state"] == "live" and time.monotonic() < me.at + 1: return
        problem = problem and hide(str(problem), held["made"])
        ticks = {"first_tick_at": me.told["first_tick_at"] or iso(), "last_tick_at": iso()} if state == "live" else {}
        me.at, me.told = time.monotonic(), keep("feed", {**me.told, **ticks, "state": state, "problem": problem})
    def run():
        try: stop = YOURS["feed"](held["made"], tell)
        except BaseException as error:
            return tell("refused", blame("the feed could not be started", error, held["made"]))
        if me.session is held: me.stop = stop or me.stop
        elif stop: stop()  # it came back after its session was over
    tell("connecting")
    try: in_time("feed", run, seconds=10)
    except Late as late: tell(me.told["state"], f"{blame('feed', late)}: let it start the feed, and not wait for it")

def run_next(held):
    """Runs the oldest call that may run; True where there was one."""
    with store() as db:
        for one in calls(db):
            if one["state"] in ("parked", "queued", "needs_confirmation") and one["until"] < time.time():
                save({**one, "state": "stale", "finished_at": iso()}, db)
        ready = [one for one in calls(db) if held and held["state"] == "verified" and one["tried"] != held["exchanged_at"]
                 and one["name"] in CALLS
                 and (one["look_at"] < time.time() if one.get("look_at") else one["state"] in ("parked", "queued"))]
        if not ready: return False
        is_lost = bool(ready[0].get("look_at"))
        one = save({**ready[0], "tried": held["exchanged_at"], **({} if is_lost else {"state": "running"})}, db)
    call, began = CALLS[one["name"]], time.time()
    try:
        if is_lost: result = in_time("look_up", ask, call.look_up, held["made"], one["key"])
        else: result = in_time(one["name"], attempt, one, held, call.function)
        if refuses(result): raise RuntimeError(f"the broker's answer is an error: {result}"[:300])
        facts = {"look_at": None, **({} if is_lost and result is None else ended(one, result))}
    except AuthRequired:
        doubt(held)
        facts = {} if is_lost else {"state": "needs_confirmation" if one["is_act"] else "parked"}
    except BaseException as error:
        words = blame(f"{one['name']} failed", error, held["made"])
        is_clear = not one["is_act"] or type(error).__name__ in REFUSALS
        facts = {} if is_lost else {"state": "failed", "problem": words} if is_clear else lost()
    if facts.get("state") in ("done", "failed"): facts.update(finished_at=iso(), took_ms=int(1000 * (time.time() - began)))
    with store() as db: save({**one, **facts}, db)
    return True

def ended(one, result):
    """How a call ends that gave a result; one that cannot be kept is no reason to run it again."""
    try: json.dumps(result, default=str)
    except (TypeError, ValueError, RecursionError):
        return {"state": "done" if one["is_act"] else "failed", "result": None, "problem": "its result is no JSON"}
    return {"state": "done", "problem": None, "result": result}

# The store.

@contextmanager
def store(name="db", wait=30):
    """One transaction in a SQLite file, which all processes share. On a file of its own it serves as a lock."""
    folder = os.path.join(setting("FOLDER", os.path.dirname(os.path.abspath(__file__))), ".opening-bell")
    file = os.path.join(folder, re.sub(r'[\\/:*?"<>|]', "_", f"{account()}.{name}"))
    with GUARD:  # since closing a file ends every lock that its process has on it
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not os.path.exists(file): os.close(os.open(file, os.O_CREAT, 0o600))
    db = sqlite3.connect(file, timeout=wait, isolation_level=None)
    try:
        try: db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error: raise Refused("in_progress") if "locked" in str(error) else error
        db.execute("CREATE TABLE IF NOT EXISTS kept (name PRIMARY KEY, value, changed)")
        yield db
        db.execute("COMMIT")
    finally: db.close()

def select(pattern, db=None):
    """What is kept under such names; what is kept as None is forgotten."""
    with nullcontext(db) if db else store() as db:
        found = db.execute("SELECT value FROM kept WHERE name GLOB ? AND value != 'null' ORDER BY name", [pattern])
        return [json.loads(value) for value, in found]

def kept(name, db=None): return (select(name, db) or [None])[0]

def keep(name, value, db=None):
    with nullcontext(db) if db else store() as db:
        db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", [name, json.dumps(value, default=str), time.time()])
    return value

def sign(id, at, body):
    signed = hmac.digest(base64.b64decode(setting("SECRET")[6:]), f"{id}.{at}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(signed).decode()

def iso(at=None):
    return datetime.fromtimestamp(at or time.time(), timezone.utc).isoformat(timespec="milliseconds")[:-6] + "Z"

def moment(text):
    """Epoch seconds of a time of the contract: in UTC, with Z."""
    if not re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text): raise ValueError("no time of the contract")
    return datetime.strptime(text[:19] + "+0000", "%Y-%m-%dT%H:%M:%S%z").timestamp() + float(f"0{text[19:-1]}")

def next_hour(hour):
    now = datetime.now(INDIA)
    end = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (end if end > now else end + timedelta(days=1)).timestamp()

def blame(what, error, *hidden):
    """Writes a fault of your code into the log, without what is secret in it; gives words for the person."""
    words = str(error) if isinstance(error, Late) else f"{what}; the log says why"
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    logging.getLogger("opening_bell").error("%s\n%s", what, hide(text, list(hidden)))
    return words

def hide(text, secret):
    """The text without any text that is in `secret`, however deep."""
    if isinstance(secret, str): return text.replace(secret, "…") if len(secret) > 3 else text
    parts = secret.values() if isinstance(secret, dict) else secret if isinstance(secret, list) else []
    return functools.reduce(hide, parts, text)
