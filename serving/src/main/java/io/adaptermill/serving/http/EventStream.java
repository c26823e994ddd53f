package io.adaptermill.serving.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adaptermill.lora.generate.GenerationResult;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.serving.chat.AnswerHead;
import io.adaptermill.serving.chat.CompletionChunk;
import io.adaptermill.serving.engine.Ticket;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A streamed answer as server-sent events, the last one `[DONE]`.
///
/// A client that goes away stops the decoding at the next token. An engine that fails in the middle ends
/// the stream with an error object and without `[DONE]`, as OpenAI does: the status has long been sent.
final class EventStream implements StreamingOutput {
    private static final JsonMapper JSON = EventJson.mapper();

    private final Answering answering;
    private final AnswerHead head;
    private final boolean includeUsage;
    private final Ticket.Piece first;

    EventStream(Answering answering, AnswerHead head, boolean includeUsage, Ticket.Piece first) {
        this.answering = answering;
        this.head = head;
        this.includeUsage = includeUsage;
        this.first = first;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        try {
            send(out, CompletionChunk.opening(head));
            Ticket.Piece piece = first;
            while (relay(out, piece)) piece = answering.next();
        } catch (IOException e) {
            answering.cancel();
            throw e;
        } catch (InterruptedException e) {
            answering.cancel();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the replica is closing");
        }
    }

    /// @return whether more is to come
    private boolean relay(OutputStream out, Ticket.Piece piece) throws IOException {
        return switch (piece) {
            case Ticket.Piece.Text(String text) -> {
                send(out, CompletionChunk.text(head, text));
                yield true;
            }
            case Ticket.Piece.Done(GenerationResult result) -> {
                send(out, CompletionChunk.finish(head, result));
                if (includeUsage) send(out, CompletionChunk.usage(head, result));
                write(out, "[DONE]".getBytes(StandardCharsets.UTF_8));
                answering.finished(result);
                yield false;
            }
            case Ticket.Piece.Failed(RuntimeException cause) -> {
                send(out, Answering.refusal(cause).problem().body());
                yield false;
            }
        };
    }

    private static void send(OutputStream out, Object chunk) throws IOException {
        write(out, JSON.writeValueAsBytes(chunk));
    }

    private static void write(OutputStream out, byte[] data) throws IOException {
        out.write("data: ".getBytes(StandardCharsets.UTF_8));
        out.write(data);
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
