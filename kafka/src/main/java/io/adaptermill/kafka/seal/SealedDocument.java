package io.adaptermill.kafka.seal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// An event whose people's texts lie under their keys: wherever `subject` and `example` stood, `sealed`
/// stands.
///
/// Such an object is the event itself (`holdout.assigned`) or one of its `items` or `replayed` (`batch.closed`). What
/// nobody is named for stays in clear, since nobody could ask for it to be forgotten.
public final class SealedDocument {
    private static final String ITEMS = "items";
    private static final String REPLAYED = "replayed";
    private static final String EVENT = "event";
    private static final String SUBJECT = "subject";
    private static final String EXAMPLE = "example";
    private static final String SEALED = "sealed";

    private SealedDocument() {}

    /// What came of opening.
    ///
    /// @param json the event in clear, without what was erased; as it was if all of it is gone
    /// @param erased events whose keys are destroyed
    /// @param isGone whether nothing is left that could be learned or judged by
    public record Opened(byte[] json, List<EventId> erased, boolean isGone) {
        public Opened {
            erased = List.copyOf(erased);
        }
    }

    /// @param keys a person's key, made if they had none
    public static byte[] seal(
            String topic, TenantId tenant, byte[] json, Function<SubjectId, SubjectKey> keys, Seal seal) {
        ObjectNode root = tree(json);
        for (ObjectNode bearer : bearers(root)) {
            if (!bearer.has(SUBJECT) || !bearer.has(EXAMPLE)) continue;
            SubjectKey key = keys.apply(new SubjectId(bearer.path(SUBJECT).asText()));
            ObjectNode secret = EventJson.mapper().createObjectNode();
            secret.set(SUBJECT, bearer.remove(SUBJECT));
            secret.set(EXAMPLE, bearer.remove(EXAMPLE));
            Sealed sealed = seal.seal(key, place(topic, tenant, bearer), EventJson.write(secret));
            bearer.set(SEALED, EventJson.mapper().valueToTree(sealed));
        }
        return EventJson.write(root);
    }

    /// @throws Tampered if a text was not sealed for this place
    /// @throws IllegalArgumentException if the document is not one
    public static Opened open(String topic, TenantId tenant, byte[] json, KeyRing ring) {
        ObjectNode root = tree(json);
        List<EventId> erased = new ArrayList<>();
        if (!root.has(ITEMS)) {
            boolean isOpen = open(topic, tenant, root, ring);
            if (!isOpen) erased.add(event(root));
            return new Opened(isOpen ? EventJson.write(root) : json, erased, !isOpen);
        }
        ArrayNode items = opened(topic, tenant, bearers(root, ITEMS), ring, erased);
        ArrayNode replayed = opened(topic, tenant, bearers(root, REPLAYED), ring, erased);
        if (items.isEmpty()) return new Opened(json, erased, true);
        root.set(ITEMS, items);
        if (replayed.isEmpty()) root.remove(REPLAYED);
        else root.set(REPLAYED, replayed);
        return new Opened(EventJson.write(root), erased, false);
    }

    private static ArrayNode opened(
            String topic, TenantId tenant, List<ObjectNode> bearers, KeyRing ring, List<EventId> erased) {
        ArrayNode kept = EventJson.mapper().createArrayNode();
        for (ObjectNode bearer : bearers) {
            if (open(topic, tenant, bearer, ring)) kept.add(bearer);
            else erased.add(event(bearer));
        }
        return kept;
    }

    /// A sealed text of a document.
    ///
    /// @param subject whose it is; absent if their key is destroyed
    public record Text(Place place, Sealed sealed, Optional<SubjectId> subject) {}

    /// @throws Tampered if a text was not sealed for this place
    public static List<Text> texts(String topic, TenantId tenant, byte[] json, KeyRing ring) {
        List<Text> texts = new ArrayList<>();
        for (ObjectNode bearer : bearers(tree(json))) {
            if (!bearer.has(SEALED)) continue;
            Place place = place(topic, tenant, bearer);
            Sealed sealed = sealed(bearer);
            texts.add(new Text(
                    place,
                    sealed,
                    Seal.open(ring, place, sealed)
                            .map(plain ->
                                    new SubjectId(tree(plain).path(SUBJECT).asText()))));
        }
        return List.copyOf(texts);
    }

    /// The keys that its texts lie under.
    public static List<KeyId> keys(byte[] json) {
        return bearers(tree(json)).stream()
                .filter(bearer -> bearer.has(SEALED))
                .map(bearer -> sealed(bearer).key())
                .distinct()
                .toList();
    }

    private static boolean open(String topic, TenantId tenant, ObjectNode bearer, KeyRing ring) {
        if (!bearer.has(SEALED)) return true;
        Optional<byte[]> plain = Seal.open(ring, place(topic, tenant, bearer), sealed(bearer));
        if (plain.isEmpty()) return false;
        bearer.remove(SEALED);
        bearer.setAll(tree(plain.get()));
        return true;
    }

    private static Sealed sealed(ObjectNode bearer) {
        try {
            return EventJson.mapper().treeToValue(bearer.get(SEALED), Sealed.class);
        } catch (IOException e) {
            throw new IllegalArgumentException("a sealed text must have key, nonce and ciphertext", e);
        }
    }

    private static Place place(String topic, TenantId tenant, ObjectNode bearer) {
        return new Place(tenant, topic, event(bearer));
    }

    private static List<ObjectNode> bearers(ObjectNode root) {
        if (!root.has(ITEMS)) return List.of(root);
        return Stream.of(ITEMS, REPLAYED)
                .flatMap(name -> bearers(root, name).stream())
                .toList();
    }

    private static List<ObjectNode> bearers(ObjectNode root, String name) {
        List<ObjectNode> bearers = new ArrayList<>();
        for (JsonNode item : root.path(name)) {
            if (item instanceof ObjectNode object) bearers.add(object);
        }
        return bearers;
    }

    private static EventId event(ObjectNode bearer) {
        return new EventId(bearer.path(EVENT).asText());
    }

    private static ObjectNode tree(byte[] json) {
        try {
            if (EventJson.mapper().readTree(json) instanceof ObjectNode object) return object;
        } catch (IOException e) {
            throw new UncheckedIOException("a sealed document must be JSON", e);
        }
        throw new IllegalArgumentException("a sealed document must be a JSON object");
    }
}
