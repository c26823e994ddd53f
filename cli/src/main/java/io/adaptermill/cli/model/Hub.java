package io.adaptermill.cli.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;

/// The Hugging Face hub: one revision of one repository.
final class Hub {
    /// A hub that is there answers at once; a firewall never does.
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int OK = 200;
    private final String repository;

    Hub(String repository) {
        this.repository = repository;
    }

    boolean answers() {
        HttpRequest request = request("config.json")
                .timeout(PATIENCE)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = client()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void download(Path folder, LongConsumer progress) throws IOException, InterruptedException {
        long before = 0;
        try (HttpClient client = client()) {
            for (BaseModel.ModelFile file : BaseModel.HUB_FILES) {
                long offset = before;
                copy(
                        client,
                        request(file.name()).build(),
                        folder.resolve(file.name()),
                        done -> progress.accept(offset + done));
                before += file.size();
            }
        }
    }

    private HttpRequest.Builder request(String file) {
        return HttpRequest.newBuilder(URI.create(repository + BaseModel.HUB_REVISION + "/" + file));
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(PATIENCE)
                .build();
    }

    static void copy(HttpClient client, HttpRequest request, Path target, LongConsumer progress)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body();
                OutputStream out = Files.newOutputStream(target)) {
            if (response.statusCode() != OK) {
                throw new IOException(request.uri() + " answered " + response.statusCode());
            }
            byte[] buffer = new byte[1 << 16];
            long done = 0;
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                out.write(buffer, 0, n);
                done += n;
                progress.accept(done);
            }
        }
    }
}
