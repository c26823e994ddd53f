"""Makes trl-steps.json: losses of twenty optimizer steps by TRL's own trainers on the tiny llama, in float32.

The trainers collate, compare with the base by switching their own adapter off, and compute the loss; AdamW is torch's, the
cosine schedule transformers'. Conservative DPO is TRL's `aot` of one pair a step, which has the smoothed term that
`sigmoid` no longer has. ORPO's trainer imitates the prompt too, so its prompts are one token, which nobody predicts.
Made with torch 2.15.0, transformers 5.23.0, peft 0.21.2, trl 1.16.0.

    python make_steps_golden.py ../resources/golden/trl-steps.json
"""
import json
import sys
import tempfile

import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, get_cosine_schedule_with_warmup
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

from make_peft_golden import PLAIN, VOCABULARY, adapter, base, sequence

STEPS, RATE, DECAY = 20, 1e-2, 0.01
UNUSED = ["t1 t2", "t3 t4", "t5 t6"]  # a trainer wants a data set before it gives out its loss


def tokenizer():
    words = Tokenizer(models.WordLevel({f"t{i}": i for i in range(VOCABULARY)}, unk_token="t0"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=words, eos_token="t1", pad_token="t0", unk_token="t0")


def trainer(kind, config, columns, seed=2, **options):
    rows = Dataset.from_dict({c: [True] if c == "label" else [UNUSED[i]] for i, c in enumerate(columns)})
    args = config(output_dir=tempfile.mkdtemp(), per_device_train_batch_size=2, use_cpu=True, report_to=[], bf16=False,
                  gradient_checkpointing=False, max_length=64, **options)
    made = kind(model=base(), args=args, train_dataset=rows, processing_class=tokenizer(), peft_config=PLAIN)
    adapter(made.model, seed)
    return made


def losses(trainer, batches):
    """@param batches examples of the steps, over and over"""
    model = trainer.model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY)
    schedule = get_cosine_schedule_with_warmup(optimizer, 0, STEPS)
    result = []
    for step in range(STEPS):
        loss = trainer.compute_loss(model, trainer.data_collator(batches[step % len(batches)]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        result.append(loss.item())
    return result


def split(i):
    tokens, prompt = sequence(i)
    return tokens[:prompt], tokens[prompt:]


def sft():
    batches = [[{"input_ids": p + r, "labels": [-100] * len(p) + r} for p, r in map(split, group)]
               for group in ([0, 1, 2], [3, 1])]
    return losses(trainer(SFTTrainer, SFTConfig, ["prompt", "completion"]), batches)


def pair(prompt, other):
    return {"prompt_ids": split(prompt)[0], "chosen_ids": split(prompt)[1], "rejected_ids": split(other)[1]}


def dpo():
    return losses(trainer(DPOTrainer, DPOConfig, ["prompt", "chosen", "rejected"], beta=0.1),
                  [[pair(0, 3), pair(1, 2)], [pair(3, 0)]])


def dpo_smoothed():
    return losses(trainer(DPOTrainer, DPOConfig, ["prompt", "chosen", "rejected"], beta=0.1, loss_type=["aot"],
                          label_smoothing=0.2), [[pair(0, 3)], [pair(1, 2)], [pair(3, 0)]])


def rated(*ratings):
    responses = [split(i)[1] for i, _ in ratings]
    return [{"prompt_ids": split(i)[0], "completion_ids": r, "KL_completion_ids": other, "label": good}
            for (i, good), r, other in zip(ratings, responses, responses[-1:] + responses[:-1])]


def kto(**options):
    batches = [rated((0, True), (1, False), (2, True)), rated((3, False), (1, True))]
    return losses(trainer(KTOTrainer, KTOConfig, ["prompt", "completion", "label"], 8, beta=0.1, **options), batches)


def whole(chosen, rejected):
    row = {}
    for name, ids in (("chosen", chosen), ("rejected", rejected)):
        row |= {f"{name}_input_ids": ids, f"{name}_attention_mask": [1] * len(ids),
                f"{name}_labels": [-100] + ids[1:]}
    return row | {"prompt_input_ids": chosen[:1], "prompt_attention_mask": [1]}


def orpo():
    tokens = [sequence(i)[0] for i in range(4)]
    batches = [[whole(tokens[0], tokens[0][:1] + tokens[3][1:]), whole(tokens[1], tokens[1][:1] + tokens[2][1:])],
               [whole(tokens[3], tokens[3][:1] + tokens[0][1:])]]
    return losses(trainer(ORPOTrainer, ORPOConfig, ["prompt", "chosen", "rejected"], beta=0.3,
                          remove_unused_columns=False), batches)


if __name__ == "__main__":
    torch.manual_seed(0)
    result = {"sft": sft(), "dpo": dpo(), "dpoSmoothed": dpo_smoothed(), "kto": kto(),
              "ktoWeighted": kto(desirable_weight=0.75, undesirable_weight=1.5),
              "apoZero": kto(loss_type="apo_zero_unpaired"), "orpo": orpo()}
    with open(sys.argv[1], "w") as out:
        json.dump({k: [float(f"{x:.8g}") for x in v] for k, v in result.items()}, out, indent=1)
        out.write("\n")
