"""The flow of five requests as a declarative plan of k9. FLOWS_PER_USER, USERS and TARGET in the environment."""

import os

import k9.plan as p

TARGET = os.environ["TARGET"]
COMMON = {"X-XSRF-Header": "PingFederate", "Accept": "application/json", "User-Agent": "bench"}
START = (
    "/as/authorization.oauth2?client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid"
    f"&state={'s' * 24}&code_challenge={'c' * 43}&code_challenge_method=S256"
)
FLOW = f"{TARGET}/pf-ws/authn/flows/{p.var('flow')}"


def act(action, body, **more):
    headers = {**COMMON, "Content-Type": f"application/vnd.pingidentity.{action}+json"}
    return p.post(FLOW, name=action, headers=headers, body=body, **more)


plan = p.Plan(
    [
        p.get(TARGET + START, name="start", headers=COMMON, extract={"flow": p.from_json("$.id")}),
        act("checkUsernamePassword", '{"username":"maria.lopez.0042","password":"xxxxxxxxxxxxxxxx"}'),
        act("authenticate", '{"mobilePayload":"' + "m" * 340 + '"}'),
        act("continueAuthentication", "{}", extract={"code": p.from_json("$.authorizeResponse.code")}),
        p.post(
            TARGET + "/as/token.oauth2",
            name="token",
            headers={**COMMON, "Content-Type": "application/x-www-form-urlencoded"},
            body=f"grant_type=authorization_code&code={p.var('code')}&client_id=pairstorm&code_verifier={'v' * 43}",
        ),
    ],
    options={
        "scenarios": {
            "flows": {
                "executor": "per-vu-iterations",
                "vus": int(os.environ["USERS"]),
                "iterations": int(os.environ["FLOWS_PER_USER"]),
                "maxDuration": "10m",
            }
        }
    },
)
