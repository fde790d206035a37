"""The flow of five requests with Locust. FLOWS_PER_USER in the environment; the run ends when every user has played them."""

import os

from locust import FastHttpUser, HttpUser, constant
from locust.exception import StopUser

FLOWS = int(os.environ["FLOWS_PER_USER"])
COMMON = {"X-XSRF-Header": "PingFederate", "Accept": "application/json", "User-Agent": "bench"}
START = (
    "/as/authorization.oauth2?client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid"
    f"&state={'s' * 24}&code_challenge={'c' * 43}&code_challenge_method=S256"
)


def typed(action):
    return {**COMMON, "Content-Type": f"application/vnd.pingidentity.{action}+json"}


CHECK, AUTHENTICATE, CONTINUE = (
    typed(action) for action in ("checkUsernamePassword", "authenticate", "continueAuthentication")
)
FORM = {**COMMON, "Content-Type": "application/x-www-form-urlencoded"}
FIRST_FACTOR = '{"username":"maria.lopez.0042","password":"xxxxxxxxxxxxxxxx"}'
MOBILE_PAYLOAD = '{"mobilePayload":"' + "m" * 340 + '"}'

playing = 0


def flow(user):
    global playing
    client = user.client
    with client.get(START, name="start", headers=COMMON, catch_response=True) as answer:
        path = "/pf-ws/authn/flows/" + answer.json()["id"]
    client.post(path, FIRST_FACTOR, name="checkUsernamePassword", headers=CHECK)
    client.post(path, MOBILE_PAYLOAD, name="authenticate", headers=AUTHENTICATE)
    with client.post(path, "{}", name="continue", headers=CONTINUE, catch_response=True) as answer:
        code = answer.json()["authorizeResponse"]["code"]
    form = f"grant_type=authorization_code&code={code}&client_id=pairstorm&code_verifier={'v' * 43}"
    client.post("/as/token.oauth2", form, name="token", headers=FORM)
    user.left -= 1
    if user.left == 0:
        playing -= 1
        if playing == 0:
            user.environment.runner.quit()
        raise StopUser()


class Flow:
    """What both kinds of user share. Each keeps a cookie jar of its own without being told."""

    wait_time = constant(0)
    left = FLOWS
    tasks = [flow]

    def on_start(self):
        global playing
        playing += 1


class FlowFastHttpUser(Flow, FastHttpUser):
    pass


class FlowHttpUser(Flow, HttpUser):
    pass
