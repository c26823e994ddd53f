package io.adaptermill.serving;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/// Asks like any OpenAI client.
final class ChatClient implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI completions;

    ChatClient(URI base) {
        completions = base.resolve("/v1/chat/completions");
    }

    HttpResponse<String> ask(String body, Optional<String> key) {
        return ask(body, key, Optional.empty());
    }

    HttpResponse<String> ask(String body, Optional<String> key, Optional<String> conversation) {
        HttpRequest.Builder request = HttpRequest.newBuilder(completions)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        conversation.ifPresent(name -> request.header("Adaptermill-Conversation", name));
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("a request must be answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static String body(String model, int tokens, boolean stream) {
        return """
                {"model":"%s","max_tokens":%d,"stream":%b,"messages":[{"role":"user","content":"Hi"}]}""".formatted(model, tokens, stream);
    }

    @Override
    public void close() {
        http.close();
    }
}
