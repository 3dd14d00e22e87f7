"""A small FastAPI program: `uvicorn main:app`. Three indices, a button that reads, one that would act, the calls that wait."""
import os, opening_bell, trading
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse

def only_own_page(sec_fetch_site: str = Header("")):
    """No other site's page may ask."""
    if sec_fetch_site != "same-origin":
        raise HTTPException(403)

app = FastAPI()
OWN = [Depends(only_own_page)]
opening_bell.start()

@app.post("/session")
async def session(request: Request):
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[:8193]
    status, headers, text = await run_in_threadpool(opening_bell.receive, request.headers, body)
    return Response(text, status, headers)

@app.exception_handler(opening_bell.AuthRequired)
async def waits(request, error):
    return JSONResponse(error.answer)

@app.get("/")
def page():
    return FileResponse(os.path.join(os.path.dirname(os.path.abspath(__file__)), "page.html"))

@app.get("/quotes", dependencies=OWN)
def quotes():
    return trading.quotes()

@app.get("/ticks", dependencies=OWN)
def ticks():
    return dict(trading.ticks)

@app.get("/profile", dependencies=OWN)
def profile():
    return trading.profile()

@app.post("/buy", dependencies=OWN)
def buy(idempotency_key: str = Header(...)):
    return trading.buy("NIFTYBEES", 1, key=idempotency_key)

@app.get("/calls", dependencies=OWN)
def calls():
    return opening_bell.calls()

@app.post("/calls/{number}/confirm", dependencies=OWN)
def confirm(number: int):
    return opening_bell.confirm(number)

@app.post("/calls/{number}/cancel", dependencies=OWN)
def cancel(number: int):
    return opening_bell.cancel(number)
