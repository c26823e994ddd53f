#!/usr/bin/env python
"""The Python programs of bench/step.sh: transformers + PEFT (+ bitsandbytes), one process each.

    peers.py convert MODEL.gguf FOLDER          the same weights as a Hugging Face folder, bfloat16
    peers.py serve MODE FOLDER TOKENS THREADS   MODE bf16 (PEFT LoRA) or nf4 (PEFT + bitsandbytes NF4, double quantisation)

`serve` says `ready`, then reads commands and answers each with `ms=... cpu_ms=... loss=...` on one line:
    step SEQUENCES LENGTH INDEX     one optimizer step, all tokens labelled
    dpo PAIRS LENGTH INDEX          one DPO step, reference by the same model with its adapter off, as TRL does
    tenants COUNT LENGTH INDEX      one step of 1 x LENGTH for each tenant, set_adapter between
    peak                            peak_mb=...
    quit
"""
import os
import resource
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
RANK = 8
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def convert(gguf, folder):
    import torch
    from transformers import AutoModelForCausalLM

    place, name = os.path.split(os.path.abspath(gguf))
    model = AutoModelForCausalLM.from_pretrained(place, gguf_file=name, dtype=torch.bfloat16)
    # The weights are plain bfloat16 by now, but newer transformers still take them for quantised ones and would not save.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(folder)


def base(mode, folder):
    import torch
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    if mode == "bf16":
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16)
    else:
        from peft import prepare_model_for_kbit_training

        quantised = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16)
        model = AutoModelForCausalLM.from_pretrained(
            folder, quantization_config=quantised, dtype=torch.bfloat16, device_map={"": "cpu"})
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    model.config.use_cache = False
    return model


class Peer:
    def __init__(self, mode, folder, tokens, threads):
        import torch
        from peft import LoraConfig, get_peft_model

        torch.set_num_threads(threads)
        self.torch = torch
        self.tokens = torch.tensor([int(line) for line in open(tokens)])
        self.lora = LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=TARGETS, task_type="CAUSAL_LM")
        self.model = get_peft_model(base(mode, folder), self.lora, adapter_name="t0")
        self.model.train()
        self.optimizers = [self.optimizer(0)]

    def optimizer(self, tenant):
        own = [p for name, p in self.model.named_parameters() if f".t{tenant}." in name]
        return self.torch.optim.AdamW(own, lr=1e-4)

    def batch(self, sequences, length, index):
        size = sequences * length
        first = index % (len(self.tokens) // size) * size
        return self.tokens[first:first + size].view(sequences, length)

    def learn(self, loss, tenant=0):
        loss.backward()
        self.optimizers[tenant].step()
        self.optimizers[tenant].zero_grad()
        return loss.item()

    def step(self, sequences, length, index):
        x = self.batch(sequences, length, index)
        return self.learn(self.model(input_ids=x, labels=x).loss)

    def dpo(self, pairs, length, index):
        x = self.batch(2 * pairs, length, index)
        with self.torch.no_grad(), self.model.disable_adapter():
            reference = self.likelihood(x)
        margin = self.likelihood(x) - reference
        loss = -self.torch.nn.functional.logsigmoid(0.1 * (margin[:pairs] - margin[pairs:])).mean()
        return self.learn(loss)

    def likelihood(self, x):
        logits = self.model(input_ids=x).logits[:, :-1].float()
        return self.torch.gather(logits.log_softmax(-1), 2, x[:, 1:, None]).squeeze(-1).sum(-1)

    def tenants(self, count, length, index):
        while len(self.optimizers) < count:
            tenant = len(self.optimizers)
            self.model.add_adapter(f"t{tenant}", self.lora)
            self.model.set_adapter(f"t{tenant}")
            self.optimizers.append(self.optimizer(tenant))
        loss = 0
        for tenant in range(count):
            self.model.set_adapter(f"t{tenant}")
            x = self.batch(1, length, index * count + tenant)
            loss += self.learn(self.model(input_ids=x, labels=x).loss, tenant)
        self.model.set_adapter("t0")
        return loss / count


def serve(mode, folder, tokens, threads):
    peer = Peer(mode, folder, tokens, int(threads))
    print("ready", flush=True)
    for line in sys.stdin:
        command, *numbers = line.split()
        if command == "quit":
            break
        if command == "peak":
            print(f"peak_mb={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}", flush=True)
            continue
        start, cpu = time.perf_counter(), time.process_time()
        loss = getattr(peer, command)(*map(int, numbers))
        millis = (time.perf_counter() - start) * 1e3
        print(f"ms={millis:.3f} cpu_ms={(time.process_time() - cpu) * 1e3:.1f} loss={loss:.4f}", flush=True)


if __name__ == "__main__":
    {"convert": convert, "serve": serve}[sys.argv[1]](*sys.argv[2:])
