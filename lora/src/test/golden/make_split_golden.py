"""Makes text-splits.json: what tokenizers makes of texts with the pre-tokenizers of Qwen2 and Llama 3, and transformers
of conversations with Llama 3's template.

    python make_split_golden.py ../resources/golden

Made with tokenizers 0.23.3, transformers 5.23.0. The vocabulary is the tiny model's, with some words more that its merges do not reach, so
that taking whole words first (Llama 3's ignore_merges) shows.
"""
import json, sys
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

OUT = sys.argv[1]
WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
TEXTS = ["Hello, world!", "It costs 1234567.89 dollars in 2026.", "tabs\tand\nnew\r\nlines\n\n\n  and   spaces  ", "   leading", "don't I'll we've THEY'RE", "the house of cards",
         "naïve café Ünïcödé", "combining e\u0301 and \ufffd", "日本語のテキスト", "🙂👍🏽", "x=1;\nfor(int i=0;i<10;i++){\n\tx*=i;\n}\n", "٣٤٥ ½ ² Ⅷ", "(the) _answer_ [user]", " \n \n", ""]
model = json.load(open(OUT + "/tiny-bf16/tokenizer.json"))["model"]
vocab = dict(model["vocab"])
for word in ["house of", "Ġcards", "456", "Ġworld"]: vocab.setdefault(word, len(vocab))
merges = [tuple(m) for m in model["merges"]]


def tokenizer(number, composed, whole):
    t = Tokenizer(models.BPE(vocab=vocab, merges=merges, ignore_merges=whole))
    if composed: t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(WORDS % number), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    return t


SPECIAL = ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
TEMPLATE = ("{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ "
            "message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}")
CHATS = [[("user", "Hi")], [("system", "Be brief."), ("user", "What is 12+30?")], [("user", "a"), ("assistant", "b"), ("user", "c 99")],
         [("user", "\n\n\u00a0starts and ends with spaces \u0085\u2003\n")], [("user", "日本語"), ("assistant", "\tok\n"), ("user", "(1\n2")]]


def chats():
    t = tokenizer("\\p{N}{1,3}", False, True)
    t.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in SPECIAL])
    fast = PreTrainedTokenizerFast(tokenizer_object=t, bos_token=SPECIAL[0], eos_token=SPECIAL[3], chat_template=TEMPLATE)
    out = []
    for chat in CHATS:
        messages = [{"role": r, "content": c} for r, c in chat]
        for prompt in (True, False):
            text = fast.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt)
            out.append({"messages": messages, "prompt": prompt, "ids": fast(text, add_special_tokens=False)["input_ids"]})
    return {"template": TEMPLATE, "control": {s: t.token_to_id(s) for s in SPECIAL}, "cases": out}


splits = {"QWEN2": tokenizer("\\p{N}", True, False), "LLAMA3": tokenizer("\\p{N}{1,3}", False, True)}
json.dump({"tokens": [t for t, _ in sorted(vocab.items(), key=lambda x: x[1])], "merges": [" ".join(m) for m in merges],
           "splits": {name: [{"text": x, "ids": t.encode(x, add_special_tokens=False).ids} for x in TEXTS] for name, t in splits.items()}, "llama3": chats()},
          open(OUT + "/text-splits.json", "w"))
print([splits["LLAMA3"].encode(x).tokens for x in TEXTS[:6]])
