/** The part of a generated `train.py` that is the same for all networks. */
export const LOOP_SOURCE = `def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="mnist:DIR, fashion-mnist:DIR, cifar10:DIR, folder:DIR, npz:FILE, random")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--batch", type=int, default=BATCH, help="of all processes together")
    parser.add_argument("--lr", type=float, default=LEARNING_RATE)
    parser.add_argument("--weights", default=str(HERE / "weights.safetensors"), help="a file, or none")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."), help="folder for what is saved")
    parser.add_argument("--resume", action="store_true", help="go on from checkpoint.pt in --out")
    parser.add_argument("--validation", type=float, default=0.1, help="share kept back where there is no part for it")
    parser.add_argument("--limit", type=int, help="use only so many samples")
    parser.add_argument("--workers", type=int, default=0, help="processes that read data, for each that trains")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args()


def start_processes():
    """Joins the other processes when torchrun started this one; gives this one's device, number and their count."""
    if "WORLD_SIZE" not in os.environ:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu"), 0, 1
    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    return device, dist.get_rank(), dist.get_world_size()


def split(samples, validation, args):
    """Cuts down to --limit and keeps a share back for validation, the same in every process."""
    generator = torch.Generator().manual_seed(args.seed)
    order = torch.randperm(len(samples), generator=generator).tolist()[: args.limit]
    if validation is not None:
        return torch.utils.data.Subset(samples, order), validation
    kept = max(1, round(len(order) * args.validation)) if args.validation > 0 else 0
    subset = torch.utils.data.Subset
    return subset(samples, order[kept:]), subset(samples, order[:kept]) if kept else None


def gathered(values, device):
    """Sums over all processes."""
    total = torch.tensor(values, dtype=torch.float64, device="cpu" if device.type == "cpu" else device)
    if dist.is_initialized():
        dist.all_reduce(total)
    return total.tolist()


@torch.no_grad()
def evaluate(model, loader, prepare, device):
    """Loss and share of right answers; every process does a part."""
    model.eval()
    loss = right = count = 0.0
    for images, labels in loader:
        images, labels = prepare(images.to(device)), labels.to(device)
        logits = model(images)
        loss += float(loss_of(logits, labels)) * len(labels)
        right += float((logits.argmax(1) == labels).sum())
        count += len(labels)
    loss, right, count = gathered([loss, right, count], device)
    return loss / count, right / count


def write_safetensors(path, tensors, texts):
    header, body = {"__metadata__": texts} if texts else {}, []
    at = 0
    for name, tensor in tensors.items():
        tensor = tensor.detach().cpu().float().contiguous()
        data = ctypes.string_at(tensor.data_ptr(), 4 * tensor.numel())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(data)]}
        body.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(body))
    partial.replace(path)


def main():
    args = parse_arguments()
    device, rank, processes = start_processes()
    torch.manual_seed(args.seed + rank)
    samples, validation = split(*load_data(args.data), args)
    mean, std = MEAN, STD
    if NORMALIZATION == "standardize" and mean is None:
        mean, std = measure(samples)

    model, texts = build_model(), {}
    if args.weights != "none":
        load_weights(model, args.weights)
        if args.weights.endswith(".safetensors"):
            texts = read_safetensors(args.weights)[1]
    model = model.to(device)
    # the average of the weights is what is used in the end, where one is kept
    average = None if AVERAGE is None else {name: w.detach().clone() for name, w in model.named_parameters()}
    wrapped = nn.parallel.DistributedDataParallel(model) if processes > 1 else model
    optimizer = make_optimizer(model, args.lr)

    share = torch.utils.data.distributed.DistributedSampler
    sampler = share(samples, processes, rank, shuffle=True, seed=args.seed)
    batch = max(1, args.batch // processes)
    loading = dict(batch_size=batch, num_workers=args.workers, pin_memory=device.type == "cuda")
    loader = torch.utils.data.DataLoader(samples, sampler=sampler, **loading)
    tests = None
    if validation is not None:
        part = torch.utils.data.Subset(validation, range(rank, len(validation), processes))
        tests = torch.utils.data.DataLoader(part, **loading)

    def prepare(images):
        return normalize(images, mean, std)

    step = first = drops = waited = 0
    best = math.inf
    checkpoint = args.out / "checkpoint.pt"
    if args.resume and checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        average = saved["average"]
        step, first, drops, waited, best = (saved[name] for name in ("step", "epoch", "drops", "waited", "best"))

    for epoch in range(first, args.epochs):
        wrapped.train()
        sampler.set_epoch(epoch)
        began, total, count = time.time(), 0.0, 0
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            images = prepare({{augment}})
            rate = args.lr * rate_factor(step, len(loader), args.epochs, drops)
            for group in optimizer.param_groups:
                group["lr"] = rate
            loss = loss_of(wrapped(images), labels)
            optimizer.zero_grad()
            loss.backward()
            if CLIP is not None:
                nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimizer.step()
            if average is not None:
                keep = 0.0 if step == 0 else AVERAGE
                for name, weight in model.named_parameters():
                    average[name].mul_(keep).add_(weight.detach(), alpha=1 - keep)
            total += float(loss.detach()) * len(labels)
            count += len(labels)
            step += 1
        total, count = gathered([total, count], device)
        if not math.isfinite(total):
            raise SystemExit(f"the loss is {total} in epoch {epoch + 1}: start again with a smaller --lr")
        used = {**model.state_dict(), **(average or {})}
        line = f"epoch {epoch + 1}  loss {total / count:.4f}"
        if tests is not None:
            trained = {name: value.clone() for name, value in model.state_dict().items()}
            model.load_state_dict(used)
            loss, accuracy = evaluate(model, tests, prepare, device)
            model.load_state_dict(trained)
            line += f"  validation loss {loss:.4f}  accuracy {accuracy:.4f}"
            if loss < best * (1 - 1e-4):
                best, waited = loss, 0
            elif PATIENCE is not None:
                drops, waited = (drops, waited + 1) if waited < PATIENCE else (drops + 1, 0)
        if rank == 0:
            print(f"{line}  {count / (time.time() - began):.0f} samples/s", flush=True)
            args.out.mkdir(parents=True, exist_ok=True)
            kept = {name: value for name, value in used.items() if not name.endswith("num_batches_tracked")}
            write_safetensors(args.out / "trained.safetensors", kept, texts)
            state = dict(model=model.state_dict(), optimizer=optimizer.state_dict(), average=average)
            progress = dict(step=step, epoch=epoch + 1, drops=drops, waited=waited, best=best)
            torch.save({**state, **progress}, checkpoint)
    if dist.is_initialized():
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`
