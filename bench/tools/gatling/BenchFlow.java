import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

/**
 * The flow of five requests with Gatling. System properties: target, users, flowsPerUser. Each user has its own
 * connections and cookies; Gatling only checks what the next request needs.
 */
public class BenchFlow extends Simulation {
  private static final String FLOW = "/pf-ws/authn/flows/#{id}";

  private final HttpProtocolBuilder protocol =
      http.baseUrl(System.getProperty("target"))
          .header("X-XSRF-Header", "PingFederate")
          .acceptHeader("application/json")
          .userAgentHeader("bench")
          .disableWarmUp()
          .disableFollowRedirect();

  private final ScenarioBuilder users =
      scenario("flow")
          .repeat(Integer.getInteger("flowsPerUser"))
          .on(
              exec(
                  http("start")
                      .get(
                          "/as/authorization.oauth2?client_id=pairstorm&response_type=code&response_mode=pi.flow"
                              + "&scope=openid&state=" + "s".repeat(24)
                              + "&code_challenge=" + "c".repeat(43) + "&code_challenge_method=S256")
                      .check(jsonPath("$.id").saveAs("id")),
                  act("checkUsernamePassword", "{\"username\":\"maria.lopez.0042\",\"password\":\"xxxxxxxxxxxxxxxx\"}"),
                  act("authenticate", "{\"mobilePayload\":\"" + "m".repeat(340) + "\"}"),
                  act("continueAuthentication", "{}")
                      .check(jsonPath("$.authorizeResponse.code").saveAs("code")),
                  http("token")
                      .post("/as/token.oauth2")
                      .header("Content-Type", "application/x-www-form-urlencoded")
                      .body(
                          StringBody(
                              "grant_type=authorization_code&code=#{code}&client_id=pairstorm&code_verifier="
                                  + "v".repeat(43)))));

  private static HttpRequestActionBuilder act(String action, String body) {
    return http(action)
        .post(FLOW)
        .header("Content-Type", "application/vnd.pingidentity." + action + "+json")
        .body(StringBody(body));
  }

  {
    setUp(users.injectOpen(atOnceUsers(Integer.getInteger("users")))).protocols(protocol);
  }
}
