package io.adaptermill.lora;

import io.adaptermill.lora.text.TextCodec;
import io.adaptermill.lora.train.Rendering;
import io.adaptermill.schemas.feedback.Prompt;

/// The base model's own chat template: what serving sends is what training and scoring saw.
record ChatRendering(TextCodec text) implements Rendering {
    @Override
    public int[] prompt(Prompt prompt) {
        return text.renderChat(prompt.messages(), TextCodec.Turn.ASSISTANT);
    }

    @Override
    public int[] response(String response) {
        return text.encodeReply(response);
    }
}
