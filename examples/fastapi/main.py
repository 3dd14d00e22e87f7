import trading  # yours: it names exchange, verify and the rest
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from opening_bell import AuthRequired, receive, start

app = FastAPI()
start()

@app.post("/session")
@app.post("/session/")
async def session(request: Request):
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[:8193]
    status, headers, text = await run_in_threadpool(receive, request.headers, body)
    return Response(text, status, headers)

@app.get("/quotes")
def quotes():
    return trading.quote("NSE:NIFTY 50", "NSE:NIFTY BANK", "BSE:SENSEX")

@app.exception_handler(AuthRequired)
async def waits(request, error):
    return JSONResponse(error.answer)
