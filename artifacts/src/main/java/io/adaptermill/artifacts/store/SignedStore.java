package io.adaptermill.artifacts.store;

import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactStore;
import io.adaptermill.artifacts.ArtifactUntrusted;
import io.adaptermill.artifacts.UserPath;
import io.adaptermill.artifacts.signing.ModelSignature;
import io.adaptermill.artifacts.signing.SigningKey;
import io.adaptermill.artifacts.signing.VerifyingKey;
import io.adaptermill.schemas.id.Digest;
import java.util.Optional;

/// A store that signs what it takes, or gives only what is signed. The signature lies beside the artifact, so that its
/// digest is the same whoever signs it, and when.
public final class SignedStore implements ArtifactStore {
    private final FileArtifactStore store;
    private final Optional<SigningKey> signing;
    private final Optional<VerifyingKey> trusted;

    private SignedStore(FileArtifactStore store, Optional<SigningKey> signing, Optional<VerifyingKey> trusted) {
        this.store = store;
        this.signing = signing;
        this.trusted = trusted;
    }

    /// @param signKey the setting `adaptermill.sign-key`: a private key, its public half beside it; absent where
    ///     nothing is signed
    /// @throws IllegalArgumentException if it is no such key
    public static SignedStore signing(FileArtifactStore store, Optional<String> signKey) {
        return new SignedStore(store, signKey.map(UserPath::of).map(SigningKey::read), Optional.empty());
    }

    /// @param verifyKey the setting `adaptermill.verify-key`: the public key of whoever must have signed; absent where
    ///     what is not signed may serve too
    /// @throws IllegalArgumentException if it is no such key
    public static SignedStore trusting(FileArtifactStore store, Optional<String> verifyKey) {
        return new SignedStore(
                store, Optional.empty(), verifyKey.map(UserPath::of).map(VerifyingKey::read));
    }

    @Override
    public Digest put(AdapterArtifact artifact) {
        Digest digest = store.put(artifact);
        signing.ifPresent(key -> sign(store, digest, key));
        return digest;
    }

    /// @throws ArtifactUntrusted if it is not signed by whom it must be
    @Override
    public AdapterArtifact get(Digest digest) {
        AdapterArtifact artifact = store.get(digest);
        trusted.ifPresent(key -> verify(store, digest, key));
        return artifact;
    }

    @Override
    public boolean contains(Digest digest) {
        return store.contains(digest);
    }

    /// Signs what is stored under a digest; a signature that it has is replaced.
    public static void sign(FileArtifactStore store, Digest digest, SigningKey key) {
        store.putSignature(digest, ModelSignature.sign(digest.hex(), store.proofs(digest), key));
    }

    /// Of the manifest, which proves every other file of the artifact.
    ///
    /// @throws ArtifactUntrusted if there is no signature, or not this key's over these files
    public static void verify(FileArtifactStore store, Digest digest, VerifyingKey key) {
        byte[] signature = store.signature(digest)
                .orElseThrow(() ->
                        new ArtifactUntrusted(digest, "it is not signed: there is no " + store.signatureFile(digest)));
        try {
            ModelSignature.verify(signature, store.proofs(digest), key);
        } catch (IllegalArgumentException e) {
            throw new ArtifactUntrusted(digest, "its signature does not hold: " + e.getMessage());
        }
    }
}
