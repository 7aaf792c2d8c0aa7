/** Reading of weights in a generated `model.py`. */
export const LOAD_WEIGHTS = `def load_weights(model, path):
    """Reads a .safetensors file, or what torch.save wrote of a state_dict, into the model and returns it."""
    path = str(path)
    state = read_safetensors(path)[0] if path.endswith(".safetensors") else torch.load(path, map_location="cpu")
    missing, unknown = model.load_state_dict(state, strict=False)
    # a counter that nothing reads
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unknown:
        raise ValueError(f"{path} does not fit the model: missing {missing[:5]}, not known {unknown[:5]}")
    return model


DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
          "I64": torch.int64, "I32": torch.int32, "U8": torch.uint8}  # fmt: skip


def read_safetensors(path):
    """Tensors by name, and the texts that the file carries besides."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        body = bytearray(file.read())
    texts = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(body[begin:end], dtype=DTYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors, texts
`
