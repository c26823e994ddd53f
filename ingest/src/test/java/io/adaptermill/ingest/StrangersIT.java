package io.adaptermill.ingest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/// What those are told who knock at the wrong door.
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class StrangersIT {
    @Test
    void whoever_has_no_key_of_a_tenant_is_told_what_to_do() {
        given().header("Authorization", "Bearer nobody")
                .contentType("application/json")
                .body("{}")
                .post("/v1/feedback")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .body("code", equalTo("unauthenticated"))
                .body("nextStep", startsWith("Send the tenant's key"));
    }

    @Test
    void an_address_that_does_not_exist_names_those_that_do() {
        given().body("{}")
                .post("/v1/feedbacks")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("not-found"))
                .body("nextStep", startsWith("Use /v1/feedback"));
    }

    @Test
    void feedback_cannot_be_read_here() {
        given().get("/v1/feedback")
                .then()
                .statusCode(405)
                .contentType("application/problem+json")
                .header("Allow", "POST")
                .body("code", equalTo("method-not-allowed"));
    }
}
