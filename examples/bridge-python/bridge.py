"""A bridge (docs/bridge.md) in Python's standard library. The simulator stands in for phones here: what `phones` does is
what yours does with Ping's SDK, emulators (Appium, adb) or a device farm.

    python3 bridge.py PORT http://127.0.0.1:9031
"""
import base64
import json
import os
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, TARGET = int(sys.argv[1]), sys.argv[2]
TOKEN = os.environ.get("BRIDGE_TOKEN")
GREETING = {"version": 1, "can": ["payload", "pair", "fail_pairing", "decide", "code", "reset"]}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy


def payload_of(phone, nonce, integrity):
    """The SDK's generateMobilePayload. The simulator reads this form; PingOne believes only Ping's SDK."""
    fields = {"version": 1, **phone, "integrity": integrity, "nonce": nonce}
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


def phones(path, body):
    """Asks the phone's side; its answer becomes the bridge's: a status and a body, with a code where it failed."""
    request = urllib.request.Request(
        f"{TARGET}/phone{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with OPENER.open(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def payload(asked):
    return 200, json.dumps({"mobilePayload": payload_of(asked["user"]["phone"], asked["flow"], "ok")}).encode()


def pair(asked):
    integrity = "broken" if asked["fail"] else "ok"
    mobile_payload = payload_of(asked["user"]["phone"], asked["flow"] + ".pair", integrity)
    status, text = phones("/pair", {"serverPayload": asked["serverPayload"], "mobilePayload": mobile_payload})
    return (204, b"") if asked["fail"] and status == 400 else (status, text)  # it was to fail, and did


HANDLERS = {
    "/payload": payload,
    "/pair": pair,
    "/decide": lambda asked: phones("/decide", {"deviceId": asked["deviceId"], "decision": asked["decision"]}),
    "/code": lambda asked: phones("/code", {"deviceId": asked["deviceId"]}),
    "/reset": lambda asked: phones("/reset", {"username": asked["user"]["username"]}),
}


class Bridge(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open

    def end(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if TOKEN and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.end(401, b'{"code":"UNAUTHORIZED"}')
        if self.path == "/capabilities":
            return self.end(200, json.dumps(GREETING).encode())
        if self.path not in HANDLERS:
            return self.end(404, b'{"code":"NOT_FOUND"}')
        try:
            status, text = HANDLERS[self.path](json.loads(body))
        except Exception as error:  # the code reaches the report, the message stays here
            print(error, file=sys.stderr)
            status, text = 500, b'{"code":"BRIDGE_FAILED"}'
        return self.end(status, text)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


ThreadingHTTPServer.request_queue_size = 128
print(f"bridge on http://127.0.0.1:{PORT}", flush=True)
ThreadingHTTPServer(("127.0.0.1", PORT), Bridge).serve_forever()
