"""The callback of the older FastAPI system: takes the login from the address and leads on to the dashboard, whatever came of it."""
import json, os
from urllib.request import urlopen
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

app = FastAPI()
broker = {"connected": False}

def ask(token):
    with urlopen(os.environ["PRACTICE_EXCHANGE"] + token) as answer: return json.load(answer)

@app.get("/api/auth/callback")
def callback(request_token: str, status: str, action: str):
    broker["connected"] = (status, action) == ("success", "login") and "user" in ask(request_token)
    return RedirectResponse("/dashboard")

@app.get("/api/status")  # not part of it: what its owner adds for more than "accepted"
def status():
    return {"broker": broker}

@app.get("/dashboard")
def dashboard():
    return ask("the-dashboard-was-opened")
