import trading  # yours: it names exchange, verify and the rest
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from opening_bell import receive, start

app = FastAPI(on_startup=[start])

@app.post("/session")
@app.post("/session/")
async def session(request: Request):
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[:8193]
    status, headers, text = await run_in_threadpool(receive, request.headers, body)
    return Response(text, status, headers)
