package io.adaptermill.artifacts.signing;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.Digest;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// An OpenSSF model signature of a folder: an in-toto statement that lists every file with its sha256, in a DSSE
/// envelope, in a Sigstore bundle (v0.3) that names a public key. The reference tool verifies it:
/// `model_signing verify key FOLDER --signature FILE --public_key KEY`.
///
/// Source: OpenSSF Model Signing specification 1.0; in-toto Statement v1; Sigstore bundle v0.3.
public final class ModelSignature {
    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    static final String BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
    static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";
    private static final String SHA256 = "sha256";

    private ModelSignature() {}

    record Bundle(String mediaType, Material verificationMaterial, Dsse dsseEnvelope) {}

    record Material(PublicKey publicKey) {}

    record PublicKey(String hint) {}

    record Statement(
            @JsonProperty("_type") String type, List<Subject> subject, String predicateType, Predicate predicate) {}

    record Subject(String name, Map<String, String> digest) {}

    record Predicate(Serialization serialization, List<Resource> resources) {}

    record Serialization(
            String method,
            @JsonProperty("hash_type") String hashType,
            @JsonProperty("allow_symlinks") boolean allowSymlinks) {}

    record Resource(String name, String algorithm, String digest) {}

    /// @param model name of the folder
    /// @param files all of its files by name
    /// @return the bundle's JSON, the content of a `.sig` file
    /// @throws IllegalArgumentException if the key is none that model signatures know
    public static byte[] sign(String model, SortedMap<String, Digest> files, SigningKey key) {
        if (key.verifying().kind() != KeyKind.P256) {
            throw new IllegalArgumentException("models are signed with a P-256 key: openssl genpkey -algorithm EC"
                    + " -pkeyopt ec_paramgen_curve:P-256 -out KEY.pem");
        }
        List<Resource> resources = files.entrySet().stream()
                .map(file -> new Resource(file.getKey(), SHA256, file.getValue().hex()))
                .toList();
        Statement statement = new Statement(
                STATEMENT_TYPE,
                List.of(new Subject(model, Map.of(SHA256, root(resources)))),
                PREDICATE_TYPE,
                new Predicate(new Serialization("files", SHA256, false), resources));
        return EventJson.write(new Bundle(
                BUNDLE_TYPE,
                new Material(new PublicKey(key.verifying().hint())),
                Dsse.of(PAYLOAD_TYPE, EventJson.write(statement), key)));
    }

    /// @param files all of the folder's files, as they are now
    /// @throws IllegalArgumentException if this key did not sign these files, and no others; says what differs
    public static void verify(byte[] bundle, Map<String, Digest> files, VerifyingKey key) {
        byte[] payload = read(bundle, Bundle.class).dsseEnvelope().verified(PAYLOAD_TYPE, key);
        Statement statement = read(payload, Statement.class);
        require("_type", STATEMENT_TYPE, statement.type());
        require("predicateType", PREDICATE_TYPE, statement.predicateType());
        List<Resource> resources = statement.predicate().resources();
        if (statement.subject().size() != 1) {
            throw new IllegalArgumentException("the statement must have one subject, has "
                    + statement.subject().size());
        }
        require(
                "subject",
                root(resources),
                statement.subject().getFirst().digest().getOrDefault(SHA256, "nothing"));
        Map<String, Digest> signed = new HashMap<>();
        for (Resource resource : resources) {
            require("algorithm of " + resource.name(), SHA256, resource.algorithm());
            signed.put(resource.name(), new Digest("sha256:" + resource.digest()));
        }
        compare(signed, files);
    }

    private static <T> T read(byte[] json, Class<T> type) {
        try {
            return EventJson.read(json, type);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException("it is no Sigstore bundle with a model signature", e);
        }
    }

    private static void compare(Map<String, Digest> signed, Map<String, Digest> files) {
        signed.forEach((name, digest) -> {
            Digest is = files.get(name);
            if (is == null) throw new IllegalArgumentException("file " + name + " was signed and is missing");
            if (!is.equals(digest)) {
                throw new IllegalArgumentException(
                        "file " + name + " is not what was signed: " + is + ", signed was " + digest);
            }
        });
        files.keySet().stream()
                .filter(name -> !signed.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("file " + name + " was not signed");
                });
    }

    private static void require(String what, String wanted, String is) {
        if (!wanted.equals(is)) throw new IllegalArgumentException(what + " must be " + wanted + ", was " + is);
    }

    /// Of all digests one after the other, in the order of the names.
    private static String root(List<Resource> resources) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Resource resource : resources) bytes.writeBytes(HexFormat.of().parseHex(resource.digest()));
        return Digest.of(bytes.toByteArray()).hex();
    }
}
