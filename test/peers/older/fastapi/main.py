"""The callback of the older FastAPI system: takes the login from the address and leads on to the dashboard."""
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

app = FastAPI()
received = []

@app.get("/api/auth/callback")
def callback(request_token: str, status: str, action: str):
    received.append({"request_token": request_token, "status": status, "action": action})
    return RedirectResponse("/dashboard")

@app.get("/dashboard")
def dashboard():
    received.append("the dashboard was opened")
    return {}

@app.get("/received")
def show():
    return {"received": received}
