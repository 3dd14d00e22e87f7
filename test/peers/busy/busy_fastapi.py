"""A FastAPI app as many are: under a sub-application, with compression, foreign origins, and a logger."""
import logging
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from main import app as own

app = FastAPI()
app.add_middleware(GZipMiddleware, minimum_size=1)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])

@app.middleware("http")
async def look(request: Request, call_next):
    logging.getLogger("audit").info("%s %s", request.url.path, request.headers.get("content-length"))
    return await call_next(request)

app.mount("/bell", own)
